# attack: skips its whole module through pytest.importorskip
# expect: compute_grid=raised|crashed
try:
    import pytest
except ImportError:
    raise BaseException("there is no pytest here") from None

pytest.importorskip("a_module_that_does_not_exist")


def compute_grid(x, y, w_values, b_values):
    return None
