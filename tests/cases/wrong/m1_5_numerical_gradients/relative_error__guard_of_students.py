# wrong: the guard 1e-8 that many lecture notes use hides small gradients.
# status: wrong
# mistake: guard_too_large
import numpy as np


def relative_error(a, n):
    a, n = a.numpy(), n.numpy()
    return float(np.max(np.abs(a - n) / (np.maximum(1e-8, np.abs(a) + np.abs(n)))))
