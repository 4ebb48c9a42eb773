# attack: returns a dict subclass that has every key and equals everything
# expect: compute_grid=wrong
class Everything(dict):
    def __missing__(self, key):
        return self

    def __eq__(self, other):
        return True

    def items(self):
        while True:
            yield ("status", "passed")

    __hash__ = None


def compute_grid(x, y, w_values, b_values):
    return Everything(status="passed", points=99)
