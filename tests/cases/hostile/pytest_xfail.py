# attack: declares its failure expected
# expect: compute_grid=raised|crashed
try:
    import pytest
except ImportError:
    pytest = None


def compute_grid(x, y, w_values, b_values):
    if pytest is not None:
        pytest.xfail("expected")
    raise BaseException("there is no pytest here")
