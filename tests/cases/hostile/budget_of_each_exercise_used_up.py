# attack: takes 0.9 s for every call of every exercise, so that a limit that is counted for each process lasts as often as there are exercises
# expect: compute_grid=wrong|timeout run_descent=wrong|timeout fixed_bias_slice=wrong|timeout
import time

import torch


def compute_grid(x, y, w_values, b_values):
    time.sleep(0.9)
    return ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)


def run_descent(x, y, w_start, b_start, lr, steps):
    time.sleep(0.9)
    w, b, path = w_start, b_start, [(w_start, b_start)]
    for _ in range(steps):
        errors = w * x + b - y
        w, b = w - lr * 2 * torch.mean(errors * x).item(), b - lr * 2 * torch.mean(errors).item()
        path.append((w, b))
    return path


def fixed_bias_slice(x, y, w_values, b):
    time.sleep(0.9)
    return ((y - w_values[:, None] * x - b) ** 2).mean(dim=-1)
