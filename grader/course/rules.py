"""Whether a lesson is written as the conventions want it: looked at when the course is read, before anything runs."""

import ast
import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.course.definitions import Module, decorated_as
from grader.course.exercise_file import ExerciseFile
from grader.course.model import LESSON_NAME, SHARED, Course, Lesson
from grader.course.parse import tree_of
from grader.errors import CourseError, Fault

ANSWERS = {"solutions", "lessons", "exercises", "tests", "grader"}
"""What a driver, which runs beside the student's code, must not import: it would lie in the worker's memory."""

Rule = Callable[[Lesson], Iterator[CourseError]]


def require(lesson: Lesson) -> None:
    """Raise the first CourseError of a lesson."""
    for error in errors_of(lesson, RULES[1:]):
        raise error


def errors_of(lesson: Lesson, rules: "tuple[Rule, ...] | None" = None) -> list[CourseError]:
    """Return what breaks the conventions, each with file and line; a file that is missing is a fault of grading."""
    errors: list[CourseError] = []
    for rule in rules or RULES:
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
    """Yield what cannot be read in a file."""
    for read in (
        lambda: lesson.exercises,
        lambda: lesson.examples,
        lambda: lesson.checks,
        lambda: lesson.mistakes,
    ):
        try:
            read()
        except CourseError as error:
            yield error


def _files_belong_to_exercises(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the files beside the README that are named after no exercise."""
    known = {SHARED, *(exercise.name for exercise in lesson.exercises)}
    for path in lesson.deciding:
        if path != lesson.solution and path.stem not in known:
            names = ", ".join(exercise.name for exercise in lesson.exercises)
            yield _error(lesson, path, 1, f"{path.stem} is not an exercise of the lesson ({names}). Rename or move it.")


def _names_are_free(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the names that a file defines twice, for the second would hide the first, and checks of the same name."""
    for module in _modules(lesson):
        lines: dict[str, int] = {}
        for node in module.definitions():
            if node.name in lines:
                problem = f"{node.name} is defined in line {lines[node.name]} already. Give one another name."
                yield CourseError(module.file, node.lineno, problem)
            lines[node.name] = node.lineno
    owners: dict[str, str] = {}
    for file in lesson.files.values():
        for check in file.checks:
            if owners.setdefault(check.name, file.module.file) != file.module.file:
                problem = f"{check.name} is the name of a check in {owners[check.name]} too. Give one another name."
                yield CourseError(file.module.file, check.line, problem)


def _modules(lesson: Lesson) -> list[Module]:
    files = [file.module for file in lesson.files.values()]
    return [lesson.solution_module, *lesson.shared_modules.values(), *files]


def _every_exercise_is_checked(lesson: Lesson) -> Iterator[CourseError]:
    for name, file in lesson.files.items():
        if not file.checks:
            problem = f"nothing checks {name}: write a test_... with an argument called {name}."
            yield CourseError(file.module.file, 1, problem)


def _arguments_are_known(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the arguments that are neither an exercise nor drawn by Hypothesis."""
    exercises = {exercise.name for exercise in lesson.exercises}
    for file in lesson.files.values():
        for node in file.module.definitions():
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            given = _given(node)
            for argument in [*node.args.args, *node.args.kwonlyargs] if given is not None else ():
                if argument.arg not in exercises | (given or set()):
                    problem = (
                        f"{node.name} has an argument {argument.arg}, which is not an exercise of the lesson"
                        f" ({', '.join(sorted(exercises))}) and is not drawn by @given."
                    )
                    yield CourseError(file.module.file, argument.lineno, problem)


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
    """Yield the drivers that checks name in a literal and the file does not define."""
    for file in lesson.files.values():
        if "drive" not in file.module.source:
            continue  # as in most files, whose nodes need not be looked at one by one
        for node in ast.walk(file.module.tree):
            name = _driver(node)
            if name is None or name in file.drivers:
                continue
            known = f" It has: {', '.join(sorted(file.drivers))}." if file.drivers else ""
            problem = f"there is no @driver {name!r} in this file. Write it, or correct the name.{known}"
            yield CourseError(file.module.file, getattr(node, "lineno", 1), problem)


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


def _checks_have_no_settings(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the checks that say how Hypothesis has to draw."""
    for file in lesson.files.values():
        for node in file.module.definitions():
            for decorator in node.decorator_list:
                if decorated_as(decorator) == "settings":
                    problem = (
                        f"{node.name} has @settings of its own, and all checks are drawn alike: leave it out. Where"
                        " examples take long, let @given draw smaller ones."
                    )
                    yield CourseError(file.module.file, decorator.lineno, problem)


def _drivers_hold_no_answers(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the imports that a driver needs and that must not lie beside the student's code."""
    for file in lesson.files.values():
        for node in ast.walk(tree_of(file.drivers_source)):
            modules = []
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = [f"{'.' * node.level}{node.module or ''}"]
            for module in modules:
                if module.startswith(".") or module.partition(".")[0] in ANSWERS:
                    problem = (
                        f"a driver uses what is imported from {module}, and it runs beside the student's code, which"
                        " could read it there. Pass what it needs as an argument."
                    )
                    yield CourseError(*_place_of_import(lesson, file, module), problem)


def _place_of_import(lesson: Lesson, file: ExerciseFile, module: str) -> tuple[str, int]:
    for searched in (file.module, *lesson.shared_modules.values()):
        for node in ast.walk(searched.tree):
            match node:
                case ast.Import(names=aliases) if module in (alias.name for alias in aliases):
                    return searched.file, node.lineno
                case ast.ImportFrom(module=name, level=level) if module == f"{'.' * level}{name or ''}":
                    return searched.file, node.lineno
    return file.module.file, 1


RULES: tuple[Rule, ...] = (
    _files_belong_to_exercises,  # what a student keeps beside a lesson ends no grading
    _reads,
    _names_are_free,
    _every_exercise_is_checked,
    _arguments_are_known,
    _checks_have_no_settings,
    _drivers_are_there,
    _drivers_hold_no_answers,
)


def _error(lesson: Lesson, path: Path, line: int, problem: str) -> CourseError:
    return CourseError(path.relative_to(lesson.root).as_posix(), line, problem)
