"""Whether the exercises are graded one after the other or abreast, the report is the same."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from grader import abreast
from grader.abreast import grade_abreast
from grader.course import Course, Lesson
from grader.errors import Fault
from grader.grading import carry_out
from grader.plugin import Run
from grader.submission import Source, Unreadable
from grader.verdict import Report, Status
from grader.zygote import Zygote
from tests.conftest import ROOT, is_alive
from tests.small_lesson import write_lesson

SOLUTION = (ROOT / "solutions" / "m1_4_loss_landscape.py").read_text()
HANGS = SOLUTION + "\n\ndef run_descent(*_):\n    while True:\n        pass\n"
SUBMISSIONS = {
    "right": SOLUTION,
    "summed": SOLUTION.replace("mean(dim=-1)", "sum(dim=-1)"),
    "hangs": HANGS,
    "stub": (ROOT / "exercises" / "m1_4_loss_landscape.py").read_text(),
    "not python": "def compute_grid(:\n",
    "exits": SOLUTION + "\n\nimport os\nos._exit(0)\n",
    "empty": "",
}


def run_of(content: str, lesson: Lesson, zygote: Zygote) -> Run:
    return Run(Path(), zygote, sources={lesson.name: Source("answer.py", content.encode())})


def without_times(report: Report) -> Report:
    """Return a report without how long its checks took."""
    return replace(
        report,
        lessons=tuple(
            replace(
                lesson,
                exercises=tuple(
                    replace(exercise, checks=tuple(replace(check, duration_ms=0.0) for check in exercise.checks))
                    for exercise in lesson.exercises
                ),
            )
            for lesson in report.lessons
        ),
    )


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_the_report_is_the_same(name: str, lesson: Lesson, zygote: Zygote) -> None:
    one_after_the_other, side_by_side = (
        without_times(grade(run_of(SUBMISSIONS[name], lesson, zygote), [lesson]))
        for grade in (carry_out, lambda run, lessons: grade_abreast(run, lessons, 3))
    )

    assert side_by_side == one_after_the_other


def test_lessons_keep_their_places_and_only_what_is_selected_is_graded(course: Course, zygote: Zygote) -> None:
    lessons = [course.find("1.2"), course.find("1.4")]
    selected = {lessons[1].name: frozenset(["compute_grid", "fixed_bias_slice"])}
    report = grade_abreast(Run(ROOT / "solutions", zygote, selected=selected), lessons, 2)

    assert [lesson.id for lesson in report.lessons] == ["1.2", "1.4"]
    assert [each.name for each in report.lessons[1].exercises] == ["compute_grid", "fixed_bias_slice"]
    assert {each.status for each in report.lessons} == {Status.PASSED}


def test_a_missing_file_is_said_for_every_exercise(lesson: Lesson, zygote: Zygote) -> None:
    run = Run(Path(), zygote, sources={lesson.name: Unreadable("answer.py", "There is no file.")})
    (verdict,) = grade_abreast(run, [lesson], 2).lessons

    assert {exercise.status for exercise in verdict.exercises} == {Status.INVALID}


def test_a_judge_that_dies_is_a_fault_of_its_exercise_alone(
    lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork = abreast._Bench._fork

    def dying(bench: abreast._Bench, task: abreast.Task) -> Run | None:
        run = fork(bench, task)
        if run is not None and task[1] == "fixed_bias_slice":
            os.kill(os.getpid(), signal.SIGKILL)
        return run

    monkeypatch.setattr(abreast._Bench, "_fork", dying)
    report = grade_abreast(run_of(SOLUTION, lesson, zygote), [lesson], 2)
    statuses = {exercise.name: exercise.status for exercise in report.lessons[0].exercises}

    assert statuses.pop("fixed_bias_slice") is Status.FAULT
    assert set(statuses.values()) == {Status.PASSED}
    assert report.exit_code == 3


def test_a_judge_that_breaks_says_with_what(lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    fork = abreast._Bench._fork

    def breaking(bench: abreast._Bench, task: abreast.Task) -> Run | None:
        if fork(bench, task) is not None:
            raise ZeroDivisionError("of ours")
        return None

    monkeypatch.setattr(abreast._Bench, "_fork", breaking)
    report = grade_abreast(run_of(SOLUTION, lesson, zygote), [lesson], 2)

    assert {exercise.status for exercise in report.lessons[0].exercises} == {Status.FAULT}
    assert "ZeroDivisionError: of ours" in report.lessons[0].exercises[0].checks[0].message


@pytest.mark.parametrize("broken", ["checks", "mistakes", "solution"])
def test_a_lesson_that_cannot_be_graded_is_a_fault_beside_one_that_can(
    broken: str, lesson: Lesson, zygote: Zygote, tmp_path: Path
) -> None:
    other = write_lesson(tmp_path)
    file = {"checks": other.checks_file, "mistakes": other.mistakes_file, "solution": other.solution}[broken]
    file.write_text(file.read_text() + "\n\nraise ZeroDivisionError\n")
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / f"{lesson.name}.py").write_text(SOLUTION)
    (folder / f"{other.name}.py").write_text("def scale(x, factor):\n    return x\n")
    report = grade_abreast(Run(folder, zygote, selected={lesson.name: frozenset(["compute_grid"])}), [lesson, other], 2)

    assert [each.status for each in report.lessons] == [Status.PASSED, Status.FAULT]
    assert report.exit_code == 3


def test_a_lesson_without_checks_is_a_fault(lesson: Lesson, zygote: Zygote, tmp_path: Path) -> None:
    other = write_lesson(tmp_path)
    other.checks_file.unlink()
    report = grade_abreast(run_of(SOLUTION, lesson, zygote), [lesson, other], 2)

    assert [each.status for each in report.lessons] == [Status.PASSED, Status.FAULT]


def test_a_fault_before_the_judges_are_forked_is_raised(
    lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking() -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(abreast, "_draw_once", breaking)
    with pytest.raises(Fault, match="ZeroDivisionError"):
        grade_abreast(run_of(SOLUTION, lesson, zygote), [lesson], 2)


def test_an_interruption_ends_the_judges(lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    pids: list[int] = []

    def interrupted(bench: abreast._Bench) -> None:
        pids.extend(judge.pid for judge in bench.at_work)
        raise KeyboardInterrupt

    monkeypatch.setattr(abreast._Bench, "_hear", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade_abreast(run_of(HANGS, lesson, zygote), [lesson], 2)

    assert len(pids) == 2
    assert not any(map(is_alive, pids))


def test_a_submission_that_is_known_to_hang_is_waited_for_less(lesson: Lesson, zygote: Zygote) -> None:
    run = run_of(HANGS.replace("run_descent(*_)", "fixed_bias_slice(*_)"), lesson, zygote)
    run = replace(run, selected={lesson.name: frozenset(["fixed_bias_slice"])})
    told = [
        carry_out(replace(run, has_waited=has_waited, verdicts={}, advice={}), [lesson])
        .lessons[0]
        .exercises[0]
        .checks[0]
        .message
        for has_waited in (False, True)
    ]

    assert "within 2 seconds" in told[0]
    assert "within 0.5 seconds" in told[1]


def test_once_an_exercise_has_hung_the_next_is_waited_for_less(
    lesson: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    fork = abreast._Bench._fork
    waited = []

    def noting(bench: abreast._Bench, task: abreast.Task) -> Run | None:
        waited.append((task[1], bench.has_hung))
        return fork(bench, task)

    monkeypatch.setattr(abreast._Bench, "_fork", noting)
    grade_abreast(run_of(HANGS, lesson, zygote), [lesson], 2)

    assert waited[:2] == [("compute_grid", False), ("run_descent", False)]
    assert waited[-1] == ("save_frames", True)
