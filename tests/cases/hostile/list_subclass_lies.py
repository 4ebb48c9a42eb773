# attack: returns a list subclass with a lying length, order and equality
# expect: run_descent=wrong
class Path(list):
    def __eq__(self, other):
        return True

    def __len__(self):
        return 2**62

    def __iter__(self):
        while True:
            yield (0.0, 0.0)

    __hash__ = None


def run_descent(x, y, w_start, b_start, lr, steps):
    return Path()
