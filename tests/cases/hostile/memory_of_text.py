# attack: doubles a text until there is no memory left
# expect: compute_grid=raised|crashed|timeout
def compute_grid(x, y, w_values, b_values):
    text = "passed"
    while len(text) < 2**32:  # where nothing limits it, four gigabytes are enough to be seen
        text += text
    return text
