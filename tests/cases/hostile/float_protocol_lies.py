# attack: returns objects that become any number through __float__, __index__ and __round__
# expect: run_descent=wrong
class Number:
    def __float__(self):
        return 0.0

    def __index__(self):
        return 0

    def __round__(self, digits=0):
        return self

    def __sub__(self, other):
        return self

    def __abs__(self):
        return self

    def __le__(self, other):
        return True

    __rsub__ = __sub__


def run_descent(x, y, w_start, b_start, lr, steps):
    return [(Number(), Number()) for _ in range(steps + 1)]
