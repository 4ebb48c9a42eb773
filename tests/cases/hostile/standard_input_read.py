# attack: waits for input, which a grader on a terminal would wait for too
# expect: compute_grid=raised|timeout
def compute_grid(x, y, w_values, b_values):
    return input("Which points do I get? ")
