# attack: returns an ndarray subclass whose comparisons are always true
# expect: compute_grid=wrong
import numpy


class Liar(numpy.ndarray):
    def __array_ufunc__(self, function, method, *inputs, **kwargs):
        return numpy.bool_(True)

    def __eq__(self, other):
        return numpy.bool_(True)


def compute_grid(x, y, w_values, b_values):
    return numpy.zeros((len(w_values), len(b_values))).view(Liar)
