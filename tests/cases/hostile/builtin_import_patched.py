# attack: replaces __import__ by one that returns a module of lies
# expect: compute_grid=wrong|raised|crashed|timeout
import builtins
import types


class Lies(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: True


builtins.__import__ = lambda name, *args, **kwargs: Lies(name)


def compute_grid(x, y, w_values, b_values):
    return None
