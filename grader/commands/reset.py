"""`grade reset`: put a file, or one exercise of it, back to the starter code; the old version is kept."""

import ast
from collections.abc import Sequence
from pathlib import Path

from grader import files
from grader.commands import Answer, Context, Paths
from grader.course.definitions import span
from grader.course.model import Lesson
from grader.course.parse import tree_of
from grader.errors import Fault, UsageError

USAGE = "grade reset LESSON, or grade reset LESSON EXERCISE"

PATHS = Paths.CHANGE


def run(context: Context, words: Sequence[str]) -> Answer:
    """Replace the student's code with the stub's, and say where the old version is."""
    if len(words) not in (1, 2):
        raise UsageError(f"Name the lesson to reset: {USAGE}")
    lesson = context.course.find(words[0])
    path = context.submission / f"{lesson.name}.py"
    stub = lesson.stub
    before = present(path)
    if len(words) == 2:
        exercise = lesson.exercise(words[1]).name
        after = with_function(before, stub, exercise, path).encode()
        what = f"{exercise} in {path.name}"
    else:
        after, what = stub.encode(), path.name
    if before is not None and b"\r\n" in before:
        after = after.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if after == before:
        return Answer(f"{what} already is the starter code. Nothing was changed.")
    kept = keep(context, lesson, path, before, "reset")
    write(path, after)
    return Answer(f"{what} is the starter code again. {kept}")


def keep(context: Context, lesson: Lesson, path: Path, content: bytes | None, reason: str) -> str:
    """Save a version and say where; raises Fault if it cannot be saved."""
    if content is None:
        return "There was no file before."
    if context.store.keep(lesson.name, content, reason):
        return f"Your version is kept. To restore it: grade undo {lesson.id}"
    # A second reset must not overwrite what the first one saved.
    names = (path.with_name(f"{path.name}.before-{reason}{number or ''}") for number in range(1000))
    beside = next(name for name in names if not name.exists())
    write(beside, content)
    return f"Your version is kept beside it in {beside.name}, because: {context.store.complaint}"


def with_function(before: bytes | None, stub: str, name: str, path: Path) -> str:
    """Return the student's file with one function from the stub; raises UsageError if it cannot be replaced."""
    try:
        text = (before or b"").decode().replace("\r\n", "\n")
        mine, theirs = _lines_of(text, name), _lines_of(stub, name)
    except (UnicodeDecodeError, SyntaxError) as error:
        raise UsageError(
            f"{path.name} is not valid Python, so {name} alone cannot be reset. Fix it, or reset the file. ({error})"
        ) from error
    if mine is None or theirs is None:
        raise UsageError(f"{path.name} has no {name} to reset. Reset the whole file, or put the function back.")
    lines, original = text.split("\n"), stub.split("\n")
    return "\n".join([*lines[: mine[0]], *original[theirs[0] : theirs[1]], *lines[mine[1] :]])


def _lines_of(source: str, name: str) -> tuple[int, int] | None:
    """Return the range of lines of a function or class, with its decorators; the last of that name counts."""
    found = None
    for node in tree_of(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            found = span(node).start - 1, span(node).stop - 1
    return found


def present(path: Path) -> bytes | None:
    """Return the content of a file, or None if it is missing; raises UsageError for a link or an unreadable file."""
    if path.is_symlink():
        raise UsageError(f"{path.name} is a link, and links are not written through. Put the file itself there.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}. Nothing was changed.") from error


def write(path: Path, content: bytes) -> None:
    """Write a file atomically; raises Fault if it cannot be written, with nothing changed."""
    try:
        files.write(path, content)
    except OSError as error:
        raise Fault(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from error
