"""Whether a lesson is written as the conventions want it: looked at when the course is read, before anything runs."""

import ast
import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.course.hints import read_hints
from grader.course.model import LESSON_NAME, Course, Lesson
from grader.errors import CourseError, Fault

ANSWERS = {"solutions", "lessons", "exercises", "mistakes", "checks", "variants", "tests"}
"""What a driver, which runs beside the student's code, must not import: it would lie in the worker's memory."""

Rule = Callable[[Lesson], Iterator[CourseError]]


def require(lesson: Lesson) -> None:
    """Raise the first CourseError of a lesson."""
    for error in errors_of(lesson):
        raise error


def errors_of(lesson: Lesson) -> list[CourseError]:
    """Return what breaks the conventions, each with file and line; a file that is missing is a fault of grading."""
    errors: list[CourseError] = []
    for rule in RULES:
        try:
            with contextlib.suppress(Fault):
                errors += rule(lesson)
        except CourseError as error:
            if str(error) not in map(str, errors):
                errors.append(error)
    return errors


def strays_of(course: Course) -> list[CourseError]:
    """Return what lies beside the lessons and belongs to none: a folder with another name, a solution alone."""
    names = {lesson.name for lesson in course.lessons}
    errors = [
        CourseError(
            f"lessons/{path.name}", 1, "is no lesson: call it m1_7_momentum, for lesson 7 of module 1, or take it away."
        )
        for path in sorted((course.root / "lessons").iterdir())
        if path.is_dir() and not LESSON_NAME.fullmatch(path.name) and path.name[0] not in "._"
    ]
    for folder in ("solutions", "exercises"):
        errors += [
            CourseError(f"{folder}/{path.name}", 1, f"belongs to no lesson: there is no folder lessons/{path.stem}.")
            for path in sorted((course.root / folder).glob("*.py"))
            if path.stem not in names
        ]
    return errors


def _reads(lesson: Lesson) -> Iterator[CourseError]:
    """Yield what cannot be read in a file, or belongs to no exercise."""
    for read in (
        lambda: lesson.exercises,
        lambda: lesson.examples,
        lambda: lesson.checks,
        lambda: lesson.mistakes,
        lambda: lesson.predictions,
        lambda: read_hints(lesson) if (lesson.folder / "hints.md").is_file() else None,
    ):
        try:
            read()
        except CourseError as error:
            yield error


