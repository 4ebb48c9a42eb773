# wrong: np.round to four decimals.
# status: wrong
# mistake: rounded_to_4
import numpy as np


def mse_gradients(x, y, w, b):
    x, y = x.numpy(), y.numpy()
    error = w * x + b - y
    return np.round(2 * np.mean(error * x), 4), np.round(2 * np.mean(error), 4)
