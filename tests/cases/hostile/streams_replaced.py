# attack: replaces sys.stdout, sys.stderr and sys.stdin by objects that exit, loop and lie
# expect: compute_grid=wrong|raised|crashed|timeout
import os
import sys

import torch


class Stream:
    def __getattr__(self, name):
        os._exit(0)


class Quiet:
    def flush(self):
        raise KeyboardInterrupt

    def write(self, text):
        return -1


sys.stdout, sys.stderr, sys.stdin = Quiet(), Stream(), Stream()


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
