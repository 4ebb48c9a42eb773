# attack: replaces the lesson's drivers by functions that return a verdict
# expect: plot_descent=wrong|raised|crashed|timeout save_frames=wrong|raised|crashed|timeout
import sys
import types


def replace():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            if isinstance(value, types.ModuleType) and "driver" in value.__name__:
                for name in [name for name in vars(value) if not name.startswith("__")]:
                    setattr(value, name, lambda *args, **kwargs: {"status": "passed", "points": 99})
        frame = frame.f_back


replace()


def plot_descent(w_values, b_values, losses, path):
    replace()
    return None


def save_frames(w_values, b_values, losses, path, directory):
    replace()
    return None
