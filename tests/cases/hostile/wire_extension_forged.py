# attack: returns the encoder's own extension objects with every tag and hostile contents
# expect: compute_grid=wrong|raised|crashed|invalid
import itertools

import ormsgpack

# A tensor of 2**40 entries without data, a tensor of negative shape, a document inside itself, and nonsense.
CONTENTS = [
    ormsgpack.packb(["float64", [2**40], False, b""]),
    ormsgpack.packb(["float64", [-1], False, b"12345678"]),
    ormsgpack.packb(["object", [1], False, b"12345678"]),
    ormsgpack.packb(["float64", [2**22] * 31 + [0], False, b""]),
    ormsgpack.packb(["bool", [1], "yes", b"\xff"]),
    b"\xc1",
    b"",
    b"\xdd\xff\xff\xff\xff",
]
FORGED = itertools.cycle(ormsgpack.Ext(tag, content) for content in CONTENTS for tag in range(10))


def compute_grid(x, y, w_values, b_values):
    return next(FORGED)
