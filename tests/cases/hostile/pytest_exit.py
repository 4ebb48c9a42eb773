# attack: ends the test session through pytest.exit
# expect: compute_grid=raised|crashed
try:
    import pytest
except ImportError:
    pytest = None


def compute_grid(x, y, w_values, b_values):
    if pytest is not None:
        pytest.exit("all tests passed", returncode=0)
    raise BaseException("there is no pytest here")
