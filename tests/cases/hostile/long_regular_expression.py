# attack: matches a pattern that backtracks for ever inside of C
# expect: compute_grid=timeout
import re


def compute_grid(x, y, w_values, b_values):
    return re.match(r"(a*)*(a|aa)+$", "a" * 60 + "b")
