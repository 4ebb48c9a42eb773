"""The `.md` of an exercise: hints, known mistakes as edits of the solution, survivors; errors name file and line."""

import pytest

from grader.course.exercise_text import Edit, mistakes_module, parse_exercise_text
from grader.errors import CourseError

SOLUTION = '''"""Exercises."""

import torch


def scale(x, factor):
    """Return x * factor.

    >>> scale(1, 2)
    2
    """
    size = abs(factor)
    return x * factor


def twice(x):
    """Return 2 x."""
    return scale(x, 2)
'''
TEXT = """# scale

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

- `abs(factor)` becomes `factor`
- `return x * factor` becomes ``return x * size  # `size` ``

You use the size.

## Survivors

- `size = abs(factor)` becomes `size = None`
- `abs(factor)` becomes `factor`
  Nothing looks at it.
- `x * factor` becomes `factor * x`
  The order does not matter.
"""
ADDED = "- `x * factor` becomes `x + factor`"
FILE = "lessons/m9_1_scaling/scale.md"


def line_of(piece: str) -> int:
    """Return where a piece of the text stands."""
    return TEXT[: TEXT.index(piece)].count("\n") + 1


def module(text: str) -> dict[str, object]:
    namespace: dict[str, object] = {}
    exec(mistakes_module(SOLUTION, [parse_exercise_text(text, "scale", FILE)]), namespace)
    return namespace


def test_it_is_read_with_its_lines() -> None:
    read = parse_exercise_text(TEXT, "scale", FILE)

    assert read.hints == (
        "What grows?\nAnd how much?",
        "Every entry.",
        "The line:\n\n```python\nreturn x * factor\n```",
    )
    assert [mistake.name for mistake in read.mistakes] == ["added", "by_loop", "two_things"]
    assert read.mistakes[0].explanation == "You add the factor. It is to be multiplied. It stretches every entry."
    assert read.mistakes[0].edits == (Edit("x * factor", "x + factor", line_of("- `x * factor` becomes `x + factor`")),)
    assert read.mistakes[1].explanation == "You cut the `factor` to a whole number."
    assert [edit.reason for edit in read.survivors][::-1] == [
        "Nothing looks at it.",
        "Nothing looks at it.",
        "The order does not matter.",
    ]


def test_a_mistake_is_the_solution_with_its_edits_or_a_function_of_its_own() -> None:
    functions = module(TEXT)
    added, by_loop, two = (functions[f"scale__{name}"] for name in ("added", "by_loop", "two_things"))

    assert callable(added)
    assert callable(by_loop)
    assert callable(two)
    assert (added(2, -3), by_loop(2, 3.5), two(2, -3)) == (-1, 6, -6)
    assert added.__doc__ is None


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        (ADDED, "- `x ** factor` becomes `x`", ADDED, "`x ** factor` does not occur in"),
        (ADDED, "- `factor` becomes `x`", ADDED, "`factor` occurs 3 times in"),
        (ADDED, "- `x * factor` is `x`", ADDED, "not an edit"),
        (f"{ADDED}\n", "", "### added", "added changes nothing"),
        ("### added", "### Added up", "### added", "'Added up' cannot name a mistake"),
        ("2. Every entry.\n", "", "## Hints", "2 hints"),
        ("## Survivors", "## Survivor", "## Survivors", "unknown section 'Survivor'"),
        (
            "  The order does not matter.\n",
            "",
            "- `x * factor` becomes `factor * x`",
            "explain below why no check",
        ),
        ("You use the size.\n", "", "### two_things", "two_things has no sentence"),
    ],
)
def test_what_cannot_be_read_is_told_with_file_and_line(old: str, new: str, at: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(CourseError) as error:
        module(TEXT.replace(old, new, 1))

    assert str(error.value).startswith(f"{FILE}:{line_of(at)}: ")
    assert says in str(error.value)
