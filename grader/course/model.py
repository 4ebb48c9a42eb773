"""The course as its folders say: lessons, exercises, checks and mistakes, read with ``ast`` and never imported."""

import ast
import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.errors import CourseError, Fault, GraderError, UsageError
from grader.verdict import Visibility

LESSON_NAME = re.compile(r"m(?P<module>\d+)_(?P<number>\d+)_(?P<topic>[a-z0-9_]+)")
BONUS = "Bonus:"
"""How the docstring of an exercise begins that does not count against the total."""


@dataclass(frozen=True)
class Exercise:
    """A public function or class of a solution."""

    name: str
    parameters: tuple[str, ...]
    returns: str
    """The return annotation as it is written, or empty."""
    bonus: bool
    summary: str
    """The first line of the docstring."""


@dataclass(frozen=True)
class Example:
    """The example of a docstring whose last line calls the exercise; one that needs more only explains."""

    statements: tuple[str, ...]
    """What comes before the call."""
    call: str
    lines: tuple[int, ...]
    """Where each of the statements stands in the solution, and the call."""


@dataclass(frozen=True)
class Check:
    """A test function of checks.py."""

    name: str
    exercise: str
    """The exercise that is named first in the signature: the check counts there."""
    claim: str
    """The first line of the docstring, which the student reads."""
    why: str
    """The rest of the docstring."""
    visibility: Visibility = Visibility.PUBLIC
    """What the decorators ``hidden`` and ``after_due`` of grader.authoring say."""
    points: int = 1
    """What the decorator ``points`` says."""


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer: ``compute_grid__transposed`` in mistakes.py."""

    function: str
    exercise: str
    name: str
    explanation: str


@dataclass(frozen=True)
class Prediction:
    """A question that is asked before the code is written: ``run_descent__small_step`` in predictions.py."""

    function: str
    exercise: str
    name: str
    question: str
    options: tuple[tuple[str, str], ...]
    """What can be answered, in the order of the alphabet, each with the sentence that it gets."""
    answer: str
    """The option that is right."""


@dataclass(frozen=True)
class Lesson:
    """One lesson: a folder in lessons/ and a file of the same name in solutions/."""

    root: Path
    """The folder of the course."""
    name: str

    @property
    def id(self) -> str:
        """``1.4`` for ``m1_4_loss_landscape``."""
        match = LESSON_NAME.fullmatch(self.name)
        assert match is not None, self.name
        return f"{int(match['module'])}.{int(match['number'])}"

    @property
    def folder(self) -> Path:
        """Where the lesson's text, checks, mistakes and hints are."""
        return self.root / "lessons" / self.name

    @property
    def solution(self) -> Path:
        """The one source of stub and reference."""
        return self.root / "solutions" / f"{self.name}.py"

    @property
    def checks_file(self) -> Path:
        """What must hold."""
        return self.folder / "checks.py"

    @property
    def mistakes_file(self) -> Path:
        """The known wrong answers."""
        return self.folder / "mistakes.py"

    @property
    def drivers_file(self) -> Path:
        """Functions that run beside the student's module; not every lesson has some."""
        return self.folder / "drivers.py"

    @property
    def variants_file(self) -> Path:
        """Right answers in other styles, which all checks must pass."""
        return self.folder / "variants.py"

    @property
    def predictions_file(self) -> Path:
        """Questions that are asked before the code is written; not every lesson has some."""
        return self.folder / "predictions.py"

    @property
    def pictures_file(self) -> Path:
        """How the values of an exercise are drawn, where their kind alone does not say; few lessons need it."""
        return self.folder / "pictures.py"

    @cached_property
    def title(self) -> str:
        """The first heading of the README, without the number."""
        readme = self.folder / "README.md"
        if readme.is_file():
            for line in readme.read_text(encoding="utf-8", errors="replace").splitlines():
                if line.startswith("# "):
                    return line.removeprefix("# ").removeprefix(self.id).strip()
        return self.name

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """The public functions and classes of the solution, in file order."""
        if not self.solution.is_file():
            raise Fault(f"{self._shown(self.solution)} is missing: lesson {self.id} cannot be graded without it.")
        tree = self._parse(self.solution)
        self._refuse_async(tree, self.solution)
        definitions = [
            node
            for node in tree.body
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
        ]
        if not definitions:
            raise CourseError(
                self._shown(self.solution), 1, "no public function: a solution needs at least one exercise."
            )
        return tuple(self._exercise(node) for node in definitions)

    @property
    def solution_text(self) -> str:
        """The text of the solution, from which the stub is derived; raises as `exercises` does."""
        assert self.exercises
        return self.solution.read_text(encoding="utf-8")

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The test functions of checks.py, in file order."""
        if not self.checks_file.is_file():
            raise Fault(f"{self._shown(self.checks_file)} is missing: lesson {self.id} cannot be graded without it.")
        return tuple(self._check(node) for node in self._functions(self.checks_file) if node.name.startswith("test_"))

    @property
    def strictest(self) -> Visibility:
        """``hidden`` where a lesson has checks that are not public: what quotes its checks is not shown either."""
        try:
            is_public = all(check.visibility is Visibility.PUBLIC for check in self.checks)
        except Fault:
            is_public = True  # a file is missing, and what is missing cannot be quoted
        return Visibility.PUBLIC if is_public else Visibility.HIDDEN

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The known mistakes, in file order; a lesson may have none yet."""
        return tuple(self._mistake(node) for node in self._public_functions(self.mistakes_file))

    @cached_property
    def variants(self) -> tuple[tuple[str, str], ...]:
        """The right answers in other styles, in file order: of each the exercise and the name of the style."""
        functions = self._public_functions(self.variants_file)
        return tuple(self._names(node, self.variants_file, "style") for node in functions)

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """The questions to answer before writing code, in file order."""
        return tuple(self._prediction(node) for node in self._public_functions(self.predictions_file))

    @cached_property
    def examples(self) -> dict[str, Example]:
        """By exercise, the example of its docstring that is a check; one that only explains is not there."""
        import doctest  # it imports a debugger with it

        found = {}
        for node in self._functions(self.solution):
            docstring, first = ast.get_docstring(node, clean=False) or "", node.body[0].lineno
            try:
                examples = doctest.DocTestParser().get_examples(docstring)
            except ValueError as error:
                raise CourseError(self._shown(self.solution), first, f"its example is none: {error}.") from None
            calls = [self._called(each.source, first + each.lineno) for each in examples]
            if calls and calls[-1] == node.name:
                *before, last = (each.source for each in examples)
                lines = tuple(first + each.lineno for each in examples)
                found[node.name] = Example(tuple(before), last.strip(), lines)
        return found

    def _called(self, source: str, line: int) -> str:
        """Return which function a line of an example calls, or an empty string."""
        try:
            body = ast.parse(source).body
        except SyntaxError as error:
            problem = f"this line of an example is no Python: {error.msg}."
            raise CourseError(self._shown(self.solution), line, problem) from None
        match body:
            case [ast.Expr(ast.Call(func=ast.Name(id=name)))]:
                return name
        return ""

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The modules that the solution imports, which its students will need."""
        modules: list[str] = []
        for node in self._parse(self.solution).body:
            if isinstance(node, ast.Import):
                modules += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.append(node.module)
        return tuple(dict.fromkeys(modules))

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of a name; raises UsageError with the names there are."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        names = ", ".join(exercise.name for exercise in self.exercises)
        raise UsageError(f"Lesson {self.id} has no exercise {name!r}. It has: {names}.")

    def _exercise(self, node: ast.FunctionDef | ast.ClassDef) -> Exercise:
        docstring = ast.get_docstring(node)
        if not docstring:
            raise CourseError(
                self._shown(self.solution), node.lineno, f"{node.name} has no docstring: write what it returns."
            )
        summary = docstring.splitlines()[0]
        arguments = node.args.posonlyargs + node.args.args if isinstance(node, ast.FunctionDef) else []
        returns = ast.unparse(node.returns) if isinstance(node, ast.FunctionDef) and node.returns else ""
        return Exercise(
            name=node.name,
            parameters=tuple(argument.arg for argument in arguments),
            returns=returns,
            bonus=summary.startswith(BONUS),
            summary=summary,
        )

    def _check(self, node: ast.FunctionDef) -> Check:
        file = self._shown(self.checks_file)
        docstring = ast.get_docstring(node)
        if not docstring:
            raise CourseError(
                file, node.lineno, f"{node.name} has no docstring: its first line is what the student reads."
            )
        names = {exercise.name for exercise in self.exercises}
        exercise = next((argument.arg for argument in node.args.args if argument.arg in names), None)
        if exercise is None:
            known = ", ".join(sorted(names))
            raise CourseError(
                file, node.lineno, f"{node.name} has no argument that is named after an exercise ({known})."
            )
        claim, _, why = docstring.partition("\n")
        why = " ".join(why.split())
        return Check(node.name, exercise, claim.strip(), why, self._visibility(node), self._points(node))

    def _visibility(self, node: ast.FunctionDef) -> Visibility:
        names = {Visibility.HIDDEN: "hidden", Visibility.AFTER_DUE: "after_due"}
        decorators = [ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list]
        said = [visibility for visibility, name in names.items() if name in decorators]
        if len(said) > 1:
            raise CourseError(
                self._shown(self.checks_file), node.lineno, f"{node.name} is both hidden and after_due: choose one."
            )
        return said[0] if said else Visibility.PUBLIC

    def _points(self, node: ast.FunctionDef) -> int:
        for decorator in node.decorator_list:
            match decorator:
                case ast.Call(func=ast.Name(id="points") | ast.Attribute(attr="points")):
                    match [*decorator.args, *(word.value for word in decorator.keywords)]:
                        case [ast.Constant(value=int(number))]:
                            return number
                    problem = f"{node.name} has points that are no number: write @points(2), with a whole number."
                    raise CourseError(self._shown(self.checks_file), node.lineno, problem)
        return 1

    def _mistake(self, node: ast.FunctionDef) -> Mistake:
        exercise, name = self._names(node, self.mistakes_file, "mistake")
        return Mistake(node.name, exercise, name, self._read_by_students(node, self.mistakes_file))

    def _prediction(self, node: ast.FunctionDef) -> Prediction:
        path = self.predictions_file
        exercise, name = self._names(node, path, "topic")
        question = self._read_by_students(node, path)
        texts = self._texts(node, path)
        options = {**texts["otherwise"], texts["answer"]: texts["because"]}
        return Prediction(node.name, exercise, name, question, tuple(sorted(options.items())), texts["answer"])

    def _texts(self, node: ast.FunctionDef, path: Path) -> dict[str, Any]:
        """Return what @predict says; raises CourseError for anything but literals of the right kinds."""
        for call in node.decorator_list:
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "predict":
                try:
                    texts = {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
                except ValueError:
                    break
                match texts:
                    case {"answer": str(), "because": str(), "otherwise": dict() as wrong, **rest} if (
                        wrong and not rest and all(isinstance(text, str) for pair in wrong.items() for text in pair)
                    ):
                        return texts
                break
        problem = (
            f"{node.name} is no prediction: write @predict(answer=..., because=..., otherwise={{...}}) above it, with"
            " texts in quotes and at least one wrong option."
        )
        raise CourseError(self._shown(path), node.lineno, problem)

    def _names(self, node: ast.FunctionDef, path: Path, what: str) -> tuple[str, str]:
        """Return the exercise and the rest of a name such as ``compute_grid__transposed``."""
        exercise, _, name = node.name.partition("__")
        known = [item.name for item in self.exercises]
        if not name or exercise not in known:
            problem = (
                f"{node.name} is named after no exercise: write <exercise>__<{what}>, with one of {', '.join(known)}."
            )
            raise CourseError(self._shown(path), node.lineno, problem)
        return exercise, name

    def _read_by_students(self, node: ast.FunctionDef, path: Path) -> str:
        docstring = ast.get_docstring(node)
        if not docstring:
            problem = f"{node.name} has no docstring: it is what the student reads."
            raise CourseError(self._shown(path), node.lineno, problem)
        return " ".join(docstring.split())

    def _functions(self, path: Path) -> Iterator[ast.FunctionDef]:
        tree = self._parse(path)
        self._refuse_async(tree, path)
        return (node for node in tree.body if isinstance(node, ast.FunctionDef))

    def _public_functions(self, path: Path) -> list[ast.FunctionDef]:
        """Return the functions of a file that not every lesson has, but for its helpers."""
        if not path.is_file():
            return []
        return [node for node in self._functions(path) if not node.name.startswith("_")]

    def _refuse_async(self, tree: ast.Module, path: Path) -> None:
        for node in tree.body:
            if isinstance(node, ast.AsyncFunctionDef):
                raise CourseError(self._shown(path), node.lineno, f"{node.name} is async: write a plain def.")

    def _parse(self, path: Path) -> ast.Module:
        try:
            return ast.parse(path.read_bytes(), filename=str(path))
        except SyntaxError as error:
            raise CourseError(self._shown(path), error.lineno or 1, f"this is no Python: {error.msg}.") from None
        except (OSError, ValueError) as error:
            raise CourseError(self._shown(path), 1, f"cannot be read: {error}.") from None

    def _shown(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()


@dataclass(frozen=True)
class Course:
    """All lessons below one folder."""

    root: Path
    lessons: tuple[Lesson, ...]

    def find(self, text: str) -> Lesson:
        """Return the lesson that a student names: ``1.4``, ``m1_4`` or ``loss_landscape``."""
        exact = [lesson for lesson in self.lessons if text in (lesson.id, lesson.name)]
        topic = [lesson for lesson in self.lessons if _topic(lesson) == text]
        prefix = [lesson for lesson in self.lessons if re.fullmatch(rf"{re.escape(text)}(_.*)?", lesson.name)]
        part = [lesson for lesson in self.lessons if text and text in lesson.name]
        for found in (exact, topic, prefix, part):
            if len(found) == 1:
                return found[0]
            if found:
                names = ", ".join(f"{lesson.id} ({lesson.name})" for lesson in found)
                raise UsageError(f"{text!r} fits several lessons: {names}. Name one of them.")
        known = ", ".join(f"{lesson.id} ({_topic(lesson)})" for lesson in self.lessons)
        raise UsageError(f"There is no lesson {text!r}. There is: {known}.")


def _topic(lesson: Lesson) -> str:
    match = LESSON_NAME.fullmatch(lesson.name)
    return match["topic"] if match else lesson.name


def find_course(start: Path) -> Course:
    """Return the course of the nearest folder, from ``start`` upwards, that has lessons/ and solutions/."""
    beside_the_grader = Path(__file__).resolve().parents[2]
    for folder in (start, *start.parents, beside_the_grader):
        if (folder / "lessons").is_dir():
            return read_course(folder)
    raise UsageError(
        f"{start} is not inside the course: no folder above it has lessons/. Change into the course's folder."
    )


def read_course(root: Path) -> Course:
    """Return the course of a folder; the folders of lessons/ are its index, in the order of their numbers."""
    names = [path.name for path in (root / "lessons").iterdir() if path.is_dir() and LESSON_NAME.fullmatch(path.name)]
    lessons = sorted((Lesson(root, name) for name in names), key=lambda lesson: _sort_key(lesson.name))
    ids: dict[str, str] = {}
    for lesson in lessons:
        if lesson.id in ids:
            problem = f"{lesson.name} and {ids[lesson.id]} are both lesson {lesson.id}: give one another number."
            raise CourseError(f"lessons/{lesson.name}", 1, problem)
        ids[lesson.id] = lesson.name
    return Course(root, tuple(lessons))


def imports_of(lessons: Iterable[Lesson]) -> list[str]:
    """Return the modules that lessons import, as far as they can be read: what cannot is told where it is graded."""
    names: list[str] = []
    for lesson in lessons:
        with contextlib.suppress(GraderError):
            names += lesson.imports
    return list(dict.fromkeys(names))


def _sort_key(name: str) -> tuple[int, int]:
    match = LESSON_NAME.fullmatch(name)
    return (int(match["module"]), int(match["number"])) if match else (0, 0)
