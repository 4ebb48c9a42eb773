"""Who grades many submissions repeats the examples that Hypothesis drew for the solution, and finds the same."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.authoring import MAX_EXAMPLES, examples
from grader.course.model import Lesson
from grader.course.submission import Source
from grader.engine.grading import Grading, Options, Task, load
from grader.engine.reference import Reference
from grader.engine.replay import Examples, Manner, _copied, prepare
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from grader.verdict import CheckVerdict, LessonVerdict, Status
from tests.conftest import ROOT
from tests.grading import grade
from tests.patience import unmeasured
from tests.test_cases import CASES

SOLUTION = (ROOT / "solutions" / "m1_4_loss_landscape.py").read_text()
CHOSEN = (
    "wrong/m1_4_loss_landscape/compute_grid__single_point_nan",
    "wrong/m1_4_loss_landscape/compute_grid__n_minus_1",
    "wrong/m1_4_loss_landscape/compute_grid__random",
    "wrong/m1_4_loss_landscape/run_descent__clipped",
    "wrong/m1_4_loss_landscape/run_descent__stops_at_a_rise",
    "wrong/m1_4_loss_landscape/run_descent__gradients_not_cleared",
    "wrong/m1_4_loss_landscape/fixed_bias_slice__last_weight_forgotten",
    "right/m1_4_loss_landscape/plain_python",
)
HANGS_LATE = SOLUTION + (
    "\n\ndef compute_grid(x, y, w_values, b_values):\n"
    "    while len(x) > 3:\n        pass\n"
    "    return ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)\n"
)


@pytest.fixture(scope="module")
def known(zygote: Zygote, lesson: Lesson) -> tuple[Reference, Examples]:
    reference, examples = Reference(lesson), Examples()
    verdict = verdict_on(SOLUTION, lesson, zygote, (reference, examples))
    assert verdict.status is Status.PASSED
    examples.is_complete = True
    return reference, examples


def verdict_on(
    content: str,
    lesson: Lesson,
    zygote: Zygote,
    known: tuple[Reference | None, Examples | None] = (None, None),
    *,
    exercises: tuple[str, ...] = (),
) -> LessonVerdict:
    """Return the verdict without what differs from run to run: how long checks and stopped calls took."""
    reference, examples = known
    source, options = Source("answer.py", content.encode()), Options(exercises, limits=Limits(call_seconds=1.0))
    verdict = grade(lesson, source, zygote, options, reference=reference, examples=examples).lesson
    return replace(
        verdict,
        exercises=tuple(replace(each, checks=tuple(map(_timeless, each.checks))) for each in verdict.exercises),
    )


def _timeless(check: CheckVerdict) -> CheckVerdict:
    return replace(check, message=unmeasured(check.message), duration_ms=0.0)


@pytest.mark.parametrize("case", CHOSEN)
def test_the_verdict_is_the_same(case: str, lesson: Lesson, zygote: Zygote, known: tuple[Reference, Examples]) -> None:
    content = f"{SOLUTION}\n\n{(CASES / case).with_suffix('.py').read_text()}"
    name = Path(case).stem.partition("__")[0]
    exercises = (name,) if name in {each.name for each in lesson.exercises} else ()

    repeated = verdict_on(content, lesson, zygote, known, exercises=exercises)

    assert repeated == verdict_on(content, lesson, zygote, exercises=exercises)


def test_a_hang_on_a_later_example_shows_the_call_that_hangs(
    lesson: Lesson, zygote: Zygote, known: tuple[Reference, Examples]
) -> None:
    repeated = verdict_on(HANGS_LATE, lesson, zygote, known, exercises=("compute_grid",))
    first = repeated.exercises[0].first_failure

    assert first is not None
    assert first.status is Status.TIMEOUT
    assert "compute_grid(" in first.counterexample
    assert repeated == verdict_on(HANGS_LATE, lesson, zygote, exercises=("compute_grid",))


@pytest.mark.parametrize("number", [1, 5, None])
def test_a_check_draws_as_many_examples_as_it_says(number: int | None, lesson: Lesson, zygote: Zygote) -> None:
    grading = Grading(Task(load(lesson), Source("answer.py", SOLUTION.encode()), zygote))
    seen = []

    @given(drawn=st.integers())
    def check(drawn: int) -> None:
        seen.append(drawn)

    marked = examples(number)(check) if number else check
    prepare(marked, "check", grading.student, Manner(0, lambda: True))()

    assert len(seen) == (number or MAX_EXAMPLES)


def test_what_counts_its_calls_is_unsteady(lesson: Lesson, zygote: Zygote, known: tuple[Reference, Examples]) -> None:
    content = SOLUTION + (
        "\n\ncalls = 0\nright = compute_grid\n\ndef compute_grid(x, y, w_values, b_values):\n"
        "    global calls\n    calls += 1\n"
        "    return right(x, y, w_values, b_values) + (calls == 20)\n"
    )
    first = verdict_on(content, lesson, zygote, known, exercises=("compute_grid",)).exercises[0].first_failure

    assert first is not None
    assert first.status is Status.WRONG
    assert "different results for the same call" in first.message


def test_a_check_that_draws_while_it_runs_is_not_repeated(lesson: Lesson, zygote: Zygote) -> None:
    grading = Grading(Task(load(lesson), Source("answer.py", SOLUTION.encode()), zygote))
    examples, seen = Examples(), []

    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        seen.append(data.draw(st.integers()))

    def run_check() -> None:
        prepare(check, "check", grading.student, Manner(0, lambda: True, examples))()

    run_check()
    examples.is_complete = True

    assert seen
    assert examples.of("check") is None


@given(
    st.recursive(
        st.integers() | st.floats(allow_nan=False) | st.text() | st.booleans() | st.just(torch.ones(2)) | st.none(),
        lambda parts: st.lists(parts, max_size=3) | st.tuples(parts, parts) | st.dictionaries(st.text(), parts),
    )
)
def test_an_example_is_repeated_as_a_copy_of_its_own(value: object) -> None:
    copied = _copied({"drawn": value})["drawn"]

    assert repr(copied) == repr(value)
    for old, new in zip(parts_of(value), parts_of(copied), strict=True):
        assert type(old) is type(new)
        assert old is not new or not isinstance(old, torch.Tensor | list | dict)


def test_a_copy_keeps_that_gradients_are_wanted() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    copied = _copied([weight, torch.ones(1, requires_grad=True)])

    assert isinstance(copied[0], torch.nn.Parameter)
    assert all(each.requires_grad for each in copied)


def parts_of(value: object) -> list[object]:
    """Return a value and everything in it."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [value, *(part for each in inside for part in parts_of(each))]
