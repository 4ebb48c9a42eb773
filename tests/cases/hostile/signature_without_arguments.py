# attack: is a function that takes other arguments than it is given
# expect: compute_grid=invalid|raised
def compute_grid(*, passed=True):
    return passed
