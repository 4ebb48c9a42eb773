"""`grade new`: create a lesson with one exercise that already passes the audit, to replace piece by piece."""

import argparse
import ast
import keyword
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.commands import Answer, Context, Needs, Paths, add_output
from grader.commands.reset import write
from grader.commands.sync import run as sync
from grader.course import shipped
from grader.course.definitions import bound
from grader.course.model import NUMBERED, Lesson, name_problem, read_course
from grader.course.parse import read_text
from grader.errors import CourseError, UsageError
from grader.reports.text import Style

USAGE = (
    "grade new 1.7 momentum --exercise run_momentum, grade new week2 --exercise NAME for a lesson without a number,"
    " or grade new LESSON --exercise NAME for one more exercise"
)
TEMPLATE = Path(__file__).parent.parent / "template"
NEEDS = Needs.COURSE
PATHS = Paths.FOLDER
_IMPORTS = {"torch": ("Tensor", "from torch import Tensor"), "numpy": ("np", "import numpy as np")}
"""The name that the function of a template uses, and where it comes from, by what a course's arrays are."""
_MAIN = 'if __name__ == "__main__":'
_END_OF_EXERCISES = ("Questions readers ask", "Summary")
"""Sections that may follow the exercises in a README."""


def run(context: Context, words: Sequence[str], *, exercise: str) -> Answer:
    """Create the files of a new lesson, or of one more exercise; existing files are never overwritten."""
    if not exercise.isidentifier() or keyword.iskeyword(exercise) or exercise.startswith("_"):
        raise UsageError(f"--exercise {exercise!r} cannot name a public Python function. For example: {USAGE}")
    present = {lesson.id: lesson for lesson in context.course.lessons}
    if len(words) == 1 and words[0] in present:
        return _add_exercise(context, present[words[0]], exercise)
    name, number, topic = _lesson_name(words)
    if number in present:
        taken = f"Lesson {number} already exists: lessons/{present[number].name}."
        raise UsageError(f"{taken} Choose another number, or add an exercise: grade new {number} --exercise {exercise}")
    lesson, fill = Lesson(context.course.root, name), _filler(context)
    topic = topic.replace("_", " ").capitalize()
    title = topic if lesson.module is None else f"{number} {topic}"
    values = {"NUMBER": number, "LESSON": name, "TITLE": title, "EXERCISE": exercise, "COUNT": "1"}
    values |= {"FUNCTION": fill("function.py", values), "SECTION": fill("section.md", values)}
    texts = {
        lesson.solution: fill("solution.py", values),
        lesson.folder / "README.md": fill("README.md", values),
        lesson.code(exercise): fill("exercise.py", values),
        lesson.text(exercise): fill("exercise.md", values),
    }
    _require_free(lesson, [*texts, lesson.root / "exercises" / f"{name}.py"])
    written = _write(context, lesson, texts)
    lines = [*_told(lesson, texts), "", *_next(number, exercise, context.style)]
    return Answer("\n".join(lines), written.exit_code)


def _add_exercise(context: Context, lesson: Lesson, exercise: str) -> Answer:
    """Add an exercise to a lesson: its two files, a function in the solution, a section in the README."""
    if exercise in (each.name for each in lesson.exercises):
        raise UsageError(f"Lesson {lesson.id} already has an exercise {exercise}. Choose another name.")
    values = {"NUMBER": lesson.id, "EXERCISE": exercise, "COUNT": str(len(lesson.exercises) + 1)}
    fill = _filler(context)
    own = {
        lesson.code(exercise): fill("exercise.py", values),
        lesson.text(exercise): fill("exercise.md", values),
    }
    _require_free(lesson, own)
    readme = lesson.folder / "README.md"
    changed = {
        lesson.solution: _with_function(lesson, fill("function.py", values), context.course.settings.arrays),
        readme: _with_section(read_text(readme, lesson.root), fill("section.md", values), lesson.shown(readme)),
    }
    written = _write(context, lesson, own | changed)
    lines = [
        "Created, for you to replace:",
        *(f"  {lesson.shown(path)}" for path in own),
        "",
        "Extended:",
        *(f"  {lesson.shown(path)}" for path in changed),
        "",
        *([written.text, ""] if written.exit_code else []),
        *_next(lesson.id, exercise, context.style),
    ]
    return Answer("\n".join(lines), written.exit_code)


