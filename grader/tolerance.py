"""How far an answer may be from the expected one, as a fraction of its natural size."""

LOSS32 = 1e-5
"""The default, for losses and slopes: the worst error measured for right float32 code is 1e-6 of the scale."""
PARAM32 = 1e-4
"""For parameters after some steps of float32 code: the worst error measured is 5e-6 of the scale."""
TIGHT = 1e-9
"""For lessons whose subject is precision: float64 in and float64 out; float32 code fails."""
