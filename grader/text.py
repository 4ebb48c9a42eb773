"""Text that is safe to show in a terminal, an XML file or a web page."""

import difflib
import re
import textwrap
from collections.abc import Iterable, Sequence

SIMILAR = 0.6
"""The similarity, by `difflib`, from which a word is taken for a mistyped other one."""


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


def fit(text: str, width: int) -> str:
    """Return a text without lines that a terminal of this width would break inside a word.

    Only what is longer is touched: it goes on below its last column, or else indented a little more.
    """
    return "\n".join(part for line in text.split("\n") for part in _fitted(line, width))


_ESCAPE = re.compile(r"\x1b\[[\d;]*m")


def _fitted(line: str, width: int) -> list[str]:
    if len(_ESCAPE.sub("", line)) <= width:
        return [line]
    gaps = list(re.finditer(r"(?<=\S) {2,}(?=\S)", line))
    columns = [gap.end() for gap in gaps if gap.end() <= width // 2]
    margin = len(line) - len(line.lstrip())
    indent = " " * (columns[-1] if columns else min(margin + 4, width // 2))
    # Where a column begins too far right to go on below it, its text gets lines of its own.
    parts = [line[: gaps[0].start()], f"{indent}{line[gaps[0].end() :]}"] if gaps and not columns else [line]
    wrap = textwrap.TextWrapper(
        width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, expand_tabs=False
    )
    return [row for part in parts for row in wrap.wrap(part)]


def meant(word: str, known: Iterable[str]) -> str:
    """Return the known word that a mistyped one is most like, or an empty string if none is close."""
    lower = {each.lower(): each for each in known}
    found = difflib.get_close_matches(word.lower(), lower, 1, SIMILAR)
    return lower[found[0]] if found else ""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 student``, ``2 students``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
