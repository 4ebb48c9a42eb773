"""The course's Markdown as HTML: what the page can show safely, and nothing else."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.course.model import Course
from grader.web import animation, document

ROUTE = re.compile(r"#/(\d+\.\d+|glossary)(\?at=[\w-]+)?")


class Tags(HTMLParser):
    """Collects the tags of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def html_of(text: str, link: document.Link = lambda address: f"to:{address}") -> str:
    return document.read(text, Path(), link).html


def test_markup_in_the_text_is_text() -> None:
    html = html_of('<script>alert(1)</script>\n\nA <b onclick="x()">word</b>, [a](javascript:alert(1)).')

    assert not {tag for tag, _ in Tags(html).found} - {"p", "a"}
    assert not any("javascript" in (attributes.get("href") or "") for _, attributes in Tags(html).found)


def test_no_tag_has_a_style() -> None:
    html = html_of("| a | b |\n|--:|:-:|\n| 1 | 2 |\n")

    assert "style" not in html
    assert '<td class="right">1</td>' in html
    assert '<td class="center">2</td>' in html


def test_a_formula_is_its_tex_as_text() -> None:
    html = html_of("So $a < b_1 \\cdot c_2$.\n\n$$\n\\begin{bmatrix} 1 \\cr 2 \\end{bmatrix}\n$$\n")

    assert '<span class="math inline">a &lt; b_1 \\cdot c_2</span>' in html
    assert '<div class="math block">' in html
    assert "\\begin{bmatrix} 1 \\cr 2 \\end{bmatrix}" in html


def test_headings_have_the_anchors_of_code_hosts() -> None:
    html = html_of('## What does `torch.meshgrid(..., indexing="ij")` do?\n\n## Twice\n\n## Twice\n')

    assert 'id="what-does-torchmeshgrid-indexingij-do"' in html
    assert 'id="twice"' in html
    assert 'id="twice-1"' in html


def test_links_lead_where_the_page_has_something() -> None:
    html = html_of("[a](x.md) [b](https://example.org) [c](none)", lambda address: "" if address == "none" else "#/1.1")

    assert '<a href="#/1.1">a</a>' in html
    assert 'rel="noopener noreferrer"' in html
    assert "<a>c</a>" in html


def test_the_solutions_stand_apart() -> None:
    text = "# T\n\n## Exercises\n\nDo.\n\n## Solutions\n\nIntro.\n\n### one\n\nFirst.\n\n### two\n\nSecond.\n"

    found = document.read(text, Path(), lambda _: "")

    assert "Solutions" not in found.html
    assert "First" not in found.html
    assert found.solutions == {"one": "<p>First.</p>\n", "two": "<p>Second.</p>\n"}


def test_pictures_keep_their_room(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg width="30pt" height="20pt" xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "b.svg").write_text("not a picture")

    found = document.read("![one](a.svg) ![two](b.svg) ![three](c.png)", tmp_path, lambda address: address).html

    assert re.search(r'src="a.svg" alt="one" loading="lazy" decoding="async" width="30" height="20"', found)
    assert '<img src="b.svg" alt="two" loading="lazy" decoding="async" />' in found


@pytest.mark.parametrize("part", ["1.1", "1.4", "2.7", "3.9"])
def test_a_page_of_this_course_holds_only_what_the_page_can_show(course: Course, part: str) -> None:
    from grader.web.desk import Desk

    lesson = course.find(part)
    view = Desk(lambda: course, course.root / "exercises").lesson(lesson)

    for tag, attributes in Tags(view.html).found:
        assert not {"style", "onclick", "onerror"} & attributes.keys(), (tag, attributes)
        if attributes.get("class") == "play":
            assert (lesson.folder / "figures" / Path(attributes["href"] or "").name).suffix == ".gif"
        elif tag == "a" and "href" in attributes and "target" not in attributes:
            assert ROUTE.fullmatch(attributes["href"] or ""), attributes
        if tag == "img":
            folder, name, file = (attributes["src"] or "").split("/")
            assert (folder, name) == ("course", lesson.name)
            path = lesson.folder / "figures" / file
            assert (animation.animation_of(path) or path).is_file()
            assert attributes.keys() >= {"alt", "width", "height"}
