"""The description of a failed check, word by word."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.feedback.describe import describe, summary
from grader.text import clean
from grader.verdict import CheckVerdict, Frame, Status

CLAIM = "The loss is a mean: twice the points give the same loss."
FAILED = f"Failed: {CLAIM}"
FRAMES = (
    Frame("exercises/m1_4.py", 21, "compute_grid", "return _helper(x)"),
    Frame("exercises/m1_4.py", 7, "_helper", "return x[99]"),
)


def verdict(status: Status, **known: object) -> CheckVerdict:
    """Return the verdict of a check of which only this is known."""
    return CheckVerdict(name="test_it", claim=CLAIM, status=status, **known)  # type: ignore[arg-type]


def text(golden: str) -> list[str]:
    """Return the lines of a golden text."""
    return textwrap.dedent(golden).strip("\n").split("\n")


def test_a_wrong_value_is_shown_with_the_smallest_call_and_what_is_seen() -> None:
    check = verdict(
        Status.WRONG,
        counterexample="compute_grid(x=torch.tensor([1.0]))",
        returned="[4., 2.]",
        wanted="[2., 1.]",
        explanation="Here every value is 2 times the expected one.",
    )
    assert describe(check) == text("""
        Failed: The loss is a mean: twice the points give the same loss.

          compute_grid(x=torch.tensor([1.0]))
          your code returned  [4., 2.]
          expected            [2., 1.]

        Here every value is 2 times the expected one.
        """)


def test_a_wrong_value_with_everything_that_can_be_known() -> None:
    check = verdict(
        Status.WRONG,
        message="With every point taken twice, the landscape is another one.\nLook at it.",
        counterexample="compute_grid(\n    x=torch.tensor([1.0]),\n    b=0.5,\n)",
        returned="4.",
        wanted="2.",
        mistake="summed",
        explanation="You add the squared errors up and stop there.",
        frames=FRAMES,
        output="hello\n\n  world\n",
    )
    assert [line.rstrip() for line in describe(check)] == text("""
        Failed: The loss is a mean: twice the points give the same loss.

        With every point taken twice, the landscape is another one.
        Look at it.

          compute_grid(
              x=torch.tensor([1.0]),
              b=0.5,
          )
          your code returned  4.
          expected            2.

        You add the squared errors up and stop there.

          exercises/m1_4.py:21 in compute_grid
              return _helper(x)
          exercises/m1_4.py:7 in _helper
              return x[99]

        Your code printed:
          hello

            world
        """)


def test_a_wrong_value_of_which_nothing_is_known_is_the_claim() -> None:
    assert describe(verdict(Status.WRONG)) == [FAILED]


def test_a_wrong_kind_says_what_came_back() -> None:
    check = verdict(
        Status.WRONG,
        message="Your function returned None: it has no `return` at its end, or returns None there.",
        counterexample="f()",
        returned="None",
        wanted="[1.]",
    )
    assert describe(check) == text("""
        Failed: The loss is a mean: twice the points give the same loss.

        Your function returned None: it has no `return` at its end, or returns None there.

          f()
          your code returned  None
          expected            [1.]
        """)


def test_an_exception_comes_first_with_the_call_and_the_students_lines() -> None:
    check = verdict(
        Status.RAISED,
        message="IndexError: index 99 is out of range",
        counterexample="compute_grid(x=torch.tensor([1.0]))",
        frames=FRAMES,
    )
    assert describe(check) == text("""
        IndexError: index 99 is out of range

          compute_grid(x=torch.tensor([1.0]))

          exercises/m1_4.py:21 in compute_grid
              return _helper(x)
          exercises/m1_4.py:7 in _helper
              return x[99]
        """)


def test_a_time_out_says_how_long_was_waited() -> None:
    check = verdict(
        Status.TIMEOUT,
        message="The call did not return within 2 seconds.",
        counterexample="f(x=1)",
        output="step 1\nstep 2",
    )
    assert describe(check) == text("""
        The call did not return within 2 seconds.

          f(x=1)

        Your code printed:
          step 1
          step 2
        """)


def test_a_crash_says_how_the_process_ended() -> None:
    check = verdict(Status.CRASHED, message="Your code ended its process.\nBefore that it printed:\nbye")
    assert describe(check) == ["Your code ended its process.", "Before that it printed:", "bye"]


def test_a_file_that_is_no_python_is_shown_at_its_line() -> None:
    check = verdict(
        Status.INVALID,
        message="exercises/m1_4.py is no Python yet (line 3, column 5): '(' was never closed",
        frames=(Frame("exercises/m1_4.py", 3, "", "return ("),),
    )
    assert describe(check) == text("""
        exercises/m1_4.py is no Python yet (line 3, column 5): '(' was never closed

          exercises/m1_4.py:3
              return (
        """)


def test_what_is_still_to_do_is_one_line() -> None:
    check = verdict(Status.TODO, message="Still to do: write f in exercises/m1_4.py.")
    assert describe(check) == ["Still to do: write f in exercises/m1_4.py."]


def test_a_fault_is_its_message() -> None:
    check = verdict(Status.FAULT, message="The check broke.\nThis is our fault, not yours.")
    assert describe(check) == ["The check broke.", "This is our fault, not yours."]


def test_the_frame_of_a_module_or_a_lambda_has_no_name() -> None:
    frames = (Frame("m.py", 1, "<module>", "f()"), Frame("m.py", 2, "<lambda>", ""), Frame("m.py", 3, "f", ""))
    lines = describe(verdict(Status.RAISED, message="ValueError", frames=frames))
    assert lines == ["ValueError", "", "  m.py:1", "      f()", "  m.py:2", "  m.py:3 in f"]


def test_an_explanation_that_the_message_holds_is_not_repeated() -> None:
    check = verdict(
        Status.WRONG, message="Your tensor is transposed. Which index comes first?", explanation="transposed"
    )
    assert describe(check) == [FAILED, "", "Your tensor is transposed. Which index comes first?"]


def test_one_value_is_shown_where_the_other_is_not_known() -> None:
    assert describe(verdict(Status.WRONG, returned="1."))[1:] == ["  your code returned  1.", "  expected            "]


@pytest.mark.parametrize("output", ["", "\n", "  \n\t\n"], ids=repr)
def test_nothing_printed_is_not_mentioned(output: str) -> None:
    assert describe(verdict(Status.WRONG, output=output)) == [FAILED]


def test_twenty_lines_of_output_are_shown_and_the_others_are_counted() -> None:
    printed = [str(number) for number in range(20)]
    shown = [FAILED, "", "Your code printed:", *(f"  {line}" for line in printed)]
    assert describe(verdict(Status.WRONG, output="\n".join(printed) + "\n")) == shown
    longer = "\n".join([*printed, "more", "and more"])
    assert describe(verdict(Status.WRONG, output=longer)) == [*shown, "  (2 more lines)"]


# ---- One line --------------------------------------------------------------------------------------------------------


def test_the_summary_of_a_passed_check_is_its_claim() -> None:
    assert summary(verdict(Status.PASSED, message="ignored")) == CLAIM


def test_the_summary_is_the_explanation_else_the_message_else_the_claim() -> None:
    assert summary(verdict(Status.WRONG, message="Wrong.", explanation="You sum.\nMore.")) == "You sum."
    assert summary(verdict(Status.RAISED, message="ValueError: a\nb")) == "ValueError: a"
    assert summary(verdict(Status.WRONG)) == CLAIM


# ---- Whatever the student writes -------------------------------------------------------------------------------------


pieces = st.one_of(
    st.sampled_from(["\n", "\n  ", "\t", "\r", "\x1b[2J", "\x0b", "\x85", "\u2028", "passed"]), st.characters()
)
hostile = st.lists(pieces, max_size=6).map("".join).map(clean)
"""As a text of the student reaches a report: cleaned, but line feeds and tabs are left."""

one_line = hostile.map(lambda drawn: " ".join(drawn.split()))

verdicts = st.builds(
    verdict,
    st.sampled_from(Status),
    message=hostile,
    counterexample=hostile,
    returned=one_line,
    wanted=one_line,
    explanation=one_line,
    output=hostile,
    frames=st.lists(st.builds(Frame, st.just("m.py"), st.integers(1, 9), hostile, one_line), max_size=2).map(tuple),
)

FORGED = "x\n  passed   everything  9 of 9 points"


@pytest.mark.parametrize(
    "known",
    [
        {"message": FORGED},
        {"counterexample": FORGED},
        {"returned": FORGED},
        {"wanted": FORGED},
        {"output": FORGED},
        {"frames": (Frame("m.py", 1, FORGED, "f()"),)},
        {"frames": (Frame("m.py", 1, "f", FORGED),)},
    ],
    ids=["message", "counterexample", "returned", "wanted", "output", "function of a frame", "code of a frame"],
)
def test_a_line_feed_in_a_text_of_the_student_makes_no_line_of_ours(known: dict[str, object]) -> None:
    """A report indents line by line: behind a line feed inside of one, the student would write at the margin."""
    for line in describe(verdict(Status.WRONG, **known)):
        assert "\n" not in line


@settings(max_examples=100, deadline=None)
@given(check=verdicts)
def test_every_line_is_one_line(check: CheckVerdict) -> None:
    for line in describe(check):
        assert len(line.splitlines()) <= 1


@settings(max_examples=100, deadline=None)
@given(check=verdicts)
def test_the_summary_is_one_line_of_whatever(check: CheckVerdict) -> None:
    assert len(summary(check).splitlines()) <= 1


@settings(max_examples=100, deadline=None)
@given(check=verdicts)
def test_a_wrong_value_begins_with_the_claim_and_everything_else_with_what_happened(check: CheckVerdict) -> None:
    lines = describe(check)
    if check.status is Status.WRONG:
        assert lines[0] == FAILED
    else:
        assert lines[: len(check.message.splitlines())] == check.message.splitlines()


def test_a_printed_line_is_shown_as_far_as_a_person_reads_it() -> None:
    lines = describe(verdict(Status.WRONG, output=f"{'x' * 200}\n{'y' * 1201}"))

    assert lines[-2:] == [f"  {'x' * 200}", f"  {'y' * 200} (1001 more characters)"]
