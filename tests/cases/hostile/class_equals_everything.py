# attack: puts a class where a function belongs, whose instances equal everything
# expect: compute_grid=wrong|invalid
class compute_grid:
    def __init__(self, x, y, w_values, b_values):
        pass

    def __eq__(self, other):
        return True

    __hash__ = None
