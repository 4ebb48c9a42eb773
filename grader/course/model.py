"""The course, read from its folders: lessons, exercises, checks and mistakes, parsed and never imported."""

import contextlib
import keyword
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from grader import invocation
from grader.course.definitions import Module, clashes, replaced
from grader.course.exercise_file import Check, ExerciseFile, Prediction, Variant, read_exercise_file
from grader.course.exercise_text import STARTER, ExerciseText, Mistake, parse_exercise_text, replacements, starter_of
from grader.course.interactive import INTERACTIVE, Interactive, read_interactive
from grader.course.parse import read_source, read_text
from grader.course.settings import FILE, Settings, is_course, order_of, read_settings
from grader.course.solution import Example, Exercise, examples_of, exercises_of
from grader.course.solution import imports_of as imports_of_solution
from grader.course.stub import derive_stub
from grader.errors import CourseError, Fault, GraderError, UsageError
from grader.text import meant
from grader.verdict import Visibility

NUMBERED = re.compile(r"m(?P<module>\d+)_(?P<number>\d+)_(?P<topic>[a-z0-9_]+)")
"""The name of a lesson with a number: ``m1_4_loss_landscape`` is lesson 1.4."""
LESSON_NAME = re.compile(r"[a-z][a-z0-9_]*")
"""The name of any lesson; students' files have it too."""
MODULES = frozenset(("grader", "hypothesis", "matplotlib", "numpy", "pytest", "torch"))
"""Modules that students and checks import, and that a file of the same name beside theirs would hide."""
DRILL = "drill"
"""The file in exercises/ that `grade debug` writes."""
SHARED = "shared"
"""The module of a lesson with code that several exercises use."""


