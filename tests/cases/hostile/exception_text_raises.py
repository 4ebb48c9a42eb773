# attack: raises an exception whose texts raise
# expect: compute_grid=raised
class Silent(Exception):
    def __str__(self):
        raise KeyboardInterrupt

    __repr__ = __format__ = __str__
    args = property(__str__)
    __notes__ = property(__str__)


def compute_grid(x, y, w_values, b_values):
    raise Silent()
