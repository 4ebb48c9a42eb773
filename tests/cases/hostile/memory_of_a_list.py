# attack: fills a list without end
# expect: compute_grid=raised|crashed|timeout
def compute_grid(x, y, w_values, b_values):
    hoard = []
    while True:
        hoard.append(bytearray(2**26))  # untouched pages: the limit is met before the machine is
