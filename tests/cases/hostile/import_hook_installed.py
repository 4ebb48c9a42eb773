# attack: installs an import hook that answers every import with its own module
# expect: compute_grid=wrong|raised|crashed|timeout
import importlib.machinery
import sys
import types


class Hook:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        return types.SimpleNamespace(__getattr__=lambda name: True, signature=lambda function: 1 / 0)

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Hook())
for name in ("inspect", "traceback", "struct", "gc"):
    sys.modules.pop(name, None)


def compute_grid(x, y, w_values, b_values):
    return None
