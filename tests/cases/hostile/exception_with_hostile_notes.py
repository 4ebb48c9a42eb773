# attack: raises an exception with notes that are megabytes, no text, and no list
# expect: compute_grid=raised
import itertools


class Note:
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


NOTES = itertools.cycle([["passed " * 10**6], [Note()], Note(), {"passed": 1}, 99])


def compute_grid(x, y, w_values, b_values):
    error = ValueError("noted")
    error.__notes__ = next(NOTES)
    raise error
