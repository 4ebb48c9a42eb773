# attack: returns a sequence with a negative length, then one that raises and one that exits
# expect: run_descent=wrong
import itertools


def leave(self):
    raise SystemExit(0)


KINDS = itertools.cycle(
    [
        type("Negative", (), {"__len__": lambda self: -1}),
        type("Huge", (), {"__len__": lambda self: 2**62, "__getitem__": lambda self, index: 0.0}),
        type("Leaving", (), {"__len__": leave, "__iter__": leave, "__getitem__": leave}),
    ]
)


def run_descent(x, y, w_start, b_start, lr, steps):
    return next(KINDS)()
