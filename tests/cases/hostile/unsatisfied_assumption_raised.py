# attack: raises what makes Hypothesis throw the example away
# expect: compute_grid=raised
try:
    from hypothesis.errors import StopTest, UnsatisfiedAssumption
except (ImportError, OSError):
    UnsatisfiedAssumption = type("UnsatisfiedAssumption", (BaseException,), {"__module__": "hypothesis.errors"})
    StopTest = type("StopTest", (BaseException,), {"__module__": "hypothesis.errors"})

calls = 0


def compute_grid(x, y, w_values, b_values):
    global calls
    calls += 1
    raise StopTest(0) if calls % 2 else UnsatisfiedAssumption("throw this example away")
