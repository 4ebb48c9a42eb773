"""Documented formats of the consumers, and reports of every kind to write in them."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from grader.verdict import CheckVerdict, ExerciseVerdict, Frame, LessonVerdict, Report, Status, Visibility

FOLDER = Path(__file__).parent


def fixture(name: str) -> str:
    """Return the text of a file of this folder, with the byte order mark that it may have."""
    return (FOLDER / name).read_text(encoding="utf-8")


def schema(name: str) -> Any:
    """Return a JSON schema of this folder."""
    return json.loads(fixture(name))


traps = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\n  ",
        "\x00",
        "\x1b[31m",
        "\x0b",
        "\u2028",
        "\u202e",
        "\ufffe",
        "\ud800",
        "</pre></main><script>alert(1)</script>",
        "<!--",
        "]]>",
        "&lt;&#0;",
        '" onload="x',
        "```\n# heading",
        "````",
        "![x](https://example.org/x.png)",
        "[x](javascript:1)",
        "https://example.org www.example.org",
        "\n- item\n1. item\n# heading\n---\n===",
        "|",
        "\\",
        "\n::error file=a,line=1::forged",
        "::stop-commands::0",
        "##[error]forged",
        "%0A::notice::x",
        "=1+1",
        "@SUM(1)",
        '","',
        ";",
    ]
)
texts = st.lists(st.one_of(traps, st.text(max_size=8)), max_size=4).map("".join)
names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
frames = st.builds(Frame, texts, st.integers(-2, 99), texts, texts)
checks = st.builds(
    CheckVerdict,
    name=names,
    claim=texts,
    status=st.sampled_from(Status),
    max_points=st.integers(0, 4),
    message=texts,
    counterexample=texts,
    returned=texts,
    wanted=texts,
    mistake=texts,
    explanation=texts,
    output=texts,
    frames=st.lists(frames, max_size=2).map(tuple),
    duration_ms=st.floats(0, 1e5),
    earned=st.booleans(),
    visibility=st.sampled_from([Visibility.PUBLIC, Visibility.PUBLIC, Visibility.AFTER_DUE, Visibility.HIDDEN]),
)
exercises = st.lists(
    st.builds(
        ExerciseVerdict,
        name=names,
        bonus=st.booleans(),
        checks=st.lists(checks, min_size=1, max_size=3).map(tuple),
        advice=st.lists(texts, max_size=1).map(tuple),
        withheld=st.integers(0, 2),
    ),
    max_size=3,
    unique_by=lambda exercise: exercise.name,
)


@st.composite
def some_reports(draw: st.DrawFn) -> Report:
    """Draw a report of up to three lessons with texts that try to be more than texts."""
    numbers = draw(st.lists(st.integers(1, 9), max_size=3, unique=True).map(sorted))
    lessons = [
        LessonVerdict(f"1.{number}", f"m1_{number}_topic", draw(texts), tuple(draw(exercises))) for number in numbers
    ]
    return Report(tuple(lessons), draw(st.sampled_from(["confined", "process"])), draw(st.integers(0, 2)))


reports = some_reports()
