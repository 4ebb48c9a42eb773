# attack: lies about which exercises there are and whether they are ready
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import itertools
import sys

STANDINGS = itertools.cycle([["passed", ""], ["ready"], [], "ready", None, [["ready"], {}], ["fault", "ours"], [0, 0]])
sys.modules["grader.sandbox.worker"]._standing = lambda *args: next(STANDINGS)


def compute_grid(x, y, w_values, b_values):
    return None
