# attack: returns an object of a type whose module is an object that cannot be read
# expect: compute_grid=wrong
class Unreadable:
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __format__ = __eq__ = __str__
    __hash__ = None


Kind = type("Kind", (), {"__module__": Unreadable()})


def compute_grid(x, y, w_values, b_values):
    return Kind()
