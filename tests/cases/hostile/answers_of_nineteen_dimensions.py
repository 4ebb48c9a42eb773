# attack: returns half a million numbers in nineteen dimensions, so that an explanation of the shape looks along each of them
# expect: compute_grid=wrong run_descent=wrong fixed_bias_slice=wrong
import torch

answer = torch.zeros([2] * 19, dtype=torch.uint8)


def compute_grid(x, y, w_values, b_values):
    return answer


def run_descent(x, y, w_start, b_start, lr, steps):
    return answer


def fixed_bias_slice(x, y, w_values, b):
    return answer
