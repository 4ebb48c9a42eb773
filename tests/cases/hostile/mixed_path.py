# attack: returns a path in which every entry is of another kind and size
# expect: run_descent=wrong|raised
import torch


def run_descent(x, y, w_start, b_start, lr, steps):
    odd = [None, (), [], {}, "\ud800", b"\xff", 1j, True, torch.zeros(2, 0), float("inf"), ((((),),),), 2**70]
    return [(odd[k % len(odd)], odd[-k % len(odd)]) for k in range(steps + 1)]
