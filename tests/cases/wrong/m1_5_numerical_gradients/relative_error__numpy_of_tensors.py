# wrong: np.max of a tensor raises, and the message speaks of arguments that were never written.
# status: raised
# mistake: numpy_of_tensors
import numpy as np


def relative_error(a, n):
    return np.max(np.abs(a - n) / (np.maximum(1e-12, np.abs(a) + np.abs(n))))
