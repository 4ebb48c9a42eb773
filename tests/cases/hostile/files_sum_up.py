# attack: writes file after file, each below the limit of one file, as fast as the disk takes them
# expect: compute_grid=crashed
import itertools

block = b"\1" * (15 * 2**20)


def compute_grid(x, y, w_values, b_values):
    for number in itertools.count():
        with open(f"{number}", "wb") as file:
            file.write(block)
        if number > 400:
            raise RuntimeError("escaped: wrote 6 GB")
