# attack: returns ready-made bytes that the encoder copies into the message unread
# expect: compute_grid=wrong|raised|crashed|invalid
import itertools

import ormsgpack

# No document at all, half a document, two documents, four billion entries, duplicate and odd keys, 100 000 levels.
FORGED = itertools.cycle(
    ormsgpack.Fragment(raw)
    for raw in (
        b"",
        b"\xc1",
        b"\x93\x01",
        b"\x01\x02",
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\x82\xa1a\x01\xa1a\x02",
        b"\x81\x90\x01",
        b"\x81\xc0\x01",
        b"\x91" * 100_000 + b"\x01",
        b"\xa2\xff\xfe",
        b"\xc7\x00\x7f",
    )
)


def compute_grid(x, y, w_values, b_values):
    return next(FORGED)
