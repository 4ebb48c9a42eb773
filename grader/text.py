"""Text that is safe to show in a terminal, an XML file or a web page."""

import re
from collections.abc import Sequence


def clean(text: str) -> str:
    """Return a text with control characters, escape sequences, surrogates and direction marks spelled out."""
    return "".join(
        character if character.isprintable() or character in "\n\t" else _escaped(character) for character in text
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def cut(text: str, limit: int) -> str:
    """Return a text cut to at most ``limit`` characters, with a note of how many are left out."""
    if len(text) <= limit:
        return text
    note = f" [{len(text) - limit:,} more characters]"
    return text[: max(0, limit - len(note))] + note


MAX_QUOTED = 20
"""Further lines of a text that are quoted."""


def quoted(text: str) -> str:
    """Return a student's text with a mark before each further line, so that no line looks like the grader's."""
    first, *others = text.splitlines() or [""]
    more = len(others) - MAX_QUOTED
    lines = [first, *others[:MAX_QUOTED], *([f"({more:,} more lines)"] if more > 0 else [])]
    return "\n  | ".join(lines)


def type_called(name: str) -> str:
    """Return the name of a student's type, in quotes if it is not an identifier: a class can have any name."""
    return name if re.fullmatch(r"[\w.<>]+", name) else repr(name)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 student``, ``2 students``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
