# attack: replaces isinstance, abs, all, any, max, min, len and sum for everybody
# expect: compute_grid=wrong|raised|crashed|timeout
import builtins


def yes(*args, **kwargs):
    return True


for name in ("isinstance", "issubclass", "all", "any", "callable", "hasattr"):
    setattr(builtins, name, yes)
for name in ("abs", "max", "min", "len", "sum", "round"):
    setattr(builtins, name, lambda *args, **kwargs: 0)


def compute_grid(x, y, w_values, b_values):
    return object()
