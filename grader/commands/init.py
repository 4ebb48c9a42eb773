"""`grade init`: lay out a folder to work in; nothing that is there is overwritten."""

import argparse
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from grader import files
from grader.commands import Answer, Context, Needs, Paths, add_output
from grader.course import empty, layout, settings
from grader.course.installed import course_from
from grader.errors import Fault, UsageError
from grader.sandbox.readable import MARK

USAGE = "grade init my-folder"
COURSE = "grade init --course FOLDER"
NEEDS = Needs.NOTHING
PATHS = Paths.FOLDER
MAX_NAMES = 10


def lay_out(folder: Path, source: str, *, is_gpu: bool) -> Answer:
    """Write a course into a folder; what is there already is left as it is, and students' files above all.

    Raises UsageError if another file is in the way, before anything is written.
    """
    with course_from(source, apart_from=folder) as course:
        own, exercises = layout.course_files(course), layout.exercise_files(course)
        written = layout.made_files(is_gpu=is_gpu) | exercises | own
        title, count = course.lessons[0].title, len(course.lessons)
    present = {name: _content(folder, name) for name in written}
    # A student's file is never in the way: the folder is completed around it.
    kept = [name for name in exercises if present[name] not in (None, exercises[name])]
    in_the_way = [name for name in written if name not in kept and present[name] not in (None, written[name])]
    if in_the_way:
        raise UsageError(_refusal(folder, in_the_way, is_course=MARK in in_the_way or bool(kept)))
    missing = {name: content for name, content in written.items() if present[name] is None}
    if not missing:
        return Answer(f"{folder} is complete: nothing was written.")
    _write(folder, missing)
    shown = shlex.quote(str(folder))
    lines = [
        f"Wrote {len(missing)} files to {folder}: {count} lessons, from {title!r} on.",
        *(f"Kept your {name}." for name in kept),
        "",
        "Next:",
        *([] if folder.resolve() == Path.cwd() else [f"  cd {shown}"]),
        "  uv venv",
        "  uv pip install -r pyproject.toml    # the grader and what the lessons import: some minutes",
        "  uv run grade                        # where to begin",
    ]
    return Answer("\n".join(lines))


def course(folder: Path, *, title: str, language: str, arrays: Literal["torch", "numpy"]) -> Answer:
    """Write an empty course into a folder; files that are there with this content are left as they are.

    Raises CourseError for settings that are wrong, and UsageError if another file is in the way, before anything is
    written.
    """
    texts = empty.files_of(title, language, arrays)
    settings.parse_settings(texts[MARK].decode())
    present = {name: _content(folder, name) for name in texts}
    if in_the_way := [name for name in texts if present[name] not in (None, texts[name])]:
        raise UsageError(_refusal(folder, in_the_way, is_course=False))
    _write(folder, {name: content for name, content in texts.items() if present[name] is None})
    lines = [
        f"Wrote an empty course to {folder}:",
        *(f"  {name}" for name in texts),
        "",
        "Next:",
        *([] if folder.resolve() == Path.cwd() else [f"  cd {shlex.quote(str(folder))}"]),
        "  uv venv",
        "  uv pip install -r pyproject.toml            # the grader and what the lessons import: some minutes",
        "  uv run grade new week1 --exercise NAME      # a sample lesson to replace, which already passes the audit",
        "  uv run grade audit                          # proves that the checks are right",
    ]
    return Answer("\n".join(lines))


def _content(folder: Path, name: str) -> bytes | None:
    """Return what is at a place; raises UsageError where it cannot be written."""
    path = folder / name
    if (link := files.link_to(path, folder)) is not None:
        raise UsageError(f"{link} is a link, and links are not written through. Move it away. Nothing was written.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}. Name another folder.") from error


def _refusal(folder: Path, names: list[str], *, is_course: bool) -> str:
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    step = "To bring a course to another version, run grade update in it." if is_course else "Move them away first."
    shown = ", ".join(names[:MAX_NAMES])
    return f"{folder} already has other files of these names: {shown}{more}. Nothing was written. {step}"


def _write(folder: Path, texts: Mapping[str, bytes]) -> None:
    for name, content in texts.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, content, is_precious=False)
        except OSError as error:
            step = "The same command completes the folder later."
            raise Fault(f"{path} cannot be written ({error.strerror or error}). {step}") from error


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    parser.add_argument("--gpu", action="store_true", help="take the build of torch for this machine's GPU")
    parser.add_argument("--from", default="", metavar="SOURCE", help="folder or wheel of the course")
    parser.add_argument("--course", action="store_true", help="an empty course, for authors")
    parser.add_argument("--title", default="", metavar="TEXT", help="its title (default: the name of the folder)")
    parser.add_argument("--language", default="en", metavar="TAG", help="the language of its texts (default: en)")
    parser.add_argument("--torch", action="store_true", help="write its lessons with torch (default: NumPy)")


def command(_context: Context, options: argparse.Namespace) -> Answer:
    """Lay out a folder with these options."""
    if len(options.words) != 1:
        example = COURSE if options.course else USAGE
        raise UsageError(f"Name the folder to write to, or . for this one: {example}")
    folder, source = Path(options.words[0]), vars(options)["from"]
    if not options.course:
        if options.title or options.torch:
            raise UsageError(f"--title and --torch are for a new course: {COURSE}")
        return lay_out(folder, source, is_gpu=options.gpu)
    if source or options.gpu:
        raise UsageError(f"--from and --gpu are for a student's folder: {USAGE}")
    title = options.title or re.sub(r"[-_\s]+", " ", folder.resolve().name).strip().capitalize() or settings.TITLE
    return course(folder, title=title, language=options.language, arrays="torch" if options.torch else "numpy")
