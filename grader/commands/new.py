"""`grade new`: a lesson with one exercise that already passes the audit, to be overwritten piece by piece."""

import argparse
import keyword
import re
from collections.abc import Sequence
from pathlib import Path

from grader.commands import Answer, Context, Paths, add_output, wrapped
from grader.commands.reset import write
from grader.commands.sync import run as sync
from grader.course import shipped
from grader.course.model import Lesson, read_course
from grader.errors import UsageError

USAGE = "grade new 1.7 momentum --exercise run_momentum"
TEMPLATE = Path(__file__).parent.parent / "template"
PLACES = {
    "solution.py": "solutions/{name}.py",
    "README.md": "lessons/{name}/README.md",
    "checks.py": "lessons/{name}/checks.py",
    "mistakes.py": "lessons/{name}/mistakes.py",
    "variants.py": "lessons/{name}/variants.py",
    "hints.md": "lessons/{name}/hints.md",
}
"""Where each file of the template goes."""


PATHS = Paths.FOLDER


def run(context: Context, words: Sequence[str], *, exercise: str) -> Answer:
    """Make the files of a new lesson; nothing that exists is overwritten."""
    name, number = _lesson_name(words)
    root = context.course.root
    if not exercise.isidentifier() or keyword.iskeyword(exercise) or exercise.startswith("_"):
        raise UsageError(f"--exercise {exercise!r} is no name of a public Python function. For example: {USAGE}")
    taken = next((lesson for lesson in context.course.lessons if lesson.id == number), None)
    if taken is not None:
        raise UsageError(f"Lesson {number} exists: lessons/{taken.name}. Choose another number.")
    places = {file: root / place.format(name=name) for file, place in PLACES.items()}
    stub = root / "exercises" / f"{name}.py"
    for path in (*places.values(), stub):
        if path.exists():
            raise UsageError(f"{path.relative_to(root)} exists, and nothing is overwritten. Move it away first.")
    title = words[1].replace("_", " ").capitalize()
    texts = {file: _filled(file, number, name, title, exercise) for file in places}
    for file, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, texts[file].encode())
    course = read_course(root)
    written = sync(Context(course, context.submission, context.store, context.style, context.ask), [number])
    return Answer("\n".join([*_told(course.find(number), places), "", *_next(number, exercise)]), written.exit_code)


def _lesson_name(words: Sequence[str]) -> tuple[str, str]:
    match words:
        case [number, topic] if found := re.fullmatch(r"([1-9]\d?)\.([1-9]\d?)", number):
            if not re.fullmatch(r"[a-z][a-z0-9_]*", topic):
                raise UsageError(f"The topic {topic!r} wants small letters, digits and _ only. For example: {USAGE}")
            return f"m{found[1]}_{found[2]}_{topic}", number
    raise UsageError(f"Name the number and the topic of the lesson: {USAGE}")


def _filled(file: str, number: str, name: str, title: str, exercise: str) -> str:
    """Return a file of the template with the names of the lesson in it."""
    text = (TEMPLATE / f"{file}.txt").read_text(encoding="utf-8")
    values = {"NUMBER": number, "LESSON": name, "TITLE": title, "EXERCISE": exercise}
    return re.sub(r"@(NUMBER|LESSON|TITLE|EXERCISE)@", lambda match: values[match[1]], text)


def _told(lesson: Lesson, places: dict[str, Path]) -> list[str]:
    made = [path.relative_to(lesson.root).as_posix() for path in places.values()]
    derived = [
        f"exercises/{lesson.name}.py",
        *sorted(path.relative_to(lesson.root).as_posix() for path in (lesson.folder / "figures").iterdir()),
        f"lessons/{lesson.name}/{shipped.LIST}",
    ]
    return [
        "Written, for you to overwrite:",
        *(f"  {path}" for path in made),
        "",
        "Derived from them:",
        *(f"  {path}" for path in derived),
    ]


def _next(number: str, exercise: str) -> list[str]:
    steps = [
        f"1. Write your exercise in the place of {exercise}: solution, checks, mistakes, variants, hints, text.",
        f"2. grade sync {number}    derives the stub and the rest anew",
        f"3. grade audit {number}   proves that the checks are right",
        "CONTRIBUTING.md goes through all of it, step by step.",
    ]
    return ["Next:", *(line for step in steps for line in wrapped([step], "  "))]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command line takes."""
    add_output(parser)
    parser.add_argument("--exercise", default="", metavar="NAME", help="what the exercise is called")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Do what the command line says."""
    return run(context, options.words, exercise=options.exercise)
