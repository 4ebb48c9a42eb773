# attack: replaces the lesson's drivers by functions that return a verdict
# expect: plot_descent=wrong|raised|crashed|timeout save_frames=wrong|raised|crashed|timeout
import contextlib
import sys
import types

FORGED = "def __getattr__(name):\n    return lambda *args, **kwargs: {'status': 'passed', 'points': 99}\n"


def modules_in(value):
    """The modules of drivers in a local variable of the grader: itself, or what an attribute of it holds."""
    held = [value]
    with contextlib.suppress(Exception):
        for attribute in vars(value).values():
            held += [attribute, *(attribute.values() if isinstance(attribute, dict) else ())]
    return [each for each in held if isinstance(each, types.ModuleType) and "driver" in each.__name__]


def replace():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            for module in modules_in(value):
                for name in [name for name in vars(module) if not name.startswith("__")]:
                    setattr(module, name, lambda *args, **kwargs: {"status": "passed", "points": 99})
            with contextlib.suppress(Exception):  # what is still to be run, where no driver has been asked for yet
                sources = value["drivers"] if isinstance(value, dict) else value.driver_sources
                for exercise in sources:
                    sources[exercise] = FORGED
        frame = frame.f_back


replace()


def plot_descent(w_values, b_values, losses, path):
    replace()
    return None


def save_frames(w_values, b_values, losses, path, directory):
    replace()
    return None
