"""The `.md` of an exercise: hints, known mistakes as edits of the solution, survivors; errors name file and line."""

import ast
import contextlib
import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.definitions import Module
from grader.course.exercise_text import Edit, Mistake, parse_exercise_text, replacements
from grader.course.model import Lesson
from grader.engine.mistake_worker import module_of
from grader.errors import CourseError

SOLUTION = '''"""Exercises."""

import torch


def scale(x, factor):
    """Return x * factor.

    >>> scale(1, 2)
    2
    """
    size = _positive(factor)
    return x * factor


def _positive(number):
    """Return the size of a number."""
    return abs(number)


def twice(x):
    """Return 2 x."""
    return scale(x, 2)
'''
TEXT = """# scale

Text before the first section is for authors.

## Hints

1. What grows?
   And how much?
2. Every entry.
3. The line:

   ```python
   return x * factor
   ```

## Known mistakes

### added
- `x * factor` becomes `x + factor`

You add the factor.
It is to be multiplied.

It stretches every entry.

### by_loop

```python
def scale(x, factor):
    return sum(x for _ in range(int(factor)))
```

You cut the `factor` to a whole number.

### two_things

- `_positive(factor)` becomes `factor`
- `return x * factor` becomes ``return x * size  # `size` is it``

You use the size.

### `in_a_helper`

- `abs(number)` becomes `number * 2`
- `x * factor` becomes `x * size`
- `number * 2` becomes `number * 10`

You take ten times as much.

## Survivors

- `size = _positive(factor)` becomes `size = None`
- `_positive(factor)` becomes `factor`
  Nothing looks at it.
- `x * factor` becomes `factor * x`
  The order does not matter.
"""
ADDED = "- `x * factor` becomes `x + factor`"
FILE = "lessons/m9_1_scaling/scale.md"
ONLY_HINTS = TEXT.partition("## Known mistakes")[0]


def line_of(piece: str, text: str = TEXT) -> int:
    """Return where a piece of the text stands."""
    assert piece in text
    return text[: text.index(piece)].count("\n") + 1


