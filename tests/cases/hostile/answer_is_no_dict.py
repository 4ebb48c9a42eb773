# attack: answers with documents that are no dict at all
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import itertools

import grader.sandbox.wire

# The worker keeps a reference to `send`; its code can still be swapped.
grader.sandbox.wire.DOCUMENTS = itertools.cycle([b"\xc0", b"\x01", b"\x90", b"\xa6passed", b"\x81\xa2id\xc0", b"\xc3", b""])


def wrong_kind(channel, document):
    document = next(DOCUMENTS)  # noqa: F821  a global of grader.sandbox.wire
    channel.sendall(len(document).to_bytes(4, "big") + document)


grader.sandbox.wire.send.__code__ = wrong_kind.__code__


def compute_grid(x, y, w_values, b_values):
    return None
