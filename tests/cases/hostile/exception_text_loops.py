# attack: raises an exception whose text is never finished
# expect: compute_grid=timeout|raised
class Endless(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __format__ = __str__


def compute_grid(x, y, w_values, b_values):
    raise Endless()
