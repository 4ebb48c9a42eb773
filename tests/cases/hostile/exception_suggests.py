# attack: raises an AttributeError whose suggestion of names runs code that never ends
# expect: compute_grid=raised|timeout
class Endless:
    def __dir__(self):
        while True:
            pass

    def __getattribute__(self, name):
        while True:
            pass


def compute_grid(x, y, w_values, b_values):
    raise AttributeError("no attribute", name="compute", obj=Endless())
