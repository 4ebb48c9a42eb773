# attack: raises GeneratorExit, which `except Exception` or a loop of the caller may take for its own
# expect: compute_grid=raised|crashed
def compute_grid(x, y, w_values, b_values):
    raise GeneratorExit("passed")
