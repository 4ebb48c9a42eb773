# attack: returns an int subclass that converts to another number each time
# expect: run_descent=wrong
class Shifting(int):
    def __float__(self):
        raise SystemExit(0)

    def __index__(self):
        raise SystemExit(0)

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


def run_descent(x, y, w_start, b_start, lr, steps):
    return [(Shifting(10**6), Shifting(10**6))] * (steps + 1)
