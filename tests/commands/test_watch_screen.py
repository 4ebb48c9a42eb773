"""The screen of `grade watch` at any size: the verdict and the next step are always there, and the layout holds."""

from dataclasses import replace
from pathlib import Path

import pytest
from wcwidth import strip_sequences
from wcwidth import width as cells

from grader.commands.watch_screen import Look, as_keys, cut, next_action, page_lines, screen
from grader.commands.watch_state import Beside, Now, Page, Row, State, after, following, functions_of, opened
from grader.course.model import Course, Lesson
from grader.course.submission import Source
from grader.live.events import Done, Faulted, FirstFailure, Graded, Loaded, Loading, Reason, Started, Unusable
from grader.reports.text import Style
from grader.verdict import CheckVerdict, ExerciseVerdict, Frame, LessonVerdict, Status
from tests.small_lesson import write_lesson

SIZES = [(60, 20), (80, 24), (100, 14), (140, 50), (30, 8), (10, 3), (1, 1), (3, 40), (500, 2)]
CALL = """\
compute_grid(
    x=torch.tensor([0.0, 1.0]),
    y=torch.tensor([1.0, 3.0]),
    w_values=torch.tensor([0.0, 2.0]),
    b_values=torch.tensor([0.0, 1.0, 2.0]),
)"""
EXPLANATION = (
    "You add the squared errors up and stop there, so your values are N times too large. The loss is the mean over the"
    " N points: it must not grow because there are more of them."
)
WRONG = CheckVerdict(
    "test_docstring",
    "The docstring example returns what it says.",
    Status.WRONG,
    counterexample=CALL,
    returned="[[10., 4., 2.], [2., 0., 2.]]",
    wanted="[[5., 2., 1.], [1., 0., 1.]]",
    explanation=EXPLANATION,
    earned=False,
)
HELD = CheckVerdict("test_held", "It holds.", Status.PASSED, earned=False)
LONG = "損失関数の値は大きすぎますか" * 9
RAISED = CheckVerdict(
    "test_raises",
    "It returns a value.",
    Status.RAISED,
    message=f"ValueError: {'値が大きすぎます、' * 12}",
    counterexample="compute_grid(x=1)",
    frames=(
        Frame("exercises/m1_4_loss.py", 40, "compute_grid", "return helper(x)"),
        Frame("exercises/m1_4_loss.py", 44, "helper", "raise ValueError('値が大きすぎます、' * 12)"),
    ),
    output=f"{LONG}\n\x1b[2Jcleared\r\n\ttab\n",
)


def verdict(name: str, *checks: CheckVerdict, bonus: bool = False) -> ExerciseVerdict:
    return ExerciseVerdict(name, bonus, checks)


def row(name: str, *checks: CheckVerdict, bonus: bool = False) -> Row:
    graded = verdict(name, *checks, bonus=bonus) if checks else None
    return Row(name, bonus, f"exercises/m1_4_loss.py:{len(name)}", graded)


