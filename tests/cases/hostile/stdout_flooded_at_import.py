# attack: prints without end while it is imported
# expect: compute_grid=timeout|crashed
while True:
    print("passed " * 1000)


def compute_grid(x, y, w_values, b_values):
    return None
