# attack: replaces the exception classes, so that an assertion that fails raises nothing known
# expect: compute_grid=wrong|raised|crashed|timeout
import builtins


class Quiet(Exception):
    def __new__(cls, *args):
        raise SystemExit(0)


for name in ("AssertionError", "BaseException", "Exception", "OSError", "SystemExit", "SyntaxError", "MemoryError"):
    setattr(builtins, name, Quiet)


def compute_grid(x, y, w_values, b_values):
    return undefined_name
