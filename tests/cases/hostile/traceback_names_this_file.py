# attack: raises from code that claims to be impossible lines of this file
# expect: compute_grid=raised
calls = 0


def compute_grid(x, y, w_values, b_values):
    global calls
    calls += 1
    code = compile("raise ValueError('where?')", __file__, "exec")
    exec(
        code.replace(co_firstlineno=[10**9, 2**31 - 2, 0][calls % 3], co_name="\x1b[2Jpassed", co_qualname="x" * 10**6)
    )
