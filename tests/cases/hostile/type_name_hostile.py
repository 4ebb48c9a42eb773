# attack: returns an object of a type whose name holds escape sequences, markup and a forged verdict
# expect: compute_grid=wrong
HOSTILE = "Grid\x1b]0;owned\x07\x1b[2J\r\n::notice::passed <script>alert(1)</script> \u202e"
# A name of a type is UTF-8; its qualified name need not be.
Kind = type(HOSTILE, (), {"__module__": "\x1b[1A\x1b[2Kpassed", "__qualname__": HOSTILE + "\ud800"})


def compute_grid(x, y, w_values, b_values):
    return Kind()
