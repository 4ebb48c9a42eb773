"""Parsing Python source: untrusted student code, or files of the course."""

import ast
import functools
from pathlib import Path

from grader.errors import CourseError


def tree_of(source: str | bytes) -> ast.Module:
    """Parse a source; raises SyntaxError, and nothing else, if it is not valid Python."""
    try:
        return ast.parse(source)
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
        raise CourseError(path.relative_to(root).as_posix(), 1, f"cannot be read: {error}.") from None


def read_tree(path: Path, root: Path) -> ast.Module:
    """Parse a Python file of the course; do not modify the cached tree. Raises CourseError with the line."""
    shown = path.relative_to(root).as_posix()
    try:
        return _parsed(path.read_bytes())
    except SyntaxError as error:
        raise CourseError(shown, error.lineno or 1, f"syntax error: {error.msg}.") from None
    except OSError as error:
        raise CourseError(shown, 1, f"cannot be read: {error}.") from None


@functools.lru_cache(maxsize=256)
def _parsed(content: bytes) -> ast.Module:
    return tree_of(content)
