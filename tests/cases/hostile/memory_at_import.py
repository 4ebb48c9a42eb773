# attack: fills memory while it is imported
# expect: compute_grid=raised|crashed|timeout
hoard = [bytearray(2**26) for _ in range(10**6)]


def compute_grid(x, y, w_values, b_values):
    return None
