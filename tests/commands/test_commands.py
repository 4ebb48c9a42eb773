"""The commands beside grading: what they say, and that nothing a student wrote is ever lost."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.commands import Answer, Context, hint, reset, show, solution, undo, watch, why
from grader.commands import list as course_list
from grader.commands import step as next_command
from grader.commands.hint import plain
from grader.course.model import read_course
from grader.course.stub import derive_stub
from grader.course.submission import Source
from grader.errors import CourseError, Fault, UsageError
from grader.pool.job import Job
from grader.pool.pool import Outcome
from grader.progress.cache import Memory
from grader.progress.next_step import CURRENT
from grader.progress.store import Store
from grader.reports.text import Style
from grader.verdict import Cause, CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status
from tests.conftest import ROOT

LESSON = "m1_4_loss_landscape"
SOLUTION = (ROOT / "solutions" / f"{LESSON}.py").read_text()
STUB = derive_stub(SOLUTION)
MINE = STUB.replace('raise NotImplementedError("TODO: run_descent")', "return [(0.0, 0.0)]  # mine\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one lesson in which something is written."""
    for folder in (f"lessons/{LESSON}", "solutions", "exercises"):
        (tmp_path / folder).mkdir(parents=True)
    for path in (ROOT / "lessons" / LESSON).iterdir():
        if path.suffix in {".py", ".md"}:
            shutil.copy(path, tmp_path / "lessons" / LESSON)
    (tmp_path / "solutions" / f"{LESSON}.py").write_text(SOLUTION)
    file(tmp_path).write_text(MINE)
    return tmp_path


def file(root: Path) -> Path:
    return root / "exercises" / f"{LESSON}.py"


@pytest.fixture
def context(root: Path) -> Context:
    """What the command line gives to a command."""
    return Context(read_course(root), root / "exercises", Store.open(root), Style(), lambda _: "")


def graded(
    context: Context,
    mistake: str = "",
    explanation: str = "You walk uphill.",
    cause: Cause | None = None,
    **statuses: Status,
) -> None:
    """Remember a verdict on the present file."""
    lesson = context.course.lessons[0]
    exercises = tuple(
        ExerciseVerdict(
            exercise.name,
            exercise.bonus,
            (
                CheckVerdict(
                    "c",
                    "It holds.",
                    statuses.get(exercise.name, Status.TODO),
                    mistake=mistake,
                    explanation=explanation if mistake or cause else "",
                    cause=cause,
                ),
            ),
        )
        for exercise in lesson.exercises
    )
    content = context.content(lesson)
    assert content is not None
    context.store.remember("key", content, LessonVerdict(lesson.id, lesson.name, lesson.title, exercises))


def text(answer: Answer) -> str:
    """Return what a command says, with every run of white space as one space."""
    assert answer.exit_code == 0
    return " ".join(answer.text.split())


# hint


def test_hints_come_one_at_a_time(context: Context) -> None:
    said = [text(hint.run(context, ["1.4", "run_descent"])) for _ in range(4)]

    assert ["hint 1 of 3" in said[0], "hint 2 of 3" in said[1], "hint 3 of 3" in said[2]] == [True] * 3
    assert "grade hint 1.4 run_descent" in said[0]
    assert "grad_w, grad_b" not in said[0] + said[1]
    assert "grad_w, grad_b = 2 * (error * x).mean().item()" in said[2]
    assert said[3] == said[2]
    assert f"All three are in lessons/{LESSON}/run_descent.md" in said[3]
    assert "then check it: grade 1.4 run_descent To see the solution: grade solution 1.4 run_descent" in said[3]


def test_a_hint_is_for_the_first_exercise_that_has_not_passed(context: Context) -> None:
    graded(context, compute_grid=Status.PASSED, run_descent=Status.WRONG)

    assert "1.4 run_descent, hint 1" in text(hint.run(context, ["1.4"]))


def test_a_hint_begins_with_the_named_mistake(context: Context) -> None:
    graded(context, mistake="uphill", compute_grid=Status.PASSED, run_descent=Status.WRONG)

    assert "What is wrong now: You walk uphill." in text(hint.run(context, ["1.4"]))


