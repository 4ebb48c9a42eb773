# attack: replaces struct, socket, json, ormsgpack and msgpack in sys.modules
# expect: compute_grid=wrong|raised|crashed
import sys
import types

import torch


class Lies(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: b'{"status": "passed"}'


for name in ("struct", "socket", "json", "ormsgpack", "msgpack", "pickle", "traceback", "inspect", "linecache", "gc"):
    sys.modules[name] = Lies(name)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
