"""Parsing Python source: untrusted student code, or files of the course."""

import ast
import functools
import io
from pathlib import Path

from grader.errors import CourseError
from grader.syntax import parse


def tree_of(source: str | bytes) -> ast.Module:
    """Parse a source; raises SyntaxError, and nothing else, if it is not valid Python."""
    try:
        return parse(source)
    except (RecursionError, MemoryError):
        # Which of the two depends on the nesting: `a.a.a` and `---1` hit different limits.
        raise SyntaxError("nested too deeply to parse") from None
    except ValueError as error:  # a null byte, or invalid characters
        raise SyntaxError(str(error)) from None


def read_text(path: Path, root: Path) -> str:
    """Return the text of a course file; raises CourseError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _unreadable(path, root, error) from None


def read_source(path: Path, root: Path) -> tuple[str, ast.Module]:
    """Return a Python file of the course, read once, as text and as a tree.

    Do not modify the tree: it is cached. Raises CourseError with the line.
    """
    try:
        content = path.read_bytes()
        tree = _parsed(content)
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8").read(), tree
    except SyntaxError as error:
        shown = path.relative_to(root).as_posix()
        raise CourseError(shown, error.lineno or 1, f"syntax error: {error.msg}.") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, root, error) from None


def _unreadable(path: Path, root: Path, error: Exception) -> CourseError:
    return CourseError(path.relative_to(root).as_posix(), 1, f"cannot be read: {error}.")


@functools.lru_cache(maxsize=256)
def _parsed(content: bytes) -> ast.Module:
    return tree_of(content)
