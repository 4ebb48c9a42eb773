"""`grade reset`: begin a file, or one exercise of it, anew; what was there is kept."""

import ast
from collections.abc import Sequence
from pathlib import Path

from grader import files
from grader.commands import Answer, Context, Paths
from grader.course.model import Lesson
from grader.course.parse import tree_of
from grader.course.stub import derive_stub
from grader.errors import Fault, UsageError

USAGE = "grade reset 1.4, or grade reset 1.4 compute_grid"

PATHS = Paths.CHANGE


def run(context: Context, words: Sequence[str]) -> Answer:
    """Replace the student's code by the stub's and say where the old version is."""
    if len(words) not in (1, 2):
        raise UsageError(f"Name the lesson to begin anew: {USAGE}")
    lesson = context.course.find(words[0])
    path = context.submission / f"{lesson.name}.py"
    stub = derive_stub(lesson.solution_text)
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
        return Answer(f"{what} is the stub already. Nothing was changed.")
    kept = keep(context, lesson, path, before, "reset")
    write(path, after)
    return Answer(f"{what} is the stub again. {kept}")


def keep(context: Context, lesson: Lesson, path: Path, content: bytes | None, reason: str) -> str:
    """Put a version into safe-keeping and say where; raises Fault where there is no place for it."""
    if content is None:
        return "There was no file before."
    if context.store.keep(lesson.name, content, reason):
        return f"Your version is kept, and this brings it back: grade undo {lesson.id}"
    # A second reset must not overwrite what the first has saved.
    names = (path.with_name(f"{path.name}.before-{reason}{number or ''}") for number in range(1000))
    beside = next(name for name in names if not name.exists())
    write(beside, content)
    return f"Your version is in {beside.name} beside it, because: {context.store.complaint}"


def with_function(before: bytes | None, stub: str, name: str, path: Path) -> str:
    """Return the student's file with one function as it is in the stub; raises UsageError where that cannot be done."""
    try:
        text = (before or b"").decode().replace("\r\n", "\n")
        mine, theirs = _lines_of(text, name), _lines_of(stub, name)
    except (UnicodeDecodeError, SyntaxError) as error:
        raise UsageError(
            f"{path.name} is no Python, so {name} alone cannot be replaced. Mend it, or reset the file. ({error})"
        ) from error
    if mine is None or theirs is None:
        raise UsageError(f"{path.name} has no {name} to replace. Reset the whole file, or put the function back.")
    lines, original = text.split("\n"), stub.split("\n")
    return "\n".join([*lines[: mine[0]], *original[theirs[0] : theirs[1]], *lines[mine[1] :]])


def _lines_of(source: str, name: str) -> tuple[int, int] | None:
    """Return where a function or class begins, with its decorators, and ends; the last of that name counts."""
    found = None
    for node in tree_of(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found = first - 1, node.end_lineno or node.lineno
    return found


def present(path: Path) -> bytes | None:
    """Return what a file holds, or None where there is none; raises UsageError for a link and an unreadable file."""
    if path.is_symlink():
        raise UsageError(f"{path.name} is a link, and a link is not written through. Put the file itself there.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}. Nothing was changed.") from error


def write(path: Path, content: bytes) -> None:
    """Write a file of the course's folder whole or not at all; raises Fault, and then nothing has changed."""
    try:
        files.write(path, content)
    except OSError as error:
        raise Fault(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from error
