# attack: returns an object that overrides every torch function to say True
# expect: compute_grid=wrong
class Agreeable:
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True


def compute_grid(x, y, w_values, b_values):
    return Agreeable()