@pytest.mark.parametrize("found", ["mistake", "cause"])
def test_what_is_wrong_now_is_said_once_for_all_hints(context: Context, found: str) -> None:
    cause = Cause("fixed", "lr", "0.1", "") if found == "cause" else None
    name = "uphill" if found == "mistake" else ""
    graded(context, name, cause=cause, compute_grid=Status.PASSED, run_descent=Status.WRONG)
    said = [text(hint.run(context, ["1.4"])) for _ in range(3)]
    graded(context, name, "You stand still.", cause, compute_grid=Status.PASSED, run_descent=Status.WRONG)
    other = text(hint.run(context, ["1.4"]))

    assert "hint 1 of 3 What is wrong now: You walk uphill." in said[0]
    assert ["What is wrong now" in each for each in said[1:]] == [False, False]
    assert "What is wrong now: You stand still." in other


def test_a_hint_for_what_has_passed_names_the_next_step(context: Context) -> None:
    graded(context, compute_grid=Status.PASSED, run_descent=Status.WRONG)
    said = text(hint.run(context, ["1.4", "compute_grid"]))
    assert f"1.4 compute_grid has passed: it needs no hint. All three are in lessons/{LESSON}/compute_grid.md" in said
    assert "Next: fix run_descent, then grade 1.4 run_descent" in said
    assert "Try" not in said

    graded(context, compute_grid=Status.PASSED)
    assert "Next: write run_descent, then grade 1.4 run_descent" in text(hint.run(context, ["1.4", "compute_grid"]))


def test_on_a_lesson_that_has_passed_no_hint_is_used_up(context: Context) -> None:
    all_passed(context)
    said = text(hint.run(context, ["1.4"]))

    assert said.startswith("All that counts in lesson 1.4 has passed.")
    assert "Hints for the bonus: grade hint 1.4 plot_descent" in said
    assert said.endswith("Everything that counts has passed.")
    assert "hint 1 of 3" in text(hint.run(context, ["1.4", "plot_descent"]))


def test_hints_work_without_a_store(root: Path, context: Context) -> None:
    (root / ".grade").rename(root / "away")
    (root / ".grade").write_text("in the way")
    without = Context(context.course, context.submission, Store.open(root), Style(), lambda _: "")

    assert "hint 1 of 3" in text(hint.run(without, ["1.4"]))


@pytest.mark.parametrize("words", [[], ["1.4", "run_descent", "more"]])
def test_other_words_get_the_usage(context: Context, words: Sequence[str]) -> None:
    with pytest.raises(UsageError, match=r"grade hint LESSON"):
        hint.run(context, words)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("## Hints\n", "## Tips\n", "unknown section 'Tips'"),
        ("## Hints\n", "", r"expected 3 hints \(a question, the idea, the line\), found 0\."),
        ("\n2. ", "\n3. ", r"hint 2 is numbered 3\."),
        (
            "\n## Known mistakes",
            "\n4. One more.\n\n## Known mistakes",
            r"expected 3 hints \(a question, the idea, the line\), found 4\.",
        ),
    ],
)
def test_hints_that_break_the_convention_are_told_with_their_line(
    root: Path, context: Context, before: str, after: str, problem: str
) -> None:
    path = root / "lessons" / LESSON / "run_descent.md"
    content = path.read_text()
    assert before in content
    path.write_text(content.replace(before, after, 1))

    with pytest.raises(CourseError, match=rf"run_descent\.md:\d+: {problem}"):
        hint.run(context, ["1.4", "run_descent"])


def test_an_exercise_without_a_file_of_hints_is_told(root: Path, context: Context) -> None:
    (root / "lessons" / LESSON / "run_descent.md").unlink()

    with pytest.raises(CourseError, match=r"run_descent\.md:1: the file is missing: it holds the hints for run_des"):
        hint.run(context, ["1.4", "run_descent"])
    assert "hint 1 of 3" in text(hint.run(context, ["1.4", "compute_grid"]))


def test_markdown_becomes_lines_for_a_terminal() -> None:
    assert plain("One sentence.\nAnother.\n\n```python\nx = 1\n```\nThe end.") == [
        "One sentence. Another.",
        "",
        "    x = 1",
        "The end.",
    ]


# list


