# attack: returns named tuples whose fields are properties that answer anew each time
# expect: run_descent=wrong
from collections import namedtuple


class Point(namedtuple("Point", "w b")):
    w = property(lambda self: 0.0)
    b = property(lambda self: 0.0)

    def __iter__(self):
        return iter((0.0, 0.0))


def run_descent(x, y, w_start, b_start, lr, steps):
    return [Point(float("nan"), float("nan"))] * (steps + 1)