@dataclass(frozen=True)
class Lesson:
    """One lesson: a folder in lessons/ and a file of the same name in solutions/."""

    root: Path
    """The course folder."""
    name: str

    @property
    def id(self) -> str:
        """What a student types: ``1.4`` for ``m1_4_loss_landscape``, and the name of a lesson without a number."""
        number = _number(self.name)
        return f"{number[0]}.{number[1]}" if number else self.name

    @property
    def module(self) -> int | None:
        """The module: 1 for ``m1_4_loss_landscape``; None for a lesson without a number."""
        number = _number(self.name)
        return number[0] if number else None

    @property
    def folder(self) -> Path:
        """The folder of the README and the two files of each exercise."""
        return self.root / "lessons" / self.name

    @property
    def solution(self) -> Path:
        """The single source of the stub and the reference."""
        return self.root / "solutions" / f"{self.name}.py"

    @property
    def shared(self) -> Path:
        """The shared module; not every lesson has one."""
        return self.folder / f"{SHARED}.py"

    def code(self, exercise: str) -> Path:
        """Return the path of an exercise's checks."""
        return self.folder / f"{exercise}.py"

    def text(self, exercise: str) -> Path:
        """Return the path of an exercise's hints and known mistakes."""
        return self.folder / f"{exercise}.md"

    @property
    def deciding(self) -> list[Path]:
        """The files that decide the verdicts, readable or not."""
        return [self.solution, *sorted(filter(self.decides, self.folder.glob("*")))]

    def decides(self, path: Path) -> bool:
        """Whether a file, which may have been removed, is one of those."""
        beside = ("README.md", f"{INTERACTIVE}.py")
        is_own = path.parent == self.folder and path.suffix in (".py", ".md") and path.name not in beside
        return is_own or path == self.solution

    def shown(self, path: Path) -> str:
        """Return the path of a file as shown in messages."""
        return path.relative_to(self.root).as_posix()

    @cached_property
    def title(self) -> str:
        """The first heading of the README, without the number."""
        readme = self.folder / "README.md"
        if readme.is_file():
            for line in readme.read_text(encoding="utf-8", errors="replace").splitlines():
                if line.startswith("# "):
                    heading = line.removeprefix("# ")
                    return (heading.removeprefix(self.id) if self.module is not None else heading).strip()
        return self.name

    @cached_property
    def solution_module(self) -> Module:
        """The parsed solution; raises Fault if it is missing."""
        if not self.solution.is_file():
            raise Fault(f"{self.shown(self.solution)} is missing: lesson {self.id} cannot be graded without it.")
        return self._module(self.solution)

    @cached_property
    def exercises(self) -> tuple[Exercise, ...]:
        """The public functions and classes of the solution, in file order."""
        return exercises_of(self.solution_module)

    @property
    def solution_text(self) -> str:
        """The source of the solution; raises as `exercises` does."""
        assert self.exercises
        return self.solution_module.source

    @cached_property
    def starters(self) -> dict[str, str]:
        """The bodies of the exercises to be repaired, by exercise; raises CourseError if their mistakes do not fit."""
        # Parsing is for the few files that have a starter: every command needs the stub, and most need no more.
        texts = [self._text(each.name) for each in self.exercises if STARTER in (self._markdown(each.name) or "")]
        return {text.exercise: starter_of(text, self.solution_module) for text in texts if text.starter}

    @cached_property
    def stub(self) -> str:
        """The file that a student fills in; raises as `exercises` and `starters` do."""
        return derive_stub(self.solution_text, self.starters)

    @cached_property
    def examples(self) -> dict[str, Example]:
        """The docstring examples that are checks, by exercise; ones that only explain are left out."""
        return examples_of(self.solution_module)

    @cached_property
    def imports(self) -> tuple[str, ...]:
        """The modules that the solution imports, which students will need."""
        return imports_of_solution(self.solution_module)

    @cached_property
    def files(self) -> dict[str, ExerciseFile]:
        """The parsed `.py` files, by exercise; raises Fault if one is missing."""
        missing = [self.code(each.name) for each in self.exercises if not self.code(each.name).is_file()]
        if missing:
            raise Fault(f"{self.shown(missing[0])} is missing: lesson {self.id} cannot be graded without it.")
        return {
            each.name: read_exercise_file(self._module(self.code(each.name)), each.name, self.shared_modules)
            for each in self.exercises
        }

    @cached_property
    def shared_modules(self) -> Mapping[str, Module]:
        """The modules that the `.py` of an exercise can import from, by name."""
        return {SHARED: self._module(self.shared)} if self.shared.is_file() else {}

    @cached_property
    def texts(self) -> dict[str, ExerciseText]:
        """The parsed `.md` files, by exercise; a missing file counts as empty."""
        return {each.name: self._text(each.name) for each in self.exercises}

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks of all exercises, in exercise order."""
        return tuple(check for file in self.files.values() for check in file.checks)

    @property
    def strictest(self) -> Visibility:
        """``hidden`` if any check is not public: text that quotes checks is then withheld too."""
        try:
            is_public = all(check.visibility is Visibility.PUBLIC for check in self.checks)
        except Fault:
            is_public = True  # a missing file cannot be quoted
        return Visibility.PUBLIC if is_public else Visibility.HIDDEN

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The known mistakes, in exercise order; raises CourseError for an edit that does not apply."""
        assert self.changed_by is not None
        return tuple(mistake for text in self.texts.values() for mistake in text.mistakes)

    @cached_property
    def changed_by(self) -> dict[str, dict[str, str]]:
        """The definitions that each mistake replaces in the solution, by mistake label."""
        return {
            mistake.label: replacements(mistake, self.solution_module, text.file)
            for text in self.texts.values()
            for mistake in text.mistakes
        }

    def mistaken(self, *mistakes: Mistake) -> str:
        """Return the solution with these mistakes, as a student could submit it."""
        changed = {name: text for each in mistakes for name, text in self.changed_by[each.label].items()}
        return replaced(self.solution_module, changed)

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The correct answers in other styles, in exercise order."""
        return tuple(variant for file in self.files.values() for variant in file.variants)

    def varied(self, variant: Variant) -> str:
        """Return the solution with a variant in place of its exercise, as a student could submit it."""
        for node in clashes(variant.source, self.solution_module, variant.exercise):
            problem = f"it uses {node.name}, a name of the solution too. Give it another."
            raise CourseError(self.shown(self.code(variant.exercise)), variant.line, problem)
        return replaced(self.solution_module, {variant.exercise: variant.source})

    @cached_property
    def predictions(self) -> tuple[Prediction, ...]:
        """The questions to answer before writing code, in exercise order."""
        return tuple(prediction for file in self.files.values() for prediction in file.predictions)

    @cached_property
    def interactive(self) -> tuple[Interactive, ...]:
        """The figures of the page that can be moved; most lessons have none."""
        path = self.folder / f"{INTERACTIVE}.py"
        names = [exercise.name for exercise in self.exercises]
        return read_interactive(self._module(path), names) if path.is_file() else ()

    def exercise(self, name: str) -> Exercise:
        """Return the exercise of a name; raises UsageError with the available names."""
        for exercise in self.exercises:
            if exercise.name == name:
                return exercise
        names = [exercise.name for exercise in self.exercises]
        guess = f" Did you mean {found}?" if (found := meant(name, names)) else ""
        raise UsageError(f"Lesson {self.id} has no exercise {name!r}.{guess} Available: {', '.join(names)}.")

    def _text(self, exercise: str) -> ExerciseText:
        shown, text = self.shown(self.text(exercise)), self._markdown(exercise)
        return parse_exercise_text(text, exercise, shown) if text is not None else ExerciseText(exercise, shown)

    def _markdown(self, exercise: str) -> str | None:
        """Return the `.md` of an exercise; None if it is missing."""
        path = self.text(exercise)
        return read_text(path, self.root) if path.is_file() else None

    def _module(self, path: Path) -> Module:
        return Module(self.shown(path), *read_source(path, self.root))


@dataclass(frozen=True)
class Course:
    """All lessons in one folder."""

    root: Path
    lessons: tuple[Lesson, ...]
    settings: Settings = field(default_factory=Settings)

    def find(self, text: str, commands: Iterable[str] = ()) -> Lesson:
        """Return the lesson that a student names: ``1.4``, ``m1_4`` or ``loss_landscape``.

        Raises UsageError with what was meant; it may also be one of these commands.
        """
        exact = [lesson for lesson in self.lessons if text in (lesson.id, lesson.name)]
        topic = [lesson for lesson in self.lessons if _topic(lesson) == text]
        prefix = [lesson for lesson in self.lessons if re.fullmatch(rf"{re.escape(text)}(_.*)?", lesson.name)]
        part = [lesson for lesson in self.lessons if text and text in lesson.name]
        for found in (exact, topic, prefix, part):
            if len(found) == 1:
                return found[0]
            if found:
                names = ", ".join(_told(lesson, lesson.name) for lesson in found)
                raise UsageError(f"{text!r} fits several lessons: {names}. Name one of them.")
        if re.fullmatch(r"\d+\.\d+", text) and any(_number(lesson.name) for lesson in self.lessons):
            raise UsageError(f"Lesson {text} isn't written yet. Available: {_ranges(self.lessons)}.")
        known = ", ".join(_told(lesson, _topic(lesson)) for lesson in self.lessons)
        guess = f" Did you mean {near}?" if (near := self._meant(text, commands)) else ""
        or_command = " or command" if commands else ""
        raise UsageError(f"No lesson{or_command} is called {text!r}.{guess} Available: {known}.")

    def _meant(self, text: str, commands: Iterable[str]) -> str:
        """Return what a mistyped word may stand for: a command, a lesson, or an exercise with its lesson."""
        named = {word: f"grade {word}" for word in commands}
        for lesson in self.lessons:
            with contextlib.suppress(GraderError):
                named |= {exercise.name: f"{lesson.id} {exercise.name}" for exercise in lesson.exercises}
        for lesson in self.lessons:
            named |= dict.fromkeys((lesson.id, lesson.name, _topic(lesson)), _told(lesson, _topic(lesson)))
        return named.get(meant(text, named), "")


def _told(lesson: Lesson, name: str) -> str:
    """Return what a student types, and a name of the lesson if that says more."""
    return lesson.id if lesson.id == name else f"{lesson.id} ({name})"


def _ranges(lessons: Iterable[Lesson]) -> str:
    """Return the ids of lessons, with consecutive numbers as a range: ``1.1 to 1.6, 2.3``."""
    ranges: list[tuple[Lesson, Lesson]] = []
    for lesson in lessons:
        number, before = _number(lesson.name), _number(ranges[-1][1].name) if ranges else None
        if number and before == (number[0], number[1] - 1):
            ranges[-1] = ranges[-1][0], lesson
        else:
            ranges.append((lesson, lesson))
    return ", ".join(first.id if first is last else f"{first.id} to {last.id}" for first, last in ranges)


def _topic(lesson: Lesson) -> str:
    match = NUMBERED.fullmatch(lesson.name)
    return match["topic"] if match else lesson.name


def find_course(start: Path) -> Course:
    """Return the course of the nearest folder with a `course.toml`, from ``start`` upwards.

    Raises UsageError with the next step if there is none.
    """
    folders = (start, *start.parents)
    for folder in folders:
        if is_course(folder):
            return read_course(folder)
    for folder in folders:
        if (folder / "lessons").is_dir() and (folder / "solutions").is_dir():
            raise UsageError(
                f"{folder} has lessons/ and no {FILE}, which marks the root of a course. Write it, with one line:"
                ' title = "The name of the course"'
            )
    raise UsageError(
        f"{start} is not in a course: neither this folder nor one above it has a {FILE}. Change to the folder of your"
        " course, or make an empty one: grade init --course FOLDER"
    )


def read_course(root: Path) -> Course:
    """Return the course of a folder: the folders in lessons/, in the order of their names or of `course.toml`.

    Raises CourseError if the settings are wrong, or if two lessons have one number.
    """
    settings = read_settings(root)
    folder = root / "lessons"
    names = [path.name for path in folder.iterdir() if is_lesson(path)] if folder.is_dir() else []
    lessons = [Lesson(root, name) for name in order_of(names, settings, root)]
    ids: dict[str, str] = {}
    for lesson in lessons:
        if problem := name_problem(lesson.name):
            raise CourseError(f"lessons/{lesson.name}", 1, problem)
        if lesson.id in ids:
            problem = f"{lesson.name} and {ids[lesson.id]} are both lesson {lesson.id}: renumber one of them."
            raise CourseError(f"lessons/{lesson.name}", 1, problem)
        ids[lesson.id] = lesson.name
    return Course(root, tuple(lessons), settings)


def name_problem(name: str) -> str:
    """Return why a lesson cannot have this name, and what to do; an empty text if it can."""
    if not LESSON_NAME.fullmatch(name):
        return f"{name!r} cannot name a lesson: use lowercase letters, digits and _, beginning with a letter."
    if name in invocation.WORDS or name == DRILL:
        return f"a lesson cannot be called {name}: it is a word of the command line. Rename it."
    if name in sys.stdlib_module_names or keyword.iskeyword(name) or name in MODULES:
        return f"a lesson cannot be called {name}: its files would hide the Python module {name}. Rename it."
    return ""


def is_lesson(path: Path) -> bool:
    """Whether a path in lessons/ is the folder of a lesson."""
    return LESSON_NAME.fullmatch(path.name) is not None and path.is_dir()


def imports_of(lessons: Iterable[Lesson]) -> list[str]:
    """Return the modules that lessons import; unreadable lessons are skipped, and reported when they are graded."""
    names: list[str] = []
    for lesson in lessons:
        with contextlib.suppress(GraderError):
            names += lesson.imports
    return list(dict.fromkeys(names))


def _number(name: str) -> tuple[int, int] | None:
    """Return the module and the number in a lesson's name."""
    match = NUMBERED.fullmatch(name)
    return (int(match["module"]), int(match["number"])) if match else None
