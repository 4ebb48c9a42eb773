# attack: looks like an answer and raises what the stub raises, which is an exit as well
# expect: compute_grid=raised|crashed|invalid
class NotImplementedError(NotImplementedError, SystemExit):
    pass


def compute_grid(x, y, w_values, b_values):
    print("computing")
    raise NotImplementedError("compute_grid")
