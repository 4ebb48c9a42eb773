# attack: returns extension inside extension, far deeper than any list may nest
# expect: compute_grid=wrong|raised|crashed|invalid
import ormsgpack


def compute_grid(x, y, w_values, b_values):
    document = b"\xc0"
    for _ in range(20_000):
        document = ormsgpack.packb([ormsgpack.Ext(2, document)])
    return ormsgpack.Fragment(document)
