# attack: swaps the code of the encoder, so that references taken earlier are changed too
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import grader.sandbox.wire


def forged(value, limit=0):
    return b"\x83\xa2id\x01\xa3end\xa6passed\xa6points\x63"


grader.sandbox.wire.encode.__code__ = forged.__code__


def compute_grid(x, y, w_values, b_values):
    return None