PASSED = replace(HELD, earned=True)
TODO = CheckVerdict("test_todo", "It is written.", Status.TODO, message="Still to do: it.")
BESIDE = Beside(4, 16, "lessons/m1_4_loss/README.md", "1.5 Numerical vs. analytic gradients")
WRONG_STATE = State(
    "1.4 Visualizing the loss landscape",
    (row("compute_grid", WRONG, HELD), row("run_descent", PASSED), row("fixed_bias_slice", TODO)),
    beside=BESIDE,
    now=Now(seconds=0.31, at="14:02:11"),
)
STATES = {
    "wrong": WRONG_STATE,
    "raised": replace(WRONG_STATE, rows=(row("compute_grid", RAISED), row("run_descent"))),
    "passed": replace(WRONG_STATE, focus="run_descent"),
    "complete": replace(WRONG_STATE, rows=(row("compute_grid", PASSED), row("plot", TODO, bonus=True))),
    "loading": State("1.4 Visualizing", (row("compute_grid"),), now=Now(loading="PyTorch", grading=True, seconds=3.0)),
    "question": replace(WRONG_STATE, question="Reset compute_grid to the starter code? Your version is kept. y/N"),
    "notice": replace(WRONG_STATE, notice="Nothing was changed. " * 9),
    "fault": replace(WRONG_STATE, rows=(replace(row("compute_grid"), fault="No verdict.\nIts last words."),)),
    "page": replace(WRONG_STATE, page=Page("Log", tuple(f"line {number} {LONG}" for number in range(99)), 10**9)),
    "empty": State(),
}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("look", [Look(), Look(Style(colour=True), "/a cöurse")], ids=["plain", "colour"])
def test_it_fits_into_every_size(name: str, look: Look) -> None:
    for width, height in SIZES:
        lines = screen(STATES[name], width, height, look)

        assert len(lines) <= height
        assert max(map(cells, lines), default=0) <= width
        assert not any(set(strip_sequences(line)) & set("\n\r\t\x1b\x07") for line in lines)
        assert [strip_sequences(line) for line in lines] == screen(STATES[name], width, height)


@pytest.mark.parametrize("size", SIZES[:4], ids=str)
def test_the_verdict_its_place_and_the_next_step_are_always_there(size: tuple[int, int]) -> None:
    lines = screen(WRONG_STATE, *size)
    shown = " ".join("\n".join(lines).split())

    assert "WRONG compute_grid 0 of 2 points" in shown
    assert "your code returned [[10., 4., 2.], [2., 0., 2.]]" in shown
    assert "it must not grow because there are more of them." in shown
    assert "exercises/m1_4_loss.py:12" in lines
    assert "Next: mend compute_grid and save. Stuck? Press h for a hint." in shown
    assert lines[-1].endswith("? help")
    assert shown.index("WRONG") < shown.index("returned") < shown.index("loss.py:12") < shown.index("Next:")


def test_a_screen() -> None:
    assert screen(WRONG_STATE, 80, 24) == [
        "1.4 Visualizing the loss landscape",
        "lesson ███░░░░░░░ 1/3   course ██░░░░░░░░ 5/19",
        "WRONG    compute_grid  0 of 2 points                             14:02:11  0.3 s",
        "",
        "  Failed: The docstring example returns what it says.",
        "",
        "    compute_grid(",
        "        x=torch.tensor([0.0, 1.0]),",
        "        y=torch.tensor([1.0, 3.0]),",
        "        w_values=torch.tensor([0.0, 2.0]),",
        "        b_values=torch.tensor([0.0, 1.0, 2.0]),",
        "    )",
        "    your code returned  [[10., 4., 2.], [2., 0., 2.]]",
        "    expected            [[5., 2., 1.], [1., 0., 1.]]",
        "",
        "  You add the squared errors up and stop there, so your values are N times too",
        "  large. The loss is the mean over the N points: it must not grow because there",
        "  are more of them.",
        "",
        "  1 of 2 checks passes; it counts once the first check passes.",
        "exercises/m1_4_loss.py:12",
        "Next: mend compute_grid and save. Stuck? Press h for a hint.",
        "h hint  p picture  v verdict  l log  c course  r run  x reset  u undo  q quit",
        "? help",
    ]


def test_a_short_screen_leaves_the_middle_out_and_says_how_to_see_it() -> None:
    assert screen(WRONG_STATE, 100, 14) == [
        "1.4 Visualizing the loss landscape                    lesson ███░░░░░░░ 1/3   course ██░░░░░░░░ 5/19",
        "WRONG    compute_grid  0 of 2 points                                                 14:02:11  0.3 s",
        "  Failed: The docstring example returns what it says.",
        "    compute_grid(",
        "  ... 4 more lines: press v for all",
        "    )",
        "    your code returned  [[10., 4., 2.], [2., 0., 2.]]",
        "    expected            [[5., 2., 1.], [1., 0., 1.]]",
        "  You add the squared errors up and stop there, so your values are N times too large. The loss is",
        "  the mean over the N points: it must not grow because there are more of them.",
        "  1 of 2 checks passes; it counts once the first check passes.",
        "exercises/m1_4_loss.py:12",
        "Next: mend compute_grid and save. Stuck? Press h for a hint.",
        "h hint  p picture  v verdict  l log  c course  r run  x reset  u undo  q quit  ? help",
    ]


