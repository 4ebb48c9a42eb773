# attack: returns an object whose texts and finalizer loop for ever
# expect: compute_grid=wrong|timeout
class Endless:
    def __repr__(self):
        while True:
            pass

    __str__ = __format__ = __hash__ = __del__ = __repr__


def compute_grid(x, y, w_values, b_values):
    return Endless()
