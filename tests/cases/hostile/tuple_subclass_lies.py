# attack: returns pairs that are a tuple subclass equal to everything
# expect: run_descent=wrong
class Pair(tuple):
    def __eq__(self, other):
        return True

    def __getitem__(self, index):
        raise SystemExit(0)

    __hash__ = tuple.__hash__


def run_descent(x, y, w_start, b_start, lr, steps):
    return [Pair(("w", "b"))] * (steps + 1)
