# attack: returns an object whose finalizer never ends
# expect: compute_grid=timeout|wrong
class Endless:
    def __del__(self):
        while True:
            pass


def compute_grid(x, y, w_values, b_values):
    return Endless()
