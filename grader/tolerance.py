"""How far an answer may be from the expected one, in parts of its natural size."""

LOSS32 = 1e-5
"""Losses and slopes, the default: the worst error of right float32 code that was measured is 1e-6 of the scale."""
PARAM32 = 1e-4
"""Parameters after some steps of float32 code: the worst error measured is 5e-6 of the scale."""
TIGHT = 1e-9
"""For lessons whose subject is precision: float64 in and float64 out, and float32 code fails."""