def _with_function(lesson: Lesson, function: str, arrays: str) -> str:
    """Return the solution with one more function, before its main block, and with the import that it needs."""
    source = lesson.solution_module.source
    name, needed = _IMPORTS[arrays]
    if name not in bound(lesson.solution_module.tree):
        imports = [node for node in lesson.solution_module.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        lines = source.splitlines(keepends=True)
        lines.insert(imports[-1].end_lineno or 0 if imports else 0, f"{needed}\n")
        source = "".join(lines)
    before, main, after = source.partition(f"\n{_MAIN}")
    end = f"\n\n\n{_MAIN}{after}" if main else "\n"
    return f"{before.rstrip()}\n\n\n{function.rstrip()}{end}"


def _with_section(readme: str, section: str, file: str) -> str:
    """Return the README with one more section at the end of its exercises."""
    begin = readme.find("\n## Exercises\n")
    end = min((at for each in _END_OF_EXERCISES if (at := readme.find(f"\n## {each}\n", begin)) >= 0), default=-1)
    if begin < 0 or end < 0:
        raise CourseError(file, 1, "it must have a section Exercises, followed by a section Summary.")
    return f"{readme[:end].rstrip()}\n\n{section.rstrip()}\n{readme[end:]}"


def _require_free(lesson: Lesson, paths: Iterable[Path]) -> None:
    for path in paths:
        if path.exists():
            raise UsageError(f"{lesson.shown(path)} already exists and is not overwritten. Move it away first.")


def _write(context: Context, lesson: Lesson, texts: Mapping[Path, str]) -> Answer:
    """Write files, and derive the others from them."""
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, text.encode())
    course = read_course(context.course.root)
    return sync(replace(context, course=course), [lesson.id])


def _lesson_name(words: Sequence[str]) -> tuple[str, str, str]:
    """Return the name of a new lesson, what a student types, and its topic."""
    match words:
        case [number, topic] if found := re.fullmatch(r"([1-9]\d?)\.([1-9]\d?)", number):
            if not re.fullmatch(r"[a-z][a-z0-9_]*", topic):
                raise UsageError(f"The topic {topic!r} must be lowercase letters, digits and _. For example: {USAGE}")
            return f"m{found[1]}_{found[2]}_{topic}", number, topic
        case [name] if not re.match(r"\d", name) and not NUMBERED.match(name):
            if problem := name_problem(name):
                raise UsageError(f"{problem} For example: {USAGE}")
            return name, name, name
    raise UsageError(f"Name the lesson's number and topic: {USAGE}")


def _filler(context: Context) -> Callable[[str, Mapping[str, str]], str]:
    """Return what fills values into a template file, for the arrays that this course uses."""

    def fill(file: str, values: Mapping[str, str]) -> str:
        text = (TEMPLATE / context.course.settings.arrays / f"{file}.txt").read_text(encoding="utf-8")
        return re.sub(r"@([A-Z]+)@", lambda match: values[match[1]].rstrip(), text)

    return fill


def _told(lesson: Lesson, texts: Iterable[Path]) -> list[str]:
    derived = [
        f"exercises/{lesson.name}.py",
        *sorted(lesson.shown(path) for path in (lesson.folder / "figures").iterdir()),
        f"lessons/{lesson.name}/{shipped.LIST}",
    ]
    return [
        "Created, for you to replace:",
        *(f"  {lesson.shown(path)}" for path in texts),
        "",
        "Derived from them:",
        *(f"  {path}" for path in derived),
    ]


def _next(number: str, exercise: str, style: Style) -> list[str]:
    steps = [
        f"1. Replace {exercise} with your exercise: solution, checks, known mistakes, hints, text.",
        f"2. grade sync {number}    updates the stub and the rest",
        f"3. grade audit {number}   proves that the checks are right",
        "The CONTRIBUTING.md of the grader explains each step.",
    ]
    return ["Next:", *(line for step in steps for line in style.wrapped([step], "  "))]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    parser.add_argument("--exercise", default="", metavar="NAME", help="name of the exercise")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Create the files with these options."""
    return run(context, options.words, exercise=options.exercise)
