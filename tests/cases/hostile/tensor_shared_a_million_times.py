# attack: returns a list that names one tensor a million times
# expect: run_descent=wrong|raised|crashed|timeout
import torch


def run_descent(x, y, w_start, b_start, lr, steps):
    return [torch.zeros(1000)] * 10**6
