# attack: skips the test that calls it
# expect: compute_grid=raised|crashed
try:
    import pytest
except ImportError:
    pytest = None


def compute_grid(x, y, w_values, b_values):
    if pytest is not None:
        pytest.skip("not graded", allow_module_level=True)
    raise BaseException("there is no pytest here")
