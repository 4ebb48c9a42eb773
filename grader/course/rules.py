"""Static checks that a lesson follows the conventions, made before anything runs."""

import ast
import contextlib
from collections.abc import Callable, Iterator

from grader.course.definitions import Module, decorated_as
from grader.course.exercise_file import ExerciseFile
from grader.course.model import DRILL, SHARED, Course, Lesson, is_lesson, name_problem
from grader.course.parse import tree_of
from grader.errors import CourseError, Fault

ANSWERS = {"solutions", "lessons", "exercises", "tests", "grader"}
"""Packages that a driver must not import: it runs in the worker, where student code could read them."""

Rule = Callable[[Lesson], Iterator[CourseError]]


def require(lesson: Lesson) -> None:
    """Raise the first CourseError of a lesson."""
    for error in _broken(lesson, RULES):
        raise error


def errors_of(lesson: Lesson) -> list[CourseError]:
    """Return what breaks the conventions, with file and line; a missing file is left to grading, which raises Fault."""
    # What a student keeps beside a lesson is an author's error only: it ends no grading.
    return _broken(lesson, (_files_belong_to_exercises, *RULES))


def _broken(lesson: Lesson, rules: tuple[Rule, ...]) -> list[CourseError]:
    errors: list[CourseError] = []
    for rule in rules:
        try:
            with contextlib.suppress(Fault):
                errors += rule(lesson)
        except CourseError as error:
            if str(error) not in map(str, errors):
                errors.append(error)
    return errors


def strays_of(course: Course) -> list[CourseError]:
    """Return the strays beside the lessons: misnamed folders, and solutions or exercises without a lesson."""
    names = {lesson.name for lesson in course.lessons}
    errors = [
        CourseError(f"lessons/{path.name}", 1, f"is not a lesson: {name_problem(path.name)} Rename or remove it.")
        for path in sorted((course.root / "lessons").iterdir())
        if path.is_dir() and not is_lesson(path) and path.name[0] not in "._"
    ]
    for folder in ("solutions", "exercises"):
        errors += [
            CourseError(f"{folder}/{path.name}", 1, f"does not belong to a lesson: lessons/{path.stem} is missing.")
            for path in sorted((course.root / folder).glob("*.py"))
            if path.stem not in names and not (folder == "exercises" and path.stem == DRILL)
        ]
    return errors


def _reads(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the errors from reading the files, each once: several of them read the same file."""
    told = set()
    for read in (
        lambda: lesson.exercises,
        lambda: lesson.examples,
        lambda: lesson.checks,
        lambda: lesson.mistakes,
        lambda: lesson.starters,
    ):
        try:
            read()
        except CourseError as error:
            if str(error) not in told:
                yield error
            told.add(str(error))


def _files_belong_to_exercises(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the files beside the README that are not named after an exercise."""
    known = {SHARED, *(exercise.name for exercise in lesson.exercises)}
    for path in lesson.deciding:
        if path != lesson.solution and path.stem not in known:
            names = ", ".join(exercise.name for exercise in lesson.exercises)
            problem = f"{path.stem} is not an exercise of the lesson ({names}). Rename or move it."
            yield CourseError(lesson.shown(path), 1, problem)


def _names_are_free(lesson: Lesson) -> Iterator[CourseError]:
    """Yield names defined twice in a file, where the second hides the first, and check names used in two files."""
    for module in _modules(lesson):
        lines: dict[str, int] = {}
        for node in module.definitions():
            if node.name in lines:
                problem = f"{node.name} is already defined on line {lines[node.name]}. Rename one of them."
                yield CourseError(module.file, node.lineno, problem)
            lines[node.name] = node.lineno
    owners: dict[str, str] = {}
    for file in lesson.files.values():
        for check in file.checks:
            if owners.setdefault(check.name, file.module.file) != file.module.file:
                problem = f"{check.name} is also a check in {owners[check.name]}. Rename one of them."
                yield CourseError(file.module.file, check.line, problem)


def _modules(lesson: Lesson) -> list[Module]:
    files = [file.module for file in lesson.files.values()]
    return [lesson.solution_module, *lesson.shared_modules.values(), *files]


def _every_exercise_is_checked(lesson: Lesson) -> Iterator[CourseError]:
    for name, file in lesson.files.items():
        if not file.checks:
            problem = f"{name} has no checks: write a test_... with an argument named {name}."
            yield CourseError(file.module.file, 1, problem)


def _arguments_are_known(lesson: Lesson) -> Iterator[CourseError]:
    """Yield check arguments that are neither an exercise nor drawn by Hypothesis."""
    exercises = {exercise.name for exercise in lesson.exercises}
    for file in lesson.files.values():
        for node in file.module.definitions():
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            given = _given(node)
            for argument in [*node.args.args, *node.args.kwonlyargs] if given is not None else ():
                if argument.arg not in exercises | (given or set()):
                    problem = (
                        f"argument {argument.arg} of {node.name} is neither an exercise of the lesson"
                        f" ({', '.join(sorted(exercises))}) nor drawn by @given."
                    )
                    yield CourseError(file.module.file, argument.lineno, problem)


def _given(node: ast.FunctionDef) -> set[str] | None:
    """Return the arguments that @given supplies, or None if that cannot be read from the source."""
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
    """Yield drivers that checks name in a literal but the file does not define."""
    for file in lesson.files.values():
        if "drive" not in file.module.source:
            continue  # most files: skip the walk
        for node in ast.walk(file.module.tree):
            name = _driver(node)
            if name is None or name in file.drivers:
                continue
            known = f" Available: {', '.join(sorted(file.drivers))}." if file.drivers else ""
            problem = f"this file has no @driver {name!r}. Write it, or correct the name.{known}"
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
    """Yield checks with their own Hypothesis @settings."""
    for file in lesson.files.values():
        for node in file.module.definitions():
            for decorator in node.decorator_list:
                if decorated_as(decorator) == "settings":
                    problem = (
                        f"{node.name} has its own @settings, but all checks share the same: remove it. If examples"
                        " are slow, let @given draw smaller ones, or fewer with @examples(5)."
                    )
                    yield CourseError(file.module.file, decorator.lineno, problem)


def _drivers_hold_no_answers(lesson: Lesson) -> Iterator[CourseError]:
    """Yield the imports of drivers that would expose answers to the student's code."""
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
                        f"a driver uses an import from {module}, but runs in the worker, where student code could"
                        " read it. Pass what it needs as an argument."
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
    _reads,
    _names_are_free,
    _every_exercise_is_checked,
    _arguments_are_known,
    _checks_have_no_settings,
    _drivers_are_there,
    _drivers_hold_no_answers,
)