def _names_are_free(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the names that a file defines twice: the second would hide the first."""
    for path in (
        lesson.solution,
        lesson.checks_file,
        lesson.mistakes_file,
        lesson.drivers_file,
        lesson.predictions_file,
    ):
        lines: dict[str, int] = {}
        for node in _tree(lesson, path).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                if node.name in lines:
                    problem = f"{node.name} is defined in line {lines[node.name]} already. Give one another name."
                    yield _error(lesson, path, node.lineno, problem)
                lines[node.name] = node.lineno


def _every_exercise_is_checked(lesson: Lesson) -> Iterator[CourseError]:
    checked = {check.exercise for check in lesson.checks}
    for exercise in lesson.exercises:
        if exercise.name not in checked:
            problem = f"nothing checks {exercise.name}: write a test_... with an argument called {exercise.name}."
            yield _error(lesson, lesson.checks_file, 1, problem)


def _arguments_are_known(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the arguments that are neither an exercise nor drawn by Hypothesis."""
    tree = _tree(lesson, lesson.checks_file)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    exercises = {exercise.name for exercise in lesson.exercises}
    for node in functions:
        given = _given(node)
        if not node.name.startswith("test_") or given is None:
            continue
        for argument in [*node.args.args, *node.args.kwonlyargs]:
            if argument.arg not in exercises | given:
                problem = (
                    f"{node.name} has an argument {argument.arg}, which is no exercise of the lesson"
                    f" ({', '.join(sorted(exercises))}) and is not drawn by @given."
                )
                yield _error(lesson, lesson.checks_file, argument.lineno, problem)


def _given(node: ast.FunctionDef) -> set[str] | None:
    """Return the arguments that decorators give, or None where that cannot be read off."""
    names: set[str] = set()
    for call in node.decorator_list:
        if not isinstance(call, ast.Call):
            continue
        match ast.unparse(call.func).rpartition(".")[2], call.args:
            case "given", [] if all(word.arg is not None for word in call.keywords):
                names |= {str(word.arg) for word in call.keywords}
            case "given", _:
                return None
    return names


def _drivers_are_there(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the drivers that checks name in a literal and drivers.py does not define."""
    checks = _tree(lesson, lesson.checks_file)
    if not checks.body or b"drive" not in lesson.checks_file.read_bytes():
        return  # as in most lessons, whose nodes need not be looked at one by one
    defined = {name for node in _tree(lesson, lesson.drivers_file).body for name in _defined(node)}
    for node in ast.walk(checks):
        name = _driver(node)
        if name is None or name in defined:
            continue
        file = lesson.drivers_file.relative_to(lesson.root).as_posix()
        known = f" It has: {', '.join(sorted(each for each in defined if each[0] != '_'))}." if defined else ""
        problem = f"there is no driver {name!r} in {file}. Write it there, or correct the name.{known}"
        yield _error(lesson, lesson.checks_file, getattr(node, "lineno", 1), problem)


def _driver(node: ast.AST) -> str | None:
    """Return the name of the driver in ``exercise.drive("name", ...)`` or ``assert_raises(..., driver="name")``."""
    if not isinstance(node, ast.Call):
        return None
    function = getattr(node.func, "attr", getattr(node.func, "id", ""))
    named = [word.value for word in node.keywords if word.arg == "driver"]
    match function, [*(node.args[:1] if function == "drive" else ()), *named]:
        case "drive" | "assert_raises", [ast.Constant(value=str(name)), *_]:
            return name
    return None


def _defined(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a file defines."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [(alias.asname or alias.name).partition(".")[0] for alias in aliases]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _checks_have_no_settings(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the checks that say how Hypothesis has to draw."""
    for node in _tree(lesson, lesson.checks_file).body:
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(called, "attr", getattr(called, "id", "")) == "settings":
                problem = (
                    f"{getattr(node, 'name', '')} has @settings of its own, and all checks are drawn alike: leave it"
                    " out. Where examples take long, let @given draw smaller ones."
                )
                yield _error(lesson, lesson.checks_file, decorator.lineno, problem)


def _drivers_hold_no_answers(lesson: Lesson) -> Iterator[CourseError]:
    for node in ast.walk(_tree(lesson, lesson.drivers_file)):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [f"{'.' * node.level}{node.module or ''}"]
        for module in modules:
            if module.startswith(".") or module.partition(".")[0] in ANSWERS:
                problem = (
                    f"this driver imports {module}, and it runs beside the student's code, which could read it there."
                    " Pass what it needs as an argument."
                )
                yield _error(lesson, lesson.drivers_file, getattr(node, "lineno", 1), problem)


RULES: tuple[Rule, ...] = (
    _reads,
    _names_are_free,
    _every_exercise_is_checked,
    _arguments_are_known,
    _checks_have_no_settings,
    _drivers_are_there,
    _drivers_hold_no_answers,
)


@functools.lru_cache(maxsize=64)
def _parse(path: Path, content: bytes) -> ast.Module:
    return ast.parse(content, filename=str(path))


def _tree(lesson: Lesson, path: Path) -> ast.Module:
    """Return a file of a lesson as a tree; a file that is missing is an empty one."""
    try:
        return _parse(path, path.read_bytes() if path.is_file() else b"")
    except SyntaxError as error:
        raise _error(lesson, path, error.lineno or 1, f"this is no Python: {error.msg}.") from None
    except (OSError, ValueError) as error:
        raise _error(lesson, path, 1, f"cannot be read: {error}.") from None


def _error(lesson: Lesson, path: Path, line: int, problem: str) -> CourseError:
    return CourseError(path.relative_to(lesson.root).as_posix(), line, problem)
