"""The course's Markdown as HTML for the page: the only text that becomes markup, and none of it is a student's."""

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.dollarmath import dollarmath_plugin
from PIL import Image

from grader.web import animation

SOLUTIONS = "Solutions"
"""The section of a lesson that the page shows exercise by exercise, once each has passed."""
FIGURES = frozenset({".png", ".gif", ".svg", ".jpg", ".webp"})
Link = Callable[[str], str]
"""Turns the address of a link or picture as the Markdown has it into the page's; empty for one that the page lacks."""


@dataclass(frozen=True)
class Heading:
    """A section of a page."""

    text: str
    anchor: str


@dataclass(frozen=True)
class Document:
    """A page of the course in HTML."""

    html: str
    """Without the solutions."""
    headings: tuple[Heading, ...]
    """Of the second level, without that of the solutions."""
    solutions: Mapping[str, str]
    """The explained solutions, by their heading."""


def read(text: str, folder: Path, link: Link) -> Document:
    """Return a document; ``folder`` is where its pictures are."""
    tokens = _parser().parse(text)
    _prepare(tokens, folder, link)
    main, rest = _split(tokens)
    return Document(_html(main), tuple(_headings(main)), {name: _html(part) for name, part in _parts(rest)})


def links(
    page: Path, pages: Collection[Path], route: Callable[[Path, str], str], picture: Callable[[Path], str]
) -> Link:
    """Return a `Link` for a Markdown file: the address of another one of ``pages``, or of a picture in ``figures``."""

    def link(address: str) -> str:
        target, _, anchor = address.partition("#")
        path = Path(os.path.normpath(page.parent / target)) if target else page
        if path.parent == page.parent / "figures":
            return picture(path)
        return route(path, anchor) if path in pages else ""

    return link


def fragment(text: str, link: Link = lambda _: "") -> str:
    """Return a short text, such as a hint, in HTML."""
    tokens = _parser().parse(text)
    _prepare(tokens, Path(), link)
    return _html(tokens)


def slug(heading: str) -> str:
    """Return the anchor that code hosts give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def _parser() -> MarkdownIt:
    # No HTML: what the Markdown has of it is shown as text.
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, renderer=lambda content, _options: escape(content), allow_digits=False)
    # What may be wider than the page scrolls in a box of its own.
    for name in ("fence", "code_block"):
        parser.add_render_rule(name, _code)
    parser.add_render_rule("image", _image)
    parser.add_render_rule("table_open", lambda *_: '<div class="scrolls" role="group" aria-label="Table">\n<table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    return parser


def _code(_: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    token = tokens[index]
    language = token.info.split()[0] if token.info.strip() else ""
    name = f' class="language-{escape(language)}"' if language else ""
    code = f"<code{name}>{escape(token.content, quote=False)}</code>"
    return f'<div class="code"><pre role="group" aria-label="Code">{code}</pre></div>\n'


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    html = renderer.image(tokens, index, options, env)
    if (moving := tokens[index].attrs.get("data-animation")) is None:
        return html
    return f'<span class="animation">{html}<a class="play" href="{escape(str(moving))}">Play the animation</a></span>'


def _html(tokens: Sequence[Token]) -> str:
    parser = _parser()
    rendered: str = parser.renderer.render(tokens, parser.options, {})
    return rendered


def _prepare(tokens: Sequence[Token], folder: Path, link: Link) -> None:
    """Give headings their anchors, links and pictures their addresses, and cells classes in place of styles."""
    used: dict[str, int] = {}
    for i, token in enumerate(tokens):
        if token.type == "heading_open":
            anchor = slug(_plain(tokens[i + 1]))
            number = used[anchor] = used.get(anchor, -1) + 1
            token.attrSet("id", f"{anchor}-{number}" if number else anchor)
        if token.type in ("th_open", "td_open") and (style := token.attrs.pop("style", "")):
            # The page's policy forbids styles in attributes.
            token.attrSet("class", str(style).removeprefix("text-align:"))
        for child in token.children or ():
            if child.type == "link_open":
                _link(child, link)
            elif child.type == "image":
                _picture(child, folder, link)


def _link(token: Token, link: Link) -> None:
    address = str(token.attrs.get("href", ""))
    if re.match(r"https?://", address):
        token.attrs.update({"target": "_blank", "rel": "noopener noreferrer"})
    elif found := link(address):
        token.attrs["href"] = found
    else:
        del token.attrs["href"]  # a link without an address is text


def _picture(token: Token, folder: Path, link: Link) -> None:
    source = unquote(str(token.attrs.get("src", "")))
    token.attrs.update({"src": link(source), "loading": "lazy", "decoding": "async"})
    if source.endswith(animation.SUFFIX):
        # Nothing moves beside the text that is being read, and nothing large arrives that may not be looked at.
        token.attrs.update({"src": link(str(animation.still_of(Path(source)))), "data-animation": link(source)})
    if (size := size_of(folder / source)) is not None:
        # The text below a picture that has not arrived yet stays where it will be.
        token.attrs.update({"width": str(size[0]), "height": str(size[1])})


@cache
def size_of(path: Path) -> tuple[int, int] | None:
    """Return the width and the height of a picture in pixels; None if they cannot be read."""
    try:
        if path.suffix == ".svg":
            _, root = next(ET.iterparse(path, ["start"]))  # noqa: S314  the course's own file, and its first tag alone
            width, height = (re.match(r"[\d.]+", root.get(name, "")) for name in ("width", "height"))
            return (round(float(width[0])), round(float(height[0]))) if width and height else None
        with Image.open(path) as picture:
            return picture.size
    except (OSError, ValueError, ET.ParseError, StopIteration):
        return None


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline"))


def _split(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """Return the tokens before and after the heading of the solutions; a lesson without one has none."""
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2" and _plain(tokens[i + 1]) == SOLUTIONS:
            ends = (j for j in range(i + 3, len(tokens)) if tokens[j].type == "heading_open" and tokens[j].tag == "h2")
            end = next(ends, len(tokens))
            return [*tokens[:i], *tokens[end:]], tokens[i + 3 : end]
    return tokens, []


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    for i, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            yield Heading(_plain(tokens[i + 1]), str(token.attrs["id"]))


def _parts(tokens: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    """Yield each heading of the third level with the tokens below it."""
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h3"]
    for start, end in zip(starts, [*starts, len(tokens)][1:], strict=True):
        yield _plain(tokens[start + 1]), tokens[start + 3 : end]
