# attack: raises an exception whose class name is escape sequences, markup and a forged verdict
# expect: compute_grid=raised
NAME = "Error\x1b[2J\x1b]0;passed\x07\n::error::x\n<script>alert(1)</script>]]>\u202e"


def compute_grid(x, y, w_values, b_values):
    raise type(NAME, (Exception,), {"__module__": "\x1b[1A\r1 passed", "__qualname__": NAME + "\ud800"})("x")