def test_the_list_tells_passed_from_to_do_and_from_changed(root: Path, context: Context) -> None:
    graded(context, compute_grid=Status.PASSED, run_descent=Status.WRONG)
    said = text(course_list.run(context, []))
    assert "1 of 4 passed" in said
    assert "passed compute_grid" in said
    assert "WRONG run_descent" in said
    assert "to do fixed_bias_slice" in said
    assert "Next: fix run_descent, then grade 1.4 run_descent" in said

    graded(context, compute_grid=Status.PASSED, run_descent=Status.PASSED)
    file(root).write_text(MINE + "\n_more = 1\n")
    said = text(course_list.run(context, []))
    assert "0 of 4 passed" in said
    assert "changed since run_descent" in said
    assert "not graded fixed_bias_slice" in said


def test_the_list_of_a_fresh_clone_is_all_to_do(root: Path, context: Context) -> None:
    file(root).write_text(STUB)

    assert "to do compute_grid" in text(course_list.run(context, []))


def test_every_line_of_the_list_fits_into_40_columns_but_for_names(context: Context) -> None:
    lines = course_list.run(context, []).text.splitlines()

    assert [line for line in lines if len(line) > 40 and LESSON not in line and not line.startswith("Next: ")] == []


def all_passed(context: Context) -> None:
    """Remember a verdict on the present file by which all exercises that count have passed."""
    one = Status.PASSED
    graded(context, compute_grid=one, run_descent=one, fixed_bias_slice=one, bowl_from_losses=one)


def graded_alone(context: Context, exercise: str, status: Status) -> None:
    """Remember a verdict on one exercise of the present file."""
    lesson = context.course.lessons[0]
    verdict = ExerciseVerdict(exercise, False, (CheckVerdict("c", "It holds.", status),))
    content = context.content(lesson)
    assert content is not None
    context.store.remember(exercise, content, LessonVerdict(lesson.id, lesson.name, lesson.title, (verdict,)))


def test_the_list_combines_the_newest_verdict_of_each_exercise(context: Context) -> None:
    graded_alone(context, "fixed_bias_slice", Status.PASSED)
    said = text(course_list.run(context, []))
    assert "passed fixed_bias_slice" in said
    assert "to do compute_grid" in said, "known from the text"
    assert "not graded run_descent" in said, "it is written"
    assert " points" not in said

    graded(context, compute_grid=Status.PASSED, run_descent=Status.WRONG, fixed_bias_slice=Status.WRONG)
    graded_alone(context, "run_descent", Status.PASSED)
    said = text(course_list.run(context, []))
    assert "passed compute_grid" in said
    assert "passed run_descent" in said
    assert "WRONG fixed_bias_slice" in said
    assert "2 of 4 points" in said


def test_watch_opens_the_lesson_of_the_next_step(context: Context) -> None:
    course = read_course(ROOT)
    root = context.course.root
    known = replace(context, course=replace(course, root=root))
    memory = Memory(root, context.submission)

    assert watch._lesson_to_work_on(known, memory).id == "1.1"
    memory.store.note(CURRENT, course.find("1.5").name)
    assert watch._lesson_to_work_on(known, memory).id == "1.5"
    assert watch._lesson_to_work_on(known, Memory(root, root / "solutions")).id == "1.1"


