# attack: raises a BaseException subclass whose __class__ says SystemExit with code 0
# expect: compute_grid=raised|crashed
class Outcome(BaseException):
    code = 0
    __class__ = property(lambda self: SystemExit)
    __module__ = "builtins"
    __qualname__ = "SystemExit"


def compute_grid(x, y, w_values, b_values):
    raise Outcome("passed")
