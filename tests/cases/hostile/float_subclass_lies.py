# attack: returns pairs of a float subclass that equals everything and differs by nothing
# expect: run_descent=wrong
class Zero(float):
    def __eq__(self, other):
        return True

    def __sub__(self, other):
        return 0.0

    def __abs__(self):
        return 0.0

    def __le__(self, other):
        return True

    __rsub__ = __sub__
    __lt__ = __ge__ = __gt__ = __le__
    __hash__ = float.__hash__


def run_descent(x, y, w_start, b_start, lr, steps):
    return [(Zero("nan"), Zero("nan"))] * (steps + 1)
