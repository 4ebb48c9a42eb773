# attack: raises an exception with an endless text while it is imported
# expect: compute_grid=timeout|raised
class Endless(Exception):
    def __str__(self):
        while True:
            pass


raise Endless()


def compute_grid(x, y, w_values, b_values):
    return None