def test_an_absurd_screen_shows_the_status_and_the_next_step() -> None:
    assert screen(WRONG_STATE, 10, 3) == ["WRONG    c", "Next: mend", "q quit"]


def test_the_line_of_the_failure_is_shown_with_its_code() -> None:
    lines = screen(STATES["raised"], 80, 24)

    assert "exercises/m1_4_loss.py:44   raise ValueError('値が大きすぎます、' * 12)" in lines[-4:]
    assert any("exercises/m1_4_loss.py:40 in compute_grid" in line for line in lines)


def test_a_place_is_a_link_for_terminals_that_have_links() -> None:
    linked = screen(WRONG_STATE, 80, 24, Look(Style(), "/a cöurse"))

    assert (
        "\x1b]8;;file:///a%20c%C3%B6urse/exercises/m1_4_loss.py#12\x1b\\exercises/m1_4_loss.py:12\x1b]8;;\x1b\\"
        in linked
    )
    assert "exercises/m1_4_loss.py:12" in screen(WRONG_STATE, 80, 24)


def test_nothing_is_left_out_where_only_empty_lines_are_too_many() -> None:
    assert cut(["a", "", "b", ""], 2) == ["a", "b"]
    assert cut(["a", "", "b", "c", "d"], 3) == ["  ... 2 more lines: press v for all", "c", "d"]
    assert cut(["a", "b"], 1) == ["  ... 2 more lines: press v for all"]
    assert cut(["a", "b"], 0) == []


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("wrong", "Next: mend compute_grid and save. Stuck? Press h for a hint."),
        ("passed", "Passed. Press n to go on to fixed_bias_slice; until then every save is graded."),
        (
            "complete",
            "Lesson complete. Press n for lesson 1.5 Numerical vs. analytic gradients. Left as a bonus: plot.",
        ),
        ("loading", ""),
        ("fault", "Press r to try again."),
        ("empty", ""),
    ],
)
def test_the_next_step(name: str, action: str) -> None:
    assert next_action(STATES[name]) == action


def test_the_last_lesson_says_so() -> None:
    state = replace(STATES["complete"], beside=Beside())

    assert next_action(state) == "Lesson complete. It is the last lesson. Left as a bonus: plot."


def test_what_was_typed_for_a_question_ends_its_line() -> None:
    assert screen(STATES["question"], 30, 3)[-1].endswith("y/N")


def test_prose_that_was_wrapped_is_wrapped_again() -> None:
    page = Page("", ("You add the squared errors up and stop there, so your values are N times too", "large.", "New."))

    assert page_lines(page, 200) == [f"{page.lines[0]} large.", "New."]


# The state


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return write_lesson(tmp_path)


def source(text: str) -> Source:
    return Source("exercises/m9_1_scaling.py", text.encode())


def part(name: str, *checks: CheckVerdict) -> LessonVerdict:
    return LessonVerdict("9.1", "m9_1_scaling", "Scaling", (verdict(name, *checks),))


def test_a_round_forgets_the_verdicts_on_the_file_before(lesson: Lesson) -> None:
    state = State(rows=(replace(row("scale", PASSED), fault=""),), focus="scale", question="Sure? y/N", notice="Told.")
    begun = after(state, Started(lesson, source("def scale(): ...\n"), Reason.SAVED, replaced=False))

    assert begun.rows == (Row("scale", place="exercises/m9_1_scaling.py:1", before=Status.PASSED),)
    assert (begun.question, begun.notice, begun.now.grading) == ("", "", True)
    assert "passed" not in "\n".join(screen(begun, 80, 24))