def changed(old: str, new: str) -> str:
    """Return the text with a change."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def sources(text: str, solution: str = SOLUTION) -> dict[str, dict[str, str]]:
    """Return by mistake what it puts in the place of definitions of the solution."""
    module = Module("solutions/m9_1_scaling.py", solution, ast.parse(solution))
    return {each.name: replacements(each, module, FILE) for each in parse_exercise_text(text, "scale", FILE).mistakes}


def lesson(root: Path, text: str = TEXT, solution: str = SOLUTION) -> Lesson:
    """Write what says which mistakes there are."""
    found = Lesson(root, "m9_1_scaling")
    found.folder.mkdir(parents=True)
    found.solution.parent.mkdir()
    found.solution.write_text(solution)
    found.text("scale").write_text(text)
    return found


def run(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return namespace


# ---- Reading ---------------------------------------------------------------------------------------------------------


def test_it_is_read_with_its_lines() -> None:
    read = parse_exercise_text(TEXT, "scale", FILE)

    assert (read.exercise, read.file, read.hints_line) == ("scale", FILE, line_of("## Hints"))
    assert read.hints == (
        "What grows?\nAnd how much?",
        "Every entry.",
        "The line:\n\n```python\nreturn x * factor\n```",
    )
    assert [mistake.name for mistake in read.mistakes] == ["added", "by_loop", "two_things", "in_a_helper"]
    assert read.mistakes[0] == Mistake(
        "scale",
        "added",
        "You add the factor. It is to be multiplied. It stretches every entry.",
        line_of("### added"),
        (Edit("x * factor", "x + factor", line_of(ADDED)),),
    )
    assert read.mistakes[0].label == "scale__added"
    by_loop = read.mistakes[1]
    assert (by_loop.explanation, by_loop.line, by_loop.edits, by_loop.function) == (
        "You cut the `factor` to a whole number.",
        line_of("### by_loop"),
        (),
        "def scale(x, factor):\n    return sum(x for _ in range(int(factor)))\n",
    )
    assert read.mistakes[2].edits[1].new == "return x * size  # `size` is it"
    assert tuple(sorted(read.survivors, key=lambda edit: edit.line)) == (
        Edit("size = _positive(factor)", "size = None", line_of("- `size = "), "Nothing looks at it."),
        Edit(
            "_positive(factor)", "factor", line_of("- `_positive(factor)` becomes `factor`\n  "), "Nothing looks at it."
        ),
        Edit("x * factor", "factor * x", line_of("- `x * factor` becomes `factor * x`"), "The order does not matter."),
    )


def test_survivors_come_in_the_order_of_the_text() -> None:
    lines = [edit.line for edit in parse_exercise_text(TEXT, "scale", FILE).survivors]

    assert lines == sorted(lines)


def test_a_text_may_have_no_mistakes_and_no_survivors_yet() -> None:
    read = parse_exercise_text(ONLY_HINTS, "scale", FILE)

    assert len(read.hints) == 3
    assert (read.mistakes, read.survivors) == ((), ())


@pytest.mark.parametrize("ends", ["\r\n", "\u2028\n"], ids=repr)
def test_a_hint_keeps_its_lines_whatever_ends_a_line(ends: str) -> None:
    read = parse_exercise_text(changed("grows?\n", f"grows?{ends}"), "scale", FILE)

    assert read.hints[1] == "Every entry."


def test_the_reason_of_a_survivor_is_kept_word_for_word() -> None:
    text = changed(
        "  The order does not matter.", "  The order of `x * factor` does\n  *not* matter: `a * b == b * a`."
    )

    reasons = {edit.new: edit.reason for edit in parse_exercise_text(text, "scale", FILE).survivors}

    assert reasons["factor * x"] == "The order of `x * factor` does *not* matter: `a * b == b * a`."


def test_a_list_inside_a_hint_is_part_of_that_hint() -> None:
    text = changed("2. Every entry.\n", "2. Every entry:\n\n   1. the first\n   2. the second\n")

    assert parse_exercise_text(text, "scale", FILE).hints[1] == "Every entry:\n\n1. the first\n2. the second"


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from([*TEXT.splitlines(), "## Hints", "### a", "- `a`", "```", "1. x", "\t", "\x00"])).map(
            "\n".join
        ),
    )
)
@settings(max_examples=200)
def test_any_text_is_read_or_is_an_error_with_file_and_line(text: str) -> None:
    found: list[CourseError] = []
    try:
        parse_exercise_text(text, "scale", FILE)
    except CourseError as error:
        found.append(error)

    assert all(error.file == FILE and 1 <= error.line <= text.count("\n") + 1 for error in found)


# ---- What a mistake is -----------------------------------------------------------------------------------------------


def test_a_mistake_is_the_solution_with_its_edits_or_a_function_of_its_own(tmp_path: Path) -> None:
    course = lesson(tmp_path)
    functions = run(module_of(course))
    expected = {"added": -1, "by_loop": 0, "two_things": -6, "in_a_helper": -60}

    assert {name: functions[f"scale__{name}"](2, -3) for name in expected} == expected
    assert functions["scale__by_loop"](2, 3.5) == 6
    assert {each.name: run(course.mistaken(each))["scale"](2, -3) for each in course.mistakes} == expected
    assert functions["scale__added"].__doc__ is None


def test_the_rest_of_the_solution_stays_with_a_mistake_in_it(tmp_path: Path) -> None:
    course = lesson(tmp_path)

    namespace = run(course.mistaken(course.mistakes[0]))

    assert namespace["twice"](5) == 7
    assert namespace["_positive"](-3) == 3
    assert namespace["twice"].__doc__ == "Return 2 x."


def test_an_edit_changes_only_what_holds_it() -> None:
    assert sources(TEXT)["added"] == {
        "scale": "def scale(x, factor):\n    size = _positive(factor)\n    return x + factor"
    }
    assert set(sources(TEXT)["in_a_helper"]) == {"scale", "_positive"}


def test_edits_are_applied_in_their_order() -> None:
    edits = "- `x * factor` becomes `x * (factor + size)`\n- `factor + size` becomes `size`"

    assert "return x * (size)" in sources(changed(ADDED, edits))["added"]["scale"]


def test_an_edit_of_a_helper_alone_changes_what_the_exercise_returns_and_no_other_mistake(tmp_path: Path) -> None:
    solution = SOLUTION.replace("return x * factor\n", "return x * size\n")
    text = changed(ADDED, "- `abs(number)` becomes `number`").replace("x * factor", "x * size")
    course = lesson(tmp_path, text.replace("return x * size  # `size` is it", "return x * size - 1"), solution)
    functions = run(module_of(course))
    expected = {"added": -6, "two_things": -7, "in_a_helper": -60}

    assert {name: functions[f"scale__{name}"](2, -3) for name in expected} == expected
    assert {
        name: run(course.mistaken(each))["scale"](2, -3) for each in course.mistakes if (name := each.name) in expected
    } == expected
    assert functions["scale"](2, -3) == 6


def test_a_helper_of_one_mistake_is_not_that_of_another(tmp_path: Path) -> None:
    fence = "```python\ndef _own(number):\n    return {}\n\ndef scale(x, factor):\n    return _own(x)\n```"
    text = changed(ADDED, fence.format(1)).replace(
        "```python\ndef scale(x, factor):\n    return sum(x for _ in range(int(factor)))\n```", fence.format(2)
    )

    functions = run(module_of(lesson(tmp_path, text)))

    assert (functions["scale__added"](7, 7), functions["scale__by_loop"](7, 7)) == (1, 2)
    assert functions["scale"](7, 7) == 49


def test_a_helper_of_a_mistake_with_a_name_of_the_solution_stays_its_own_or_is_refused(tmp_path: Path) -> None:
    """The exercise may stand above the helper of the solution, which would hide that of the mistake."""
    fence = "```python\ndef _positive(number):\n    return 1\n\ndef scale(x, factor):\n    return _positive(x)\n```"
    course = lesson(tmp_path, changed(ADDED, fence))

    with contextlib.suppress(CourseError):
        assert run(module_of(course))["scale__added"](7, 7) == 1
        assert run(course.mistaken(course.mistakes[0]))["scale"](7, 7) == 1


def test_a_helper_of_the_solution_may_have_any_name(tmp_path: Path) -> None:
    """Also that of the helper which holds the mistakes apart."""
    text, solution = (source.replace("_positive", "_known") for source in (TEXT, SOLUTION))

    functions = run(module_of(lesson(tmp_path, text, solution)))

    assert functions["scale__added"](2, -3) == -1


def test_a_traceback_shows_the_line_of_the_text(tmp_path: Path) -> None:
    text = changed("return sum(x for _ in range(int(factor)))", "return x / 0")
    functions = run(module_of(lesson(tmp_path, text)))

    with pytest.raises(ZeroDivisionError) as caught:
        functions["scale__by_loop"](2, 3)

    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.filename, frame.lineno) == (FILE, line_of("return x / 0", text))


# ---- What cannot be read ---------------------------------------------------------------------------------------------


LOOP = "def scale(x, factor):\n    return sum(x for _ in range(int(factor)))"


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        (ADDED, "- `x ** factor` becomes `x`", ADDED, "`x ** factor` does not occur in the solution of scale"),
        (ADDED, "- `factor` becomes `x`", ADDED, "`factor` occurs 3 times in the solution of scale"),
        (ADDED, "- `number` becomes `x`", ADDED, "`number` occurs 2 times in"),
        (ADDED, "- `return ` becomes `pass; return `", ADDED, "`return ` occurs 2 times in"),
        (ADDED, "- `Return x * factor` becomes `x`", ADDED, "`Return x * factor` does not occur in"),
        (ADDED, "- `scale(x, 2)` becomes `x`", ADDED, "`scale(x, 2)` does not occur in"),
        (ADDED, "- `x * factor` becomes `x * (factor`", ADDED, "the edited scale has a syntax error"),
        (
            f"{ADDED}\n",
            f"{ADDED}\n- `x * factor` becomes `x`\n",
            "\nYou add the factor",
            "`x * factor` no longer occurs exactly once, after the edits before this one, in",
        ),
        (ADDED, "- `x * factor` is `x`", ADDED, "not an edit: write - `old code` becomes `new code`"),
        (ADDED, "- `x * factor` becomes x", ADDED, "not an edit: write - `old code`"),
        (ADDED, "- It is added.", ADDED, "not an edit: write - `old code`"),
        (f"{ADDED}\n", "", "### added", "added changes nothing: write - `old` becomes `new` below its heading"),
        (f"{ADDED}\n", f"\nAt first:\n\n{ADDED}\n", "### added", "added changes nothing"),
        (
            "### added",
            "### Added up",
            "### added",
            "'Added up' is not a valid mistake name: use lowercase letters, digits and _.",
        ),
        ("### added", "### 2_added", "### added", "'2_added' is not a valid mistake name"),
        (
            "def scale(x, factor):\n    return sum",
            "def grow(x, factor):\n    return sum",
            LOOP,
            "does not define scale",
        ),
        ("range(int(factor)))\n", "range(int(factor))\n", "    return sum", "syntax error: '(' was never closed."),
        (
            "def scale(x, factor):\n    return sum",
            "from __future__ import annotations\ndef scale(x, factor):\n    return sum",
            LOOP,
            "this import only works at the start of a file",
        ),
        ("2. Every entry.", "3. Every entry.", "2. Every entry.", "hint 2 is numbered 3."),
        ("## Survivors", "## Survivor", "## Survivors", "unknown section 'Survivor'. The sections are Hints, Known"),
        (
            "  The order does not matter.\n",
            "",
            "- `x * factor` becomes `factor * x`",
            "explain below why no check can tell `x * factor` from `factor * x`.",
        ),
        ("- `x * factor` becomes `factor * x`", "- x becomes y", "- `x * factor` becomes `factor * x`", "not an edit"),
        ("You use the size.\n", "", "### two_things", "two_things has no explanation for the student."),
        ("You use the size.\n", "<!-- later -->\n", "### two_things", "two_things has no explanation"),
        ("### by_loop", "### added", "### by_loop", "added"),
    ],
)
def test_what_cannot_be_read_is_told_with_file_and_line(old: str, new: str, at: str, says: str) -> None:
    with pytest.raises(CourseError) as error:
        sources(changed(old, new))

    assert str(error.value).startswith(f"{FILE}:{line_of(at)}: ")
    assert says in str(error.value)


@pytest.mark.parametrize("section", ["Hints", "Known mistakes", "Survivors"])
def test_a_section_that_stands_twice_is_told_instead_of_forgotten(section: str) -> None:
    again = TEXT.partition(f"## {section}\n")[2].partition("\n## ")[0].replace("###", "### again_")

    with pytest.raises(CourseError, match=section) as error:
        parse_exercise_text(f"{TEXT}\n## {section}\n{again}", "scale", FILE)

    assert error.value.line == TEXT.count("\n") + 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", 0),
        ("# scale\n", 0),
        ("- `a` becomes `b`\n", 0),
        ("def scale(:\n", 0),
        ("## Hints\n", 0),
        ("## Hints\n\n1. What?\n2. That.\n", 2),
        ("## Hints\n\n1. a\n2. b\n3. c\n4. d\n", 4),
    ],
)
def test_a_text_with_more_or_fewer_hints_is_read_so_that_checks_can_be_tried(text: str, found: int) -> None:
    parsed = parse_exercise_text(text, "scale", FILE)

    assert len(parsed.hints) == found
    assert parsed.missing_hints == f"expected 3 hints (a question, the idea, the line), found {found}."


def test_a_text_cannot_run_anything_where_it_is_read() -> None:
    bomb = "```python\nraise SystemExit('run')\n\ndef scale(x, factor):\n    raise SystemExit('called')\n```"

    with contextlib.suppress(CourseError):
        assert "raise SystemExit" in sources(changed(ADDED, bomb))["added"]["scale"]


@pytest.mark.parametrize("section", ["Hints", "Survivors"])
def test_a_mistake_in_another_section_is_told_instead_of_forgotten(section: str) -> None:
    lost = f"\n### lost\n{ADDED}\n\nYou add.\n"
    begin, _, rest = TEXT.partition(f"## {section}\n")
    inside, _, after = rest.partition("\n## ")
    text = f"{begin}## {section}\n{inside}{lost}" + (f"\n## {after}" if after else "")

    with pytest.raises(CourseError, match=f"a heading in the section {section}.*move it there") as error:
        parse_exercise_text(text, "scale", FILE)

    assert str(error.value).startswith(f"{FILE}:{line_of('### lost', text)}: ")
