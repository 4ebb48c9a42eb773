# attack: writes one small file over and over, for as long as it is let
# expect: compute_grid=crashed|timeout
import os

block = b"\1" * (8 * 2**20)


def compute_grid(x, y, w_values, b_values):
    file = os.open("file", os.O_RDWR | os.O_CREAT)
    while True:
        os.pwrite(file, block, 0)
