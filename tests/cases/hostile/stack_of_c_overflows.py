# attack: overflows the C stack with a chain of iterators
# expect: compute_grid=crashed
def compute_grid(x, y, w_values, b_values):
    chain = iter([])
    for _ in range(10**6):
        chain = filter(None, chain)
    return list(chain)
