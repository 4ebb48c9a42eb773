"""The meter: it counts examples, comparisons and calls while somebody measures, and nothing otherwise."""

import math

import pytest
import torch

from grader import metrics
from grader.authoring import CheckFailed, assert_at_most, assert_close, keeps


def test_nobody_measures_unless_asked() -> None:
    assert metrics.present() is None
    metrics.note_example()
    assert_close(1.0, 1.0)


def test_examples_and_comparisons_belong_to_the_present_check() -> None:
    with metrics.measuring() as measured:
        measured.begin_check("a")
        metrics.note_example()
        metrics.note_example()
        assert_close(1.0, 1.0 + 2e-6, tolerance=1e-5)
        measured.begin_check("b")
        assert_at_most(1.0, 2.0, says="")

    assert measured.checks["a"].examples == 2
    assert measured.checks["a"].comparisons == 1
    assert measured.checks["a"].used == pytest.approx(0.2, rel=1e-6)
    assert (measured.checks["b"].examples, measured.checks["b"].comparisons, measured.checks["b"].used) == (0, 1, 0.0)
    assert metrics.present() is None


def test_the_largest_part_counts() -> None:
    with metrics.measuring() as measured:
        measured.begin_check("a")
        for difference in (1e-7, 5e-7, 2e-7):
            assert_close([0.0, difference], [0.0, 0.0], tolerance=1e-6)

    assert measured.checks["a"].used == pytest.approx(0.5)


def test_the_scale_and_the_slack_are_what_a_difference_is_compared_with() -> None:
    with metrics.measuring() as measured:
        measured.begin_check("close")
        assert_close(0.0, 1e-5, tolerance=1e-5, scale=torch.tensor(10.0))
        measured.begin_check("at most")
        assert_at_most([1.0, 3.0], [2.0, 2.9], slack=0.4, says="")

    assert measured.checks["close"].used == pytest.approx(0.1)
    assert measured.checks["at most"].used == pytest.approx(0.25)


def test_equal_infinities_use_nothing_of_a_tolerance() -> None:
    with metrics.measuring() as measured:
        measured.begin_check("a")
        assert_close(math.inf, math.inf)
        assert_close([], [])

    assert measured.checks["a"].used == 0.0
    assert measured.checks["a"].comparisons == 2


def test_a_comparison_that_fails_is_not_counted() -> None:
    with metrics.measuring() as measured:
        measured.begin_check("a")
        with pytest.raises(CheckFailed):
            assert_close(1.0, 2.0)

    assert measured.checks["a"].comparisons == 0


def test_the_slowest_call_of_each_exercise_is_kept_and_all_are_added_up() -> None:
    with metrics.measuring() as measured:
        for name, seconds in (("f", 0.25), ("g", 0.5), ("f", 0.125)):
            measured.note_call(name, seconds)

    assert measured.slowest == {"f": 0.25, "g": 0.5}
    assert measured.seconds == 0.875


def test_measuring_ends_with_an_exception() -> None:
    with pytest.raises(RuntimeError), metrics.measuring():
        raise RuntimeError

    assert metrics.present() is None


def test_a_check_stays_for_a_reason_only() -> None:
    def check() -> None: ...

    assert keeps("It shows the idea.")(check) is check
    with pytest.raises(ValueError, match="@keeps needs a reason"):
        keeps("")