def test_the_events_of_a_round(lesson: Lesson) -> None:
    state = after(State(), Loading("PyTorch"))
    state = after(state, Started(lesson, source("\n\ndef scale(): ...\n"), Reason.OPENED, replaced=False))
    assert state.now.loading == "PyTorch"
    state = after(state, Loaded())
    state = after(state, FirstFailure("scale", "Every entry is multiplied.", Status.WRONG))
    early = screen(state, 80, 24)
    assert [line for line in early if "Every entry" in line] == ["  Failed: Every entry is multiplied."]
    assert early[1].startswith("WRONG    scale")
    state = after(state, Graded("scale", part("scale", replace(WRONG, claim="Every entry is multiplied."))))
    state = after(state, Done(part("scale", WRONG), "confined", 0.2))

    late = screen(state, 80, 24)
    assert [line for line in late if "Every entry" in line] == ["  Failed: Every entry is multiplied."]
    assert state.focus == "scale"
    assert "exercises/m9_1_scaling.py:3" in late


def test_a_fault_and_an_unusable_lesson_are_told(lesson: Lesson) -> None:
    state = after(State(), Started(lesson, source(""), Reason.OPENED, replaced=False))
    state = after(state, Faulted("scale", "It broke."))
    assert "FAULT" in screen(state, 80, 24)[1]
    assert "  It broke." in screen(state, 80, 24)

    assert "No checks." in screen(after(state, Unusable("No checks.")), 80, 24)


def test_the_exercise_that_a_save_changes_comes_onto_the_screen(lesson: Lesson) -> None:
    text = "def scale():\n    return 1\n\n\ndef helper():\n    return 2\n"
    assert functions_of(source(text)) == {
        "scale": "def scale():\n    return 1",
        "helper": "def helper():\n    return 2",
    }
    state = State(rows=(row("scale", PASSED),), focus="other", texts=functions_of(source(text)))

    def focus(text: str, reason: Reason) -> str:
        return after(state, Started(lesson, source(text), reason, replaced=False)).focus

    assert focus(text.replace("1", "3"), Reason.SAVED) == "scale"
    assert focus(text.replace("2", "3"), Reason.SAVED) == "other"
    assert focus(f"\n\n{text}", Reason.SAVED) == "other"
    assert focus(text.replace("1", "3"), Reason.REQUESTED) == "other"


def test_going_on_passes_over_what_has_passed_and_what_is_a_bonus() -> None:
    rows = (row("a", TODO), row("b", PASSED), row("c", TODO, bonus=True), row("d", WRONG))
    following_names = [
        other.name if (other := following(State(rows=rows, focus=name))) is not None else None for name in "abcd"
    ]

    assert following_names == ["d", "d", "d", "a"]
    assert following(State(rows=rows[:2], focus="a")) is None


def test_keys_take_the_place_of_commands() -> None:
    state = State("1.4 Visualizing", (Row("compute_grid"),))

    assert as_keys("Stuck? uv run grade hint 1.4 compute_grid", state) == "Stuck? press h"
    assert as_keys("Run `grade undo 1.4` again to swap back.", state) == "Press u again to swap back."
    assert as_keys("Next: f in x.py, then grade 1.4 compute_grid", state) == "Next: f in x.py, then save"
    assert as_keys("grade hint 1.4 compute_grids", state) == "press h compute_grids"


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"], ids=["unix", "windows"])
def test_a_stub_with_code_to_repair_is_unwritten_from_the_start(course: Course, ends: bytes) -> None:
    lesson = course.find("1.1")
    assert lesson.starters
    source = Source(f"exercises/{lesson.name}.py", lesson.stub.encode().replace(b"\n", ends))
    state = opened(State(), lesson, source, {}, Beside())

    assert all(row.is_unwritten for row in state.rows)
