"""The figures of a lesson that can be moved: a small file of its own, parsed here and run only in a check process."""

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from grader import scene
from grader.course.definitions import Definition, Module, decorated_as
from grader.errors import CourseError

INTERACTIVE = "interactive"
"""The name of the file, and of the decorator in it."""
_CONTROLS = {"Slider": scene.Slider, "Choice": scene.Choice}


@dataclass(frozen=True)
class Interactive:
    """A figure with controls."""

    name: str
    still: str
    """The file of the picture in whose place it stands."""
    title: str
    """The first line of the docstring."""
    about: str
    """The rest of it: what to try."""
    exercises: tuple[str, ...]
    """The exercises whose functions it calls: the student's, once they have passed."""
    controls: Mapping[str, scene.Control]
    line: int


def read_interactive(module: Module, exercises: Collection[str]) -> tuple[Interactive, ...]:
    """Return the figures of a file; raises CourseError where one cannot be read without running it."""
    return tuple(
        _figure(module.file, node, exercises)
        for node in module.definitions()
        if decorated_as(_mark(node)) == INTERACTIVE
    )


def _mark(node: Definition) -> ast.expr:
    return next((each for each in node.decorator_list if isinstance(each, ast.Call)), ast.Constant(None))


def _figure(file: str, node: Definition, exercises: Collection[str]) -> Interactive:
    docstring = ast.get_docstring(node)
    if not docstring or not isinstance(node, ast.FunctionDef):
        raise CourseError(file, node.lineno, f"{node.name} needs a docstring: its first line is the title.")
    call = _mark(node)
    assert isinstance(call, ast.Call)
    words = {str(word.arg): word.value for word in call.keywords}
    still = words.pop("still", None)
    if call.args or not isinstance(still, ast.Constant) or not isinstance(still.value, str):
        problem = f'@{INTERACTIVE} of {node.name} must name the picture in whose place it stands: still="name.svg".'
        raise CourseError(file, node.lineno, problem)
    controls = {name: _control(file, name, value) for name, value in words.items()}
    parameters = [each.arg for each in node.args.args]
    used = tuple(name for name in parameters if name in exercises)
    if set(parameters) != {*used, *controls}:
        problem = f"the parameters of {node.name} must be its controls, and the exercises whose functions it calls."
        raise CourseError(file, node.lineno, problem)
    title, _, about = docstring.partition("\n")
    return Interactive(node.name, still.value, title.rstrip("."), " ".join(about.split()), used, controls, node.lineno)


def _control(file: str, name: str, node: ast.expr) -> scene.Control:
    try:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            args = [ast.literal_eval(each) for each in node.args]
            words = {str(each.arg): ast.literal_eval(each.value) for each in node.keywords}
            control: scene.Control = _CONTROLS[node.func.id](*args, **words)
            return control
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(file, node.lineno, f"the control {name}: {error}.") from error
    raise CourseError(file, node.lineno, f"the control {name} must be a Slider or a Choice, with literal arguments.")
