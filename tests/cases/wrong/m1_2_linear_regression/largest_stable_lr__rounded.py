# wrong: rounds the limit to three decimals.
# status: wrong
# mistake: rounded_to_3
import numpy as np


def largest_stable_lr(x):
    A = np.column_stack([x.numpy(), np.ones(len(x))])
    return round(1 / np.linalg.norm(A, ord=2) ** 2 * len(A), 3)
