# attack: prints escape sequences: clears, moves, titles, links, clipboard, colours, resets
# expect: compute_grid=wrong
import os
import sys

import torch

TEXT = (
    b"\x1b[2J\x1b[3J\x1b[1;1H\x1b[31;42mPASSED\x1b[10A\x1b[2K\x1b]0;passed\x07\x1b]8;;http://example.invalid\x1b\\x\x1b]8;;\x1b\\"
    b"\x1b]52;c;cm0gLXJm\x07\x1b[?1049h\x1b[?25l\x1b[6n\x1b[c\x1b(0\x1bc\x0e\x9b2J\x90\x9c\x1bP+q\x1b\\\x1b]1337;File=:\x07"
)


def compute_grid(x, y, w_values, b_values):
    print(TEXT.decode("latin-1"))
    print(TEXT.decode("latin-1"), file=sys.stderr)
    for descriptor in (1, 2):
        os.write(descriptor, TEXT)
    return torch.tensor(float("nan"))
