"""The parts of a Markdown file, each with its line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCED = re.compile(r"^(?P<indent> *)```(?P<language>[^\n`]*)\n(?P<text>.*?)^ *```[ \t]*$", re.MULTILINE | re.DOTALL)
# No empty lines, so that a lone $$ does not run into the next formula.
_DISPLAYED = re.compile(r"^\$\$\n(?P<text>(?:(?!\$\$$)[^\n]*\S[^\n]*\n)+)\$\$$", re.MULTILINE)
_CODE = re.compile(r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_INLINE = re.compile(r"(?<!\$)\$(?P<text>[^$\n]+)\$(?!\$)")
_HEADING = re.compile(r"^(#{1,6}) +(.*?)[ #]*$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A piece of a file."""

    text: str
    line: int
    """Where its text begins."""
    kind: str = ""
    """The language of a block, the marks of a heading."""


def blocks(text: str) -> list[Part]:
    """Return the fenced blocks."""
    return [
        Part(match["text"], line_of(text, match.start("text")), match["language"].strip())
        for match in _FENCED.finditer(text)
    ]


def formulas(text: str) -> list[Part]:
    """Return the displayed formulas."""
    return [Part(match["text"], line_of(text, match.start("text"))) for match in _DISPLAYED.finditer(_no_blocks(text))]


def inline_formulas(text: str) -> list[Part]:
    """Return the formulas within the prose."""
    rest = _blank(_CODE, _blank(_DISPLAYED, _no_blocks(text)))
    return [Part(match["text"], line_of(rest, match.start())) for match in _INLINE.finditer(rest)]


def code_spans(text: str) -> list[Part]:
    """Return the code within the prose."""
    rest = _no_blocks(text)
    return [Part(match[0].strip("`").strip(), line_of(rest, match.start())) for match in _CODE.finditer(rest)]


def headings(text: str) -> list[Part]:
    """Return the headings with their marks."""
    rest = _no_blocks(text)
    return [Part(match[2], line_of(rest, match.start()), match[1]) for match in _HEADING.finditer(rest)]


def without_formulas(text: str) -> str:
    """Return the text with code and displayed formulas blanked out."""
    return _blank(_DISPLAYED, without_code(text))


def prose(text: str) -> str:
    """Return the text with code and formulas blanked out: positions and lines stay."""
    return _blank(_INLINE, without_code(_blank(_DISPLAYED, _no_blocks(text))))


def without_code(text: str) -> str:
    """Return the text with code blanked out."""
    return _blank(_CODE, _no_blocks(text))


def section(text: str, title: str) -> Part:
    """Return the text under a heading of level 2; empty if it does not exist."""
    marks = headings(text)
    lines = text.splitlines(keepends=True)
    for begin in (heading.line for heading in marks if (heading.kind, heading.text) == ("##", title)):
        end = min(
            (each.line - 1 for each in marks if each.line > begin and each.kind in ("#", "##")), default=len(lines)
        )
        return Part("".join(lines[begin:end]), begin + 1)
    return Part("", 1)


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as code hosts make them."""
    names: dict[str, int] = {}
    found = set()
    for heading in headings(text):
        name = re.sub(r"[^\w\- ]", "", heading.text.lower()).strip().replace(" ", "-")
        count = names[name] = names.get(name, -1) + 1
        found.add(f"{name}-{count}" if count else name)
    return found


def links(text: str) -> Iterator[Part]:
    """Yield the targets of links and pictures."""
    rest = prose(text)
    for match in re.finditer(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)", rest):
        yield Part(match[1], line_of(rest, match.start()))


def line_of(text: str, position: int) -> int:
    """Return the line, counted from 1, of a position in a text."""
    return text.count("\n", 0, position) + 1


def _no_blocks(text: str) -> str:
    return _blank(_FENCED, text)


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
