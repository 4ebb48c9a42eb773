# attack: returns an object that ends the process when any attribute of it is looked at
# expect: compute_grid=wrong|crashed
import os


class Mine:
    def __getattribute__(self, name):
        os._exit(0)


def compute_grid(x, y, w_values, b_values):
    return Mine()
