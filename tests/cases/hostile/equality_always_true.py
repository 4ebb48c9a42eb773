# attack: returns an object that equals everything
# expect: compute_grid=wrong
class Yes:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __bool__(self):
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    __hash__ = None


def compute_grid(x, y, w_values, b_values):
    return Yes()
