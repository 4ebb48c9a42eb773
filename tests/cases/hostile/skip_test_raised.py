# attack: raises unittest.SkipTest, which runners count as no failure
# expect: compute_grid=raised
import unittest


def compute_grid(x, y, w_values, b_values):
    raise unittest.SkipTest("not today")
