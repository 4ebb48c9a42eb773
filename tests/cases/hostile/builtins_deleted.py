# attack: deletes its builtins, and then everybody's
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import builtins

del __builtins__
for name in list(vars(builtins)):
    if name != "delattr":
        delattr(builtins, name)


def compute_grid(x, y, w_values, b_values):
    return None
