# attack: writes files and deletes them, so that no folder shows them, and keeps them open or mapped
# expect: compute_grid=crashed
import itertools
import mmap
import os

block, held = b"\1" * (15 * 2**20), []


def compute_grid(x, y, w_values, b_values):
    for number in itertools.count():
        file = os.open("file", os.O_RDWR | os.O_CREAT)
        os.write(file, block)
        os.unlink("file")
        held.append(mmap.mmap(file, 4096, mmap.MAP_PRIVATE, mmap.PROT_READ))
        if number % 2:
            os.close(file)
        if number > 400:
            raise RuntimeError("escaped: holds 6 GB in files without names")
