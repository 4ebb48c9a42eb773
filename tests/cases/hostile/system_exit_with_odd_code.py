# attack: raises SystemExit with a code that is an object, a text, or enormous
# expect: compute_grid=raised|crashed
import itertools


class Code:
    def __str__(self):
        raise SystemExit(0)

    __int__ = __index__ = __repr__ = __str__


CODES = itertools.cycle([Code(), "passed", 2**64, None, True, (), -1])


def compute_grid(x, y, w_values, b_values):
    raise SystemExit(next(CODES))
