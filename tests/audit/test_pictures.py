"""A figure that is drawn again looks the same, whatever the date and the last digit, and another one does not."""

import io
import re
from pathlib import Path
from typing import Any

import matplotlib.figure
import matplotlib.style
import pytest

from grader.audit import pictures

STYLE = "grader.workbook"


def draw(kind: str, *, end: float = 2.0, color: str = "C0", title: str = "A line climbs", marker: str = "o") -> bytes:
    file = io.BytesIO()
    with matplotlib.style.context(STYLE):
        figure = matplotlib.figure.Figure()
        axes = figure.subplots()
        axes.plot([0.0, 1.0, end], [0.0, 1.0, 3.0], color=color, marker=marker)
        axes.set_title(title)
        figure.savefig(file, format=kind, dpi=80)
    return pictures.finished(f"figure.{kind}", file.getvalue())


def kept(tmp_path: Path, kind: str) -> Path:
    path = tmp_path / f"figure.{kind}"
    path.write_bytes(draw(kind))
    return path


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        *(
            (kind, change)
            for kind in ("png", "svg")
            for change in ({"end": 2.4}, {"color": "C1"}, {"title": "It falls"})
        ),
        ("svg", {"marker": "x"}),
    ],
)
def test_another_picture_does_not_look_the_same(tmp_path: Path, kind: str, change: dict[str, Any]) -> None:
    assert not pictures.looks_like(kept(tmp_path, kind), draw(kind, **change))


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_picture_has_the_same_bytes(tmp_path: Path, kind: str) -> None:
    assert draw(kind) == kept(tmp_path, kind).read_bytes()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_rounding_is_not_seen(tmp_path: Path, kind: str) -> None:
    content = draw(kind, end=2.0 + 1e-6 if kind == "png" else 2.001)
    assert pictures.looks_like(kept(tmp_path, kind), content)


def test_rounding_may_close_a_level_line(tmp_path: Path) -> None:
    content, number = re.subn(r'(d="M [^"]*)" clip-path', r'\1z" clip-path', draw("svg").decode(), count=1)

    assert number == 1
    assert pictures.looks_like(kept(tmp_path, "svg"), content.encode())


def test_a_drawing_has_no_date_and_needs_no_font() -> None:
    content = draw("svg").decode()
    assert "<metadata>" not in content
    assert "date" not in content
    assert "<text" not in content


def test_a_drawing_that_tells_its_date_is_drawn_again(tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    path.write_bytes(draw("svg").replace(b"</defs>", b"</defs><metadata><dc:date>today</dc:date></metadata>", 1))

    assert b"<metadata>" in path.read_bytes()
    assert not pictures.looks_like(path, draw("svg"))


def test_a_file_that_is_missing_or_no_picture_looks_like_none(tmp_path: Path) -> None:
    assert not pictures.looks_like(tmp_path / "missing.png", draw("png"))
    for kind in ("png", "svg", "gif"):
        path = tmp_path / f"broken.{kind}"
        path.write_bytes(b"broken")
        assert not pictures.looks_like(path, draw("png" if kind == "gif" else kind))


def animation(*colours: str) -> bytes:
    from PIL import Image

    frames = [Image.new("RGB", (40, 40), colour) for colour in colours]
    file = io.BytesIO()
    frames[0].save(file, format="GIF", save_all=True, append_images=frames[1:])
    return file.getvalue()


@pytest.mark.parametrize(
    ("other", "is_same"),
    [(("red", "blue"), True), (("red", "green"), False), (("red",), False), (("red", "blue", "red"), False)],
)
def test_an_animation_is_compared_frame_by_frame(*, other: tuple[str, ...], is_same: bool) -> None:
    assert pictures.are_same_pixels(animation("red", "blue"), animation(*other)) is is_same
