"""`grade new`: create a lesson that already passes the audit, or exercises in one, to replace piece by piece."""

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
BEGUN = "begun"
"""The template of an exercise whose function is written; it holds no arrays."""
_Fill = Callable[[str, Mapping[str, str]], str]
"""Fills values into a template file."""


def run(context: Context, words: Sequence[str], *, exercises: Sequence[str]) -> Answer:
    """Create the files of a new lesson, or of more exercises; existing files are never overwritten."""
    _require_names(exercises)
    present = {lesson.id: lesson for lesson in context.course.lessons}
    if len(words) == 1 and words[0] in present:
        return _add_exercises(context, present[words[0]], exercises)
    name, number, topic = _lesson_name(words)
    if number in present:
        taken = f"Lesson {number} already exists: lessons/{present[number].name}."
        options = " ".join(f"--exercise {each}" for each in exercises)
        raise UsageError(f"{taken} Choose another number, or add to the lesson: grade new {number} {options}")
    lesson, fill = Lesson(context.course.root, name), _filler(context)
    topic = topic.replace("_", " ").capitalize()
    title = topic if lesson.module is None else f"{number} {topic}"
    values = {"NUMBER": number, "LESSON": name, "TITLE": title, "EXERCISE": exercises[0]}
    values |= {"FUNCTION": _functions(fill, exercises), "SECTION": _sections(fill, number, exercises, first=1)}
    texts = {
        lesson.solution: fill("solution.py", values),
        lesson.folder / "README.md": fill("README.md", values),
        **_files(fill, lesson, exercises),
    }
    _require_free(lesson, [*texts, lesson.root / "exercises" / f"{name}.py"])
    written = _write(context, lesson, texts)
    lines = [*_told(lesson, texts), "", *_next(number, exercises, context.style)]
    return Answer("\n".join(lines), written.exit_code)


def _require_names(exercises: Sequence[str]) -> None:
    for name in exercises or [""]:
        if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
            raise UsageError(f"--exercise {name!r} cannot name a public Python function. For example: {USAGE}")
        if exercises.count(name) > 1:
            raise UsageError(f"--exercise {name} is given twice. Each exercise has a name of its own.")


def _add_exercises(context: Context, lesson: Lesson, exercises: Sequence[str]) -> Answer:
    """Add exercises to a lesson: their two files, functions in the solution, sections in the README.

    The solution may have the function of an exercise already; then its two files are a frame to be filled.
    """
    here = {each.name for each in lesson.exercises}
    new = [name for name in exercises if name not in here]
    begun = [name for name in exercises if name in here]
    for name in begun:
        if lesson.code(name).exists():
            raise UsageError(f"Lesson {lesson.id} already has an exercise {name}. Choose another name.")
    fill = _filler(context)
    own = _files(fill, lesson, new) | _files(fill, lesson, begun, template=BEGUN)
    _require_free(lesson, own)
    readme = lesson.folder / "README.md"
    changed = {}
    if new:
        sections = _sections(fill, lesson.id, new, first=len(here) + 1)
        changed = {
            lesson.solution: _with_functions(lesson, _functions(fill, new), context.course.settings.arrays),
            readme: _with_sections(read_text(readme, lesson.root), sections, lesson.shown(readme)),
        }
    written = _write(context, lesson, own | changed)
    lines = [
        "Created, for you to replace:",
        *(f"  {lesson.shown(path)}" for path in own),
        "",
        *(["Extended:", *(f"  {lesson.shown(path)}" for path in changed), ""] if changed else []),
        *([written.text, ""] if written.exit_code else []),
        *_next(lesson.id, exercises, context.style),
    ]
    return Answer("\n".join(lines), written.exit_code)


def _files(fill: _Fill, lesson: Lesson, exercises: Sequence[str], template: str = "exercise") -> dict[Path, str]:
    """Return the two files of each exercise."""
    return {
        path: fill(f"{template}{path.suffix}", {"EXERCISE": name})
        for name in exercises
        for path in (lesson.code(name), lesson.text(name))
    }


def _functions(fill: _Fill, exercises: Sequence[str]) -> str:
    return "\n\n\n".join(fill("function.py", {"EXERCISE": name}).rstrip() for name in exercises)


def _sections(fill: _Fill, number: str, exercises: Sequence[str], *, first: int) -> str:
    """Return the sections of the README about exercises; the first of them has this number."""
    return "\n\n".join(
        fill("section.md", {"NUMBER": number, "EXERCISE": name, "COUNT": str(count)}).rstrip()
        for count, name in enumerate(exercises, start=first)
    )


def _with_functions(lesson: Lesson, functions: str, arrays: str) -> str:
    """Return the solution with more functions, before its main block, and with the import that they need."""
    source = lesson.solution_module.source
    name, needed = _IMPORTS[arrays]
    if name not in bound(lesson.solution_module.tree):
        imports = [node for node in lesson.solution_module.tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        lines = source.splitlines(keepends=True)
        lines.insert(imports[-1].end_lineno or 0 if imports else 0, f"{needed}\n")
        source = "".join(lines)
    before, main, after = source.partition(f"\n{_MAIN}")
    end = f"\n\n\n{_MAIN}{after}" if main else "\n"
    return f"{before.rstrip()}\n\n\n{functions}{end}"


def _with_sections(readme: str, sections: str, file: str) -> str:
    """Return the README with more sections at the end of its exercises."""
    begin = readme.find("\n## Exercises\n")
    end = min((at for each in _END_OF_EXERCISES if (at := readme.find(f"\n## {each}\n", begin)) >= 0), default=-1)
    if begin < 0 or end < 0:
        raise CourseError(file, 1, "it must have a section Exercises, followed by a section Summary.")
    return f"{readme[:end].rstrip()}\n\n{sections}\n{readme[end:]}"


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


def _filler(context: Context) -> _Fill:
    """Return what fills values into a template file, for the arrays that this course uses."""

    def fill(file: str, values: Mapping[str, str]) -> str:
        folder = TEMPLATE if file.startswith(BEGUN) else TEMPLATE / context.course.settings.arrays
        text = (folder / f"{file}.txt").read_text(encoding="utf-8")
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


def _next(number: str, exercises: Sequence[str], style: Style) -> list[str]:
    names, own = ", ".join(exercises), "your exercise" if len(exercises) == 1 else "your exercises"
    steps = [
        f"1. Replace {names} with {own}: solution, checks, known mistakes, hints, text.",
        f"2. grade sync {number}    updates the stub and the rest",
        f"3. grade audit {number}   proves that the checks are right",
        "The CONTRIBUTING.md of the grader explains each step.",
    ]
    return ["Next:", *(line for step in steps for line in style.wrapped([step], "  "))]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    text = "name of an exercise; several: --exercise A --exercise B"
    parser.add_argument("--exercise", action="append", default=[], metavar="NAME", help=text)


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Create the files with these options."""
    return run(context, options.words, exercises=options.exercise)
