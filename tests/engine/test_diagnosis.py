"""What a check may say itself: which known mistake it has met, that something is still to do, what it is worth."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.engine import diagnosis
from grader.engine.agreement import same
from grader.engine.diagnosis import _seen, _shown
from grader.engine.grading import Options
from grader.engine.reference import largest_float
from grader.feedback.coercion import coerce
from grader.sandbox.zygote import Zygote
from grader.verdict import CheckVerdict, Difference, ExerciseVerdict, Status
from tests.conftest import ROOT, Grade
from tests.grading import first_exercise, grade
from tests.small_lesson import write_lesson

CASES = ROOT / "tests/cases"

CLAIM = '"""A factor above 1 makes positive numbers larger."""'
WRONG = "if float(scale(torch.ones(1), 3.0)) != 3: "
"""How a statement begins that is for a wrong function: what fails for the solution too is a fault."""
DIVIDED = "def scale(x, factor):\n    return x / factor\n"
MADE_UP = "def scale(x, factor):\n    return x / 2\n"
ADDED, DIVIDES = (
    "You add the factor, and it is to be multiplied.",
    "You divide by the factor, and it is to be multiplied.",
)


def graded(root: Path, zygote: Zygote, statement: str, code: str) -> ExerciseVerdict:
    """Grade some code by the small lesson, in which a check begins with a statement."""
    begin = f"{CLAIM}\n    from grader.authoring import CheckFailed, StillToDo\n    {statement}"
    lesson = write_lesson(root, code=(CLAIM, begin))
    (root / "exercises" / f"{lesson.name}.py").write_text(f"import torch\n{code}")
    return first_exercise(lesson, root / "exercises", zygote)


def check_of(verdict: ExerciseVerdict, name: str) -> CheckVerdict:
    return next(check for check in verdict.checks if check.name == name)


@pytest.mark.parametrize(
    ("code", "others"),
    [(DIVIDED, ("divided", DIVIDES)), (MADE_UP, ("", ""))],
    ids=["calls_look_like_another", "calls_look_like_none"],
)
def test_a_mistake_that_a_check_names_is_named_whatever_the_calls_look_like(
    tmp_path: Path, zygote: Zygote, code: str, others: tuple[str, str]
) -> None:
    verdict = graded(tmp_path, zygote, f'{WRONG}raise CheckFailed("You chose a.", mistake="added")', code)
    named, other = check_of(verdict, "test_not_smaller"), check_of(verdict, "test_every_entry")

    assert (named.status, named.message) == (Status.WRONG, "You chose a.")
    assert (named.mistake, named.explanation) == ("added", ADDED)
    assert other.mistake == others[0]
    assert other.explanation == others[1] or not others[1]


def test_a_check_that_names_no_mistake_leaves_it_to_the_calls(tmp_path: Path, zygote: Zygote) -> None:
    named = check_of(graded(tmp_path, zygote, f'{WRONG}raise CheckFailed("Wrong.")', DIVIDED), "test_not_smaller")

    assert (named.mistake, named.explanation) == ("divided", DIVIDES)


def test_a_mistake_that_does_not_exist_is_a_fault_of_ours(tmp_path: Path, zygote: Zygote) -> None:
    verdict = graded(tmp_path, zygote, f'{WRONG}raise CheckFailed("You chose e.", mistake="q1_e")', DIVIDED)

    assert verdict.status is Status.FAULT
    assert verdict.first_failure is not None
    assert (
        "test_not_smaller names the mistake 'q1_e', and lessons/m9_1_scaling/scale.md has no such heading"
        in verdict.first_failure.message
    )


def test_what_is_still_to_do_is_not_wrong(tmp_path: Path, zygote: Zygote) -> None:
    right = "def scale(x, factor):\n    return x * factor\n"
    verdict = graded(tmp_path, zygote, 'scale(x=torch.ones(1), factor=2.0); raise StillToDo("Still to do: 2.")', right)
    check = check_of(verdict, "test_not_smaller")

    assert (check.status, check.message) == (Status.TODO, "Still to do: 2.")
    assert (check.counterexample, check.mistake) == ("", "")
    assert (verdict.status, verdict.points, verdict.max_points) == (Status.TODO, 4, 5)


def test_points_under_another_name_are_a_fault_of_ours(tmp_path: Path, zygote: Zygote) -> None:
    begin = "from grader.authoring import points as worth\n\n\n@worth(3)\ndef test_not_smaller"
    lesson = write_lesson(tmp_path, code=("def test_not_smaller", begin))
    verdict = first_exercise(lesson, tmp_path / "exercises", zygote)

    assert verdict.status is Status.FAULT
    assert verdict.first_failure is not None
    line = (
        lesson.code("scale").read_text().splitlines().index("def test_not_smaller(scale: StudentFunction) -> None:") + 1
    )
    assert verdict.first_failure.message == (
        f"lessons/m9_1_scaling/scale.py:{line}: test_not_smaller is decorated under an alias: write @points."
    )


@pytest.mark.parametrize(
    ("code", "has_a_behaviour"),
    [
        (MADE_UP, True),
        (DIVIDED, False),  # a known mistake
        ("def scale(x, factor):\n    x *= factor\n    return x\n", False),  # what its conduct is told of already
    ],
    ids=["wrong in a new way", "a known mistake", "right, and changes its argument"],
)
def test_what_may_become_a_known_mistake_is_a_behaviour(
    tmp_path: Path, zygote: Zygote, code: str, *, has_a_behaviour: bool
) -> None:
    lesson = write_lesson(tmp_path)
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(f"import torch\n{code}")

    found = grade(lesson, tmp_path / "exercises", zygote)

    assert found.lesson.exercises[0].status is Status.WRONG
    assert bool(found.behaviours) == has_a_behaviour


def test_a_right_value_is_not_held_against_itself_where_the_surroundings_are_wrong(
    tmp_path: Path, zygote: Zygote
) -> None:
    changes = "def scale(x, factor):\n    right = x * factor\n    x += 1\n    return right\n"
    conduct = check_of(graded(tmp_path, zygote, "pass", changes), "conduct_scale")

    assert conduct.status is Status.WRONG
    assert "changed its argument `x` in place" in conduct.message
    assert conduct.counterexample.startswith("scale(")
    assert (conduct.returned, conduct.wanted) == ("", "")


@pytest.mark.parametrize(
    ("value", "wanted", "seen"),
    [
        (
            {"w": 2.0, "history": [4.0, 10.0]},
            {"w": 2.0, "history": [2.0, 5.0]},
            'In "history": Here every value is 2 times the expected one',
        ),
        ((torch.eye(2), 3.0), (torch.eye(2), -3.0), "In [1]: "),
        (
            [{"a": torch.ones(2)}, {"a": 2 * torch.ones(2)}],
            [{"a": torch.ones(2)}] * 2,
            'In [1]["a"]: Here every value is',
        ),
        ([([2.0, 8.0], 1.0)], [([1.0, 4.0], 1.0)], "In [0][0]: Here every value is 2 times the expected one"),
        ({"status": "ok"}, {"status": "diverged"}, ""),
        ({"w": 2.0, "b": 1.0, "s": "a"}, {"w": 2.0, "b": 1.5, "s": "b"}, 'Here "w" is right; "b" and "s" differ.'),
        ({"w": 2.0, "b": 1.0, "c": 1.0}, {"w": 2.0, "b": 1.0, "c": 3.5}, 'Here "w" and "b" are right; "c" differs.'),
        ({"w": 1.0}, {"w": 1.0}, ""),
        ([2.0, 4.0], [1.0, 2.0], "Here every value is 2 times the expected one"),
    ],
    ids=repr,
)
def test_of_several_parts_the_first_wrong_one_is_explained(value: object, wanted: object, seen: str) -> None:
    difference, said = _seen(value, wanted, {})

    assert said.startswith(seen)
    assert (difference is Difference.FORM) == ("Here every value" in seen or seen == "In [1]: ")
    assert bool(said) == bool(seen)


@pytest.mark.parametrize(
    ("returned", "given", "is_same"),
    [
        ({"a": 2.5, "b": 1.2e-7}, (torch.tensor([5.0, -2.0]), 0.5), True),
        ({"a": 2.5, "b": 4e-6}, {"x": [[2.0]]}, True),
        ({"a": 2.5, "b": 4e-5}, (torch.tensor([5.0, -2.0]), 0.5), False),
        ({"a": 2.5, "b": 4e-5}, (torch.tensor([math.inf, math.nan]), math.inf, 10**9, "text"), False),
        ({"a": 2.501, "b": 0.0}, (5.0,), False),
    ],
    ids=repr,
)
def test_what_float32_leaves_of_a_zero_is_measured_by_the_numbers_of_the_call(
    returned: object, given: object, is_same: bool
) -> None:
    """Every style leaves its own remainder of errors that cancel, and a known mistake lost its name by it."""
    assert same(returned, {"a": 2.5, "b": 0.0}, largest_float(given)) == is_same


def test_numbers_that_are_small_everywhere_are_told_apart() -> None:
    assert same(1e-4, 1e-4 + 1e-8, 1e-3)
    assert not same(1e-4, 1.01e-4, 1e-3)


HUGE = "def scale(x, factor):\n    return torch.full_like(x, 1e200)\n"
SQUARES = "y = scale(torch.ones(1, dtype=torch.float64), 2.0); [value ** 2 for value in y.tolist()]"


def test_values_that_break_a_check_are_wrong_and_a_broken_check_is_a_fault(tmp_path: Path, zygote: Zygote) -> None:
    broken = check_of(graded(tmp_path / "a", zygote, SQUARES, HUGE), "test_not_smaller")
    always = check_of(
        graded(tmp_path / "b", zygote, f"{SQUARES}; 1 / 0", HUGE.replace("1e200", "1")), "test_not_smaller"
    )

    assert broken.status is Status.WRONG
    assert broken.message.startswith("Given what your function returned, the check cannot continue: OverflowError")
    assert broken.counterexample.startswith("scale(")
    assert always.status is Status.FAULT
    assert "ZeroDivisionError" in always.message


def test_a_guess_that_knows_the_example_gets_nothing(tmp_path: Path, zygote: Zygote) -> None:
    """All that holds for a constant holds by accident; who is right but for one kind of call gets what holds."""
    by_heart = "def scale(x, factor):\n    return x * 3 if factor == 3 and len(x) == 2 else x * 0\n"
    nearly = "def scale(x, factor):\n    return x * factor if factor >= -1 else x\n"
    guessed, almost = (graded(tmp_path / name, zygote, "", code) for name, code in (("a", by_heart), ("b", nearly)))

    assert guessed.checks[0].status is Status.PASSED
    assert check_of(guessed, "test_twice").status is Status.PASSED
    assert (guessed.points, guessed.unpaid_until) == (0, "most answers are right")
    assert almost.status is Status.WRONG
    assert almost.points
    assert almost.unpaid_until == ""


@pytest.mark.parametrize("seed", [13, 14, 15, 16])
def test_to_know_the_answers_for_zeros_by_heart_is_no_knowledge(grade_text: Grade, seed: int) -> None:
    """With these seeds, half of the drawn calls hold nothing but zeros, and the table has their answers."""
    verdict = grade_text((CASES / "hostile/answers_looked_up_in_a_table.py").read_bytes(), "compute_grid", seed=seed)

    assert [each.points for each in verdict.lessons[0].exercises] == [0]


def test_a_mistake_that_later_calls_refute_leaves_no_word_of_its_own(tmp_path: Path, zygote: Zygote) -> None:
    """What the numbers look like is said again, as if nobody had thought of the mistake."""
    code = "def scale(x, factor):\n    return x + factor if factor == 3 and len(x) == 2 else x * factor * 2\n"
    verdict = graded(tmp_path, zygote, "", code)
    first = verdict.checks[0]

    assert first.status is Status.WRONG
    assert (first.mistake, first.explanation) == ("", first.seen)
    assert all(ADDED not in check.explanation for check in verdict.checks)


def test_of_several_long_tensors_only_the_first_wrong_one_is_shown() -> None:
    layer = {"W": torch.arange(12.0).reshape(3, 4), "b": torch.zeros(4)}
    wrong = {"W": torch.arange(12.0).reshape(3, 4), "b": torch.tensor([0.0, 0.5, 0.0, 0.0])}

    assert _shown(wrong, layer, None) == ('"b": [0., 0.5, 0., 0.]', '"b": [0., 0., 0., 0.]')
    assert _shown((1.5, wrong), (1.5, layer), None) == ('[1]["b"]: [0., 0.5, 0., 0.]', '[1]["b"]: [0., 0., 0., 0.]')
    assert _shown({"loss": 1.5, "b": 2.0}, {"loss": 1.0, "b": 2.0}, None)[0] == "{'loss': 1.5, 'b': 2.}"


Pair = tuple[Any, Any]
NUMBERS = st.integers(0, 3)


def tensors(shape: list[int], dtype: torch.dtype, one: int, other: int) -> Pair:
    return torch.full(shape, one, dtype=dtype), torch.full(shape, other, dtype=dtype)


def contained(kind: type, pairs: list[Pair]) -> Pair:
    """Return two containers of the parts of these pairs."""
    values = zip(*pairs, strict=True) if pairs else ((), ())
    one, other = (dict(zip("abc", each, strict=False)) if kind is dict else kind(each) for each in values)
    return one, other


SHAPES = st.lists(NUMBERS, max_size=2)
DTYPES = st.sampled_from([torch.float32, torch.float64, torch.int64, torch.bool, torch.complex64])
LEAVES = st.one_of(
    *(st.tuples(each, each) for each in (st.booleans(), NUMBERS, NUMBERS.map(float), st.sampled_from(["a", "b"]))),
    st.builds(tensors, SHAPES, DTYPES, NUMBERS, NUMBERS),
)
PAIRS = st.recursive(
    LEAVES,
    lambda pair: st.builds(contained, st.sampled_from([list, tuple, dict]), st.lists(pair, max_size=3)),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(pair=PAIRS)
def test_every_pair_of_values_that_can_be_compared_can_be_explained(pair: Pair) -> None:
    """A float beside a tensor in one result once made a fault of a wrong answer."""
    value, wanted = coerce(pair[0], pair[1]), pair[1]
    same(value, wanted)
    _seen(value, wanted, {"x": 3})
    _shown(value, wanted, None)


@pytest.mark.parametrize("name", ["_seen", "find_mistake"])
def test_a_broken_explanation_takes_nothing_from_a_verdict_and_is_a_fault_where_we_look_for_ours(
    tmp_path: Path, zygote: Zygote, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    lesson = write_lesson(tmp_path)
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(DIVIDED)
    monkeypatch.setattr(diagnosis, name, breaks)
    verdicts = first_exercise(lesson, tmp_path / "exercises", zygote, Options()).checks
    wrong = [each for each in verdicts if each.status is Status.WRONG]

    assert not any(each.status is Status.FAULT for each in verdicts)
    assert {"test_every_entry", "test_not_smaller"} <= {each.name for each in wrong}
    assert all("The workbook cannot explain it: " in each.message for each in wrong if each.claim)
    assert first_exercise(lesson, tmp_path / "exercises", zygote, Options(is_strict=True)).status is Status.FAULT
