# attack: replaces the assertions and results of unittest
# expect: compute_grid=wrong
import unittest

import torch

for name in dir(unittest.TestCase):
    if name.startswith(("assert", "fail")):
        setattr(unittest.TestCase, name, lambda *args, **kwargs: None)
unittest.TestResult.wasSuccessful = lambda self: True
unittest.TestResult.addFailure = unittest.TestResult.addError = lambda *args: None


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
