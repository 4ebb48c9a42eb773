# wrong: returns after the first entry.
# status: wrong
# mistake: returned_in_the_loop
import numpy as np
import torch


def numerical_gradient(f, theta, h=1e-5):
    x = theta.numpy().copy()
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=[["readwrite"]])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = float(old) + h
        up = f(torch.from_numpy(x))
        x[ix] = old - h
        down = f(torch.from_numpy(x))
        grad[ix] = (up - down) / (2 * h)
        x[ix] = old
        it.iternext()

        return torch.from_numpy(grad)
