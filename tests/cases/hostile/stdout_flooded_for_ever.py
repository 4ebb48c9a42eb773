# attack: prints without end
# expect: compute_grid=timeout|wrong|crashed
def compute_grid(x, y, w_values, b_values):
    while True:
        print("passed " * 1000)
