"""Python source as a tree; what a student wrote may be no Python, and may be nested without end."""

import ast


def tree_of(source: str | bytes) -> ast.Module:
    """Return a source as a tree; raises SyntaxError, and nothing else, for what cannot be one."""
    try:
        return ast.parse(source)
    except (RecursionError, MemoryError):
        # Which of the two it is depends on how the file is nested: `a.a.a` and `---1` meet different limits.
        raise SyntaxError("it is nested too deeply to be read") from None
    except ValueError as error:  # a null byte, or characters that are none
        raise SyntaxError(str(error)) from None
