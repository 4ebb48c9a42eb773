# attack: returns a numpy array of objects that equal everything
# expect: compute_grid=wrong
import numpy


class Yes:
    def __eq__(self, other):
        return True

    def __float__(self):
        raise SystemExit(0)


def compute_grid(x, y, w_values, b_values):
    return numpy.array([[Yes()] * len(b_values)] * len(w_values), dtype=object)
