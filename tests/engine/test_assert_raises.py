"""A check may require an error for arguments that a docstring rules out."""

from pathlib import Path

import pytest

from grader.feedback.describe import describe
from grader.sandbox.zygote import Zygote
from grader.verdict import CheckVerdict, ExerciseVerdict, Status
from tests.grading import first_exercise
from tests.small_lesson import write_lesson

RAISES = "    if factor > 50:\n        raise ValueError(f'{factor} is too much')\n"
CHECK = """

def test_too_much(scale: StudentFunction) -> None:
    \"\"\"A factor above 50 raises a ValueError.\"\"\"
    from grader.authoring import assert_raises

    assert_raises(ValueError, scale, torch.ones(2), factor=99.0)
    assert_raises(ValueError, scale, 60.0, driver="ones")
"""
DRIVER = """

@driver
def ones(scale, factor):
    return scale(torch.ones(2), factor)
"""
IMPORT = ("import StudentFunction", "import driver, StudentFunction")
MISTAKES = """
### never_refuses

- `factor > 50` becomes `False`

You take every factor.

### wrong_error

- `ValueError(f'{factor} is too much')` becomes `KeyError('in words of its own')`

You raise another error than the docstring says.

### refuses_and_adds

```python
def scale(x: Tensor, factor: float) -> Tensor:
    if factor > 50:
        raise ValueError("in words of its own")
    return x + factor
```

You refuse what has to be refused, and you add.
"""


def graded(root: Path, zygote: Zygote, refusal: str, value: str = "x * factor") -> ExerciseVerdict:
    """Grade a scale that does something with a factor above 50, and returns a value otherwise."""
    lesson = write_lesson(
        root,
        code=IMPORT,
        text=(
            "- `x * factor` becomes `x + factor`",
            "- `factor > 50` becomes `False`\n- `x * factor` becomes `x + factor`",
        ),
        solution=("    return x * factor", f"{RAISES}    return x * factor"),
    )
    with lesson.code("scale").open("a") as file:
        file.write(CHECK + DRIVER)
    with lesson.text("scale").open("a") as file:
        file.write(MISTAKES)
    begin = "class Mine(ValueError):\n    pass\n\n\ndef scale(x, factor):\n    if factor > 50:\n"
    (root / "exercises" / f"{lesson.name}.py").write_text(f"{begin}        {refusal}\n    return {value}\n")
    return first_exercise(lesson, root / "exercises", zygote)


def too_much(verdict: ExerciseVerdict) -> CheckVerdict:
    return next(check for check in verdict.checks if check.name == "test_too_much")


@pytest.mark.parametrize("refusal", ["raise ValueError", "raise Mine('no')", "int('text')", "raise UnicodeError('a')"])
def test_the_error_or_one_of_a_subclass_passes(tmp_path: Path, zygote: Zygote, refusal: str) -> None:
    verdict = graded(tmp_path, zygote, refusal)

    assert (verdict.status, verdict.points) == (Status.PASSED, verdict.max_points)


@pytest.mark.parametrize(
    ("refusal", "status", "says"),
    [
        ("pass", Status.WRONG, "These arguments must raise ValueError; your function returned a value."),
        ("return None", Status.WRONG, "These arguments must raise ValueError; your function returned a value."),
        ("raise KeyError('k')", Status.RAISED, "These arguments must raise ValueError; your function raised Ke"),
        ("raise Exception('e')", Status.RAISED, "must raise ValueError; your function raised Exception: e"),
        ("raise NotImplementedError('TODO: refuse')", Status.RAISED, "your function raised NotImplementedError"),
        ("raise SystemExit(1)", Status.CRASHED, "Your code ended the program"),
        ("import os; os._exit(0)", Status.CRASHED, "Your code ended its process"),
    ],
)
def test_anything_else_fails_with_a_true_sentence(
    tmp_path: Path, zygote: Zygote, refusal: str, status: Status, says: str
) -> None:
    verdict = graded(tmp_path, zygote, refusal)
    check = too_much(verdict)

    assert (verdict.status, verdict.points) == (status, verdict.max_points - 1)
    assert check.status is status
    assert says in check.message
    assert check.counterexample.startswith("scale(") or status is Status.TODO
    if status is Status.WRONG:
        assert "expected            ValueError" in "\n".join(describe(check))


@pytest.mark.parametrize(
    ("refusal", "mistake"),
    [
        ("pass", "never_refuses"),
        ("raise KeyError('in words of its own')", "wrong_error"),
        ("raise KeyError('in other words')", ""),
        ("return None", ""),
    ],
)
def test_a_known_mistake_is_named_by_what_it_does_instead(
    tmp_path: Path, zygote: Zygote, refusal: str, mistake: str
) -> None:
    assert too_much(graded(tmp_path, zygote, refusal)).mistake == mistake


def test_the_words_of_an_error_that_is_required_are_the_student_s(tmp_path: Path, zygote: Zygote) -> None:
    verdict = graded(tmp_path, zygote, "raise ValueError('no')", value="x + factor")

    assert too_much(verdict).status is Status.PASSED
    assert verdict.first_failure is not None
    assert verdict.first_failure.mistake == "refuses_and_adds"
