# attack: loops for ever and swallows every exception that a limit inside the process could raise
# expect: compute_grid=timeout
def compute_grid(x, y, w_values, b_values):
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            continue