def test_all_commands_agree_on_the_next_step(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = Outcome(Job(LESSON, Source("a.py", b"")), answer="Picture: a.png")
    monkeypatch.setattr("grader.pool.pool.Pool.start", lambda _: None)
    monkeypatch.setattr("grader.pool.pool.Pool.run", lambda *_: iter([drawn]))
    graded(context, compute_grid=Status.PASSED, run_descent=Status.WRONG)
    step = "Next: fix run_descent, then grade 1.4 run_descent"

    assert context.next_step() == [step]
    for command, words in (
        (course_list, []),
        (next_command, []),
        (hint, ["1.4", "compute_grid"]),
        (solution, ["1.4", "compute_grid"]),
        (show, ["1.4", "compute_grid"]),
    ):
        assert command.run(context, words).text.endswith(step)
    assert show.run(context, ["1.4", "run_descent"]).text == "Picture: a.png", "it has not passed"


def test_the_step_after_a_report_is_that_of_the_report(context: Context) -> None:
    lesson = context.course.lessons[0]
    passed = tuple(
        ExerciseVerdict(each.name, each.bonus, (CheckVerdict("c", "It holds.", Status.PASSED),))
        for each in lesson.exercises
    )
    report = Report((LessonVerdict(lesson.id, lesson.name, lesson.title, passed[:1]),), "confined")

    assert context.next_step(report) == ["Next: grade 1.4 run_descent"]
    whole = replace(report, lessons=(replace(report.lessons[0], exercises=passed),))
    assert context.next_step(whole) == ["Everything that counts has passed."]


def test_the_lesson_of_the_last_grading_is_the_current_one(root: Path, context: Context) -> None:
    with_others = replace(context, course=replace(read_course(ROOT), root=root))
    assert with_others.next_step() == ["Next: grade 1.1 step_downhill"], "its file is missing"

    context.store.note(CURRENT, LESSON)
    assert with_others.next_step() == ["Next: write compute_grid, then grade 1.4 compute_grid"]


# reset and undo


def test_a_reset_brings_the_stub_and_undo_the_students_version(root: Path, context: Context) -> None:
    assert "kept" in text(reset.run(context, ["1.4"]))
    assert file(root).read_text() == STUB

    undo.run(context, ["1.4"])
    assert file(root).read_text() == MINE

    undo.run(context, ["1.4"])
    assert file(root).read_text() == STUB


def test_one_exercise_is_reset_and_everything_else_stays(root: Path, context: Context) -> None:
    mine = MINE.replace('raise NotImplementedError("TODO: compute_grid")', "return x  # also mine\n")
    file(root).write_text(mine)
    reset.run(context, ["1.4", "run_descent"])

    stub_line = 'raise NotImplementedError("TODO: run_descent")'
    assert file(root).read_text() == mine.replace("return [(0.0, 0.0)]  # mine", stub_line)
    undo.run(context, ["1.4"])
    assert file(root).read_text() == mine


def test_line_ends_of_windows_stay(root: Path, context: Context) -> None:
    file(root).write_bytes(MINE.encode().replace(b"\n", b"\r\n"))
    reset.run(context, ["1.4", "run_descent"])

    content = file(root).read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 50


def test_what_is_a_stub_stays_untouched(root: Path, context: Context) -> None:
    file(root).write_text(STUB)

    assert "Nothing was changed" in text(reset.run(context, ["1.4"]))
    with pytest.raises(UsageError, match="nothing to restore"):
        undo.run(context, ["1.4"])


def test_a_file_that_is_no_python_is_reset_whole_only(root: Path, context: Context) -> None:
    file(root).write_text("def x(:\n")
    with pytest.raises(UsageError, match="is not valid Python"):
        reset.run(context, ["1.4", "run_descent"])
    assert file(root).read_text() == "def x(:\n"

    reset.run(context, ["1.4"])
    undo.run(context, ["1.4"])
    assert file(root).read_text() == "def x(:\n"


def test_a_file_that_is_nested_without_end_is_no_python(root: Path, context: Context, nested: bytes) -> None:
    file(root).write_bytes(nested)
    asked = replace(context, ask=lambda _: "y")

    with pytest.raises(UsageError, match="is not valid Python, so run_descent alone cannot be reset"):
        reset.run(context, ["1.4", "run_descent"])
    assert "path.append" in solution.run(asked, ["1.4", "run_descent"]).text


def test_an_exercise_that_is_gone_is_told(root: Path, context: Context) -> None:
    file(root).write_text("x = 1\n")
    with pytest.raises(UsageError, match="has no run_descent to reset"):
        reset.run(context, ["1.4", "run_descent"])


def test_a_missing_file_comes_back(root: Path, context: Context) -> None:
    file(root).unlink()
    reset.run(context, ["1.4"])

    assert file(root).read_text() == STUB


def test_without_a_store_the_version_is_kept_beside(root: Path, context: Context) -> None:
    shutil.rmtree(root / ".grade")
    (root / ".grade").write_text("in the way")
    without = Context(context.course, context.submission, Store.open(root), Style(), lambda _: "")
    said = text(reset.run(without, ["1.4"]))
    assert f"{LESSON}.py.before-reset" in said
    assert file(root).with_name(f"{LESSON}.py.before-reset").read_text() == MINE

    file(root).write_text(MINE + "# second\n")
    reset.run(without, ["1.4"])
    assert file(root).with_name(f"{LESSON}.py.before-reset").read_text() == MINE
    assert file(root).with_name(f"{LESSON}.py.before-reset1").read_text() == MINE + "# second\n"


def test_a_link_is_not_written_through(root: Path, context: Context) -> None:
    elsewhere = root / "elsewhere.py"
    elsewhere.write_text("precious")
    file(root).unlink()
    file(root).symlink_to(elsewhere)

    with pytest.raises(UsageError, match="is a link"):
        reset.run(context, ["1.4"])
    assert elsewhere.read_text() == "precious"


def test_a_disk_that_is_full_changes_nothing(root: Path, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Fault, match="Nothing was changed"):
        reset.run(context, ["1.4"])
    assert file(root).read_text() == MINE
    assert [path.name for path in (root / "exercises").iterdir()] == [f"{LESSON}.py"]


# why


def test_every_claim_is_told_with_its_reason(context: Context) -> None:
    lesson = context.course.lessons[0]

    for exercise in lesson.exercises:
        said = text(why.run(context, ["1.4", exercise.name]))
        for check in lesson.checks:
            if check.exercise == exercise.name:
                assert check.claim in said
                assert " ".join(check.why.split()) in said
        known = sum(mistake.exercise == exercise.name for mistake in lesson.mistakes)
        right = sum(variant.exercise == exercise.name for variant in lesson.variants)
        passes = f"These checks pass the solution and {right} right answers in other styles, and"
        assert f"{passes} name the mistake in {known} known wrong answers." in said


def test_what_is_wrong_now_is_told_in_words_and_as_data(context: Context) -> None:
    assert "What is wrong now" not in text(why.run(context, ["1.4", "run_descent"]))

    graded(context, explanation="`lr` is 0.1.", cause=Cause("fixed", "lr", "0.1"), run_descent=Status.WRONG)
    said = text(why.run(context, ["1.4", "run_descent"]))
    assert "What is wrong now: `lr` is 0.1. kind fixed argument lr value 0.1" in said

    graded(context, mistake="uphill", run_descent=Status.WRONG)
    assert "What is wrong now: You walk uphill. mistake uphill" in text(why.run(context, ["1.4", "run_descent"]))


def test_of_a_whole_lesson_the_answer_fits_a_screen(context: Context) -> None:
    whole = why.run(context, ["1.4"]).text
    lesson = context.course.lessons[0]

    assert len(whole.splitlines()) <= 6 * len(lesson.exercises)
    assert "  compute_grid  8 checks, 8 points\n" in whole
    assert "  plot_descent  6 checks, 6 points, a bonus\n" in whole
    assert "float32 is precise enough" in whole
    assert "grade why 1.4 compute_grid" in whole


def test_the_right_answers_on_which_the_checks_are_tried_are_counted(context: Context) -> None:
    lesson = context.course.lessons[0]
    checks = lesson.code("compute_grid")
    others = checks.read_text().count("@variant\n")
    checks.write_text(
        f'{checks.read_text()}\n\n@variant\ndef a():\n    """One."""\n\n\n@variant\ndef b():\n    """Two."""\n'
        "\n\ndef _help(): ...\n"
    )

    said = " ".join(text(why.run(context, ["1.4", "compute_grid"])).split())

    known = sum(mistake.exercise == "compute_grid" for mistake in lesson.mistakes)
    assert (
        f"pass the solution and {others + 2} right answers in other styles, and name the mistake in {known} known"
        in said
    )


def test_without_right_answers_in_other_styles_only_the_wrong_ones_are_counted(root: Path, context: Context) -> None:
    checks = root / "lessons" / LESSON / "compute_grid.py"
    checks.write_text(checks.read_text().replace("@variant\n", ""))
    known = sum(mistake.exercise == "compute_grid" for mistake in context.course.lessons[0].mistakes)

    said = text(why.run(context, ["1.4", "compute_grid"]))

    assert f"These checks name the mistake in {known} known wrong answers." in said


def test_one_exercise_is_told_alone(context: Context) -> None:
    said = text(why.run(context, ["1.4", "run_descent"]))

    assert "A path of n steps has n + 1 points" in said
    assert "The loss is convex" not in said


@pytest.mark.parametrize(("points", "words"), [("0", "Worth no points."), ("number=3", "Worth 3 points.")])
def test_a_check_with_other_points_says_so(root: Path, context: Context, points: str, words: str) -> None:
    assert "Worth" not in text(why.run(context, ["1.4", "compute_grid"]))

    checks = root / "lessons" / LESSON / "compute_grid.py"
    checks.write_text(checks.read_text().replace("def test_", f"@points({points})\ndef test_", 1))
    said = text(why.run(replace(context, course=read_course(root)), ["1.4", "compute_grid"]))

    assert said.count("Worth") == 1
    assert words in said
    assert "Each check is worth one point unless it says otherwise." in said


CHECKED = """
from grader.authoring import LOSS32, PARAM32, TIGHT, StudentFunction, assert_at_most, assert_close, row

FINE = 1e-6


def _compare(returned: object, wanted: object) -> None:
    assert_close(returned, wanted, tolerance=BOUND)


def test_it(compute_grid: StudentFunction) -> None:
    '''It holds.'''
    slack = 2 * PARAM32 * len("ab")
    LINE
"""


@pytest.mark.parametrize(
    ("line", "bound", "words"),
    [
        ("assert_close(1, 1)", "1", "Compared to within 1e-5 of the natural size: float32 is precise enough."),
        ("assert_close(1, 1, tolerance=0)", "1", "Compared exactly."),
        ("assert_close(1, 1, tolerance=10 * LOSS32)", "1", "Compared to within 1e-4 of the natural size: float32 is"),
        (
            "assert_close(1, 1, tolerance=TIGHT)",
            "1",
            "Compared to within 1e-9 of the natural size: compute in float64.",
        ),
        ("assert_close(1, 1, tolerance=FINE)", "1", "Compared to within 1e-6 of the natural size: compute in float64."),
        ("assert_at_most(1, 1, slack=slack, says='')", "1", "Compared to within 2e-4 of the natural size: float32 is"),
        ("assert_at_most(1, 1, says='')", "1", "It holds.\n  3."),
        ("_compare(1, 1)", "2.5 * PARAM32", "Compared to within 2.5e-4 of the natural size: float32 is"),
        ("_compare(1, 1); assert_close(1, 1)", "LOSS32 / 2", "Compared to within 1e-5 of the natural size: float32 is"),
        (
            "_compare(1, 1); assert_close(1, 1)",
            "0",
            "Compared exactly and to within 1e-5 of the natural size: float32 is",
        ),
        (
            "_compare(1, 1); assert_close(1, 1)",
            "TIGHT",
            "to within 1e-9 or 1e-5 of the natural size: compute in float64.",
        ),
        ("row(1.0, dtype=torch.float64)", "1", "Called with float64 numbers.\n"),
        (
            "assert_close(row(1.0, dtype=torch.float64), 1)",
            "1",
            "float64 numbers. Compared to within 1e-5 of the natural size.\n",
        ),
    ],
)
def test_how_exactly_a_check_compares_is_read_from_it(
    root: Path, context: Context, line: str, bound: str, words: str
) -> None:
    checks = root / "lessons" / LESSON / "compute_grid.py"
    checks.write_text(CHECKED.replace("LINE", line).replace("BOUND", bound))
    said = text(why.run(replace(context, course=read_course(root)), ["1.4", "compute_grid"]))

    said = " ".join(said.split())

    assert " ".join(words.split()) in said
    assert ("float32 or float64" in said) == ("float64" not in words)


def test_how_exactly_a_shared_function_compares_is_read_too(root: Path, context: Context) -> None:
    folder = root / "lessons" / LESSON
    compares = "def compare(returned, wanted):\n    assert_close(returned, wanted, tolerance=BOUND)\n"
    shared = "from grader.authoring import PARAM32, assert_close\n\nBOUND = 2.5 * PARAM32\n\n\n"
    with (folder / "shared.py").open("a") as file:
        file.write(f"\n\n{shared}{compares}")
    checks = CHECKED.replace("    LINE\n", "    compare(1, 1)\n").replace(
        "\nFINE", "\nfrom .shared import compare\n\nFINE"
    )
    (folder / "compute_grid.py").write_text(checks)
    said = text(why.run(replace(context, course=read_course(root)), ["1.4", "compute_grid"]))

    assert "Compared to within 2.5e-4 of the natural size: float32 is precise enough." in said


# solution


def test_the_solution_is_shown_only_if_confirmed(context: Context) -> None:
    questions: list[str] = []

    def ask(answer: str) -> Context:
        return replace(context, ask=lambda question: questions.append(question) or answer)  # type: ignore[func-returns-value]

    closed = text(solution.run(ask(""), ["1.4", "run_descent"]))
    assert closed == "The solution of run_descent was not shown."
    assert "has not passed yet" in questions[0]

    assert questions[0].endswith("Show it anyway? [y/N] ")
    assert text(solution.run(ask("n"), ["1.4", "run_descent"])) == closed
    assert "path.append" in solution.run(ask("YES"), ["1.4", "run_descent"]).text

    opened = solution.run(ask("y"), ["1.4", "run_descent"]).text
    assert "path.append" in opened
    assert '"""' not in opened
    assert context.store.noted(f"seen {LESSON} run_descent") == "before it passed"


def test_the_code_beside_the_solution_is_text_for_a_terminal(context: Context, root: Path) -> None:
    escapes = "\x1b]0;title\x07\x1b[2J\x9b1;1H\u202eturned\r"
    file(root).write_text(MINE.replace("# mine", f"# {escapes}"), newline="")
    graded(context, run_descent=Status.PASSED)
    said = solution.run(context, ["1.4", "run_descent"]).text

    assert "return [(0.0, 0.0)]  # \\x1b]0;title\\x07\\x1b[2J\\x9b1;1H\\u202eturned" in said
    assert all(character.isprintable() or character == "\n" for character in said)


def test_a_hint_tells_of_a_mistake_in_text_for_a_terminal(context: Context) -> None:
    graded(context, "uphill", "You walk\x1b[2J uphill.", run_descent=Status.WRONG)

    assert "You walk\\x1b[2J uphill." in hint.run(context, ["1.4", "run_descent"]).text


def test_after_passing_the_solution_is_shown_beside_the_students_code(context: Context) -> None:
    graded(context, compute_grid=Status.WRONG, run_descent=Status.PASSED)
    said = solution.run(context, ["1.4", "run_descent"]).text

    assert "  -    return [(0.0, 0.0)]  # mine" in said
    assert "  +" in said
    assert "Both are right" in said


def test_after_passing_another_style_is_shown_that_is_not_the_students(root: Path, context: Context) -> None:
    lesson = context.course.lessons[0]
    variants = [each for each in lesson.variants if each.exercise == "compute_grid"]
    for mine in variants[:2]:
        source = mine.source.removesuffix(f"compute_grid = {mine.name}")
        file(root).write_text(source.replace(f"def {mine.name}(", "def compute_grid("))
        graded(context, compute_grid=Status.PASSED)
        said = solution.run(context, ["1.4", "compute_grid"]).text

        shown = [each for each in variants if f"Another right style: {each.summary}" in " ".join(said.split())]
        assert len(shown) == 1
        assert shown[0] is not mine
        assert f"  def {shown[0].name}(" in said

    file(root).write_text(SOLUTION)
    graded(context, compute_grid=Status.PASSED)
    assert "Your code is identical to the solution." in solution.run(context, ["1.4", "compute_grid"]).text


def test_no_bonus_is_asked_about_when_all_that_counts_has_passed(context: Context) -> None:
    all_passed(context)

    assert solution.run(context, ["1.4"]).text.startswith("1.4 compute_grid\n")


def test_a_stub_of_another_version_is_told_and_a_student_s_own_file_is_not(context: Context) -> None:
    said: list[str] = []
    telling = replace(context, complain=said.append)
    lesson, path = context.course.lessons[0], file(context.course.root)

    for text in (STUB, STUB.replace("\n", "\r\n"), MINE, "garbage (", "\x00", ""):
        path.write_text(text)
        telling.warn([lesson])
    assert said == []

    path.write_text(STUB.replace("Return the loss", "Give the loss"))
    telling.warn([lesson])
    assert said == [f"grade: {path} is the starter code of another version. For this one: grade reset {lesson.id}"]
