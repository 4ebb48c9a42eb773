# attack: raises an exception whose texts end the process with success
# expect: compute_grid=raised|crashed
import os


class Leaving(Exception):
    def __str__(self):
        os._exit(0)

    __repr__ = __format__ = __str__


def compute_grid(x, y, w_values, b_values):
    raise Leaving()
