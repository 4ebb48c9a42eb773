# attack: fills memory and swallows every error about it
# expect: compute_grid=timeout|crashed
hoard = []


def compute_grid(x, y, w_values, b_values):
    while True:
        try:
            hoard.append(bytearray(2**24))  # untouched pages: the limit is met before the machine is
        except BaseException:
            hoard.append(None)
