"""Whether the exercises are graded one after the other or abreast, the report is the same."""

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from grader.course.model import Lesson
from grader.course.stub import derive_stub
from grader.course.submission import read_submission
from grader.errors import Fault
from grader.pool.client import CheckProcess, Client
from grader.pool.job import Job
from grader.pool.parallel import IMPATIENT, grade_abreast
from grader.pool.pool import Pool
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from grader.verdict import EVERYTHING, Report, Status, Visibility
from tests.conftest import is_alive
from tests.grading import report_on
from tests.patience import comes_true, unmeasured
from tests.small_lesson import CODE, THREE, THREE_SOLUTION, write_lesson, write_three
from tests.small_lesson import SOLUTION as SCALING

SOLUTION = THREE_SOLUTION
HANGS = SOLUTION + "\n\ndef shift(*_):\n    while True: pass\n"
SUBMISSIONS = {
    "right": SOLUTION,
    "averaged": SOLUTION.replace("x.sum()", "x.mean()"),
    "hangs": HANGS,
    "stub": derive_stub(SOLUTION),
    "not python": "def scale(:\n",
    "exits": SOLUTION + "\n\nimport os\nos._exit(0)\n",
    "empty": "",
}


def hand_in(folder: Path, content: str, lesson: Lesson) -> Path:
    """Write a submission of one lesson and return its folder."""
    folder.mkdir(exist_ok=True)
    (folder / f"{lesson.name}.py").write_text(content)
    return folder


def abreast(submission: Path, *lessons: Lesson, exercises: dict[str, frozenset[str]] | None = None) -> Report:
    seeds = dict.fromkeys((lesson.name for lesson in lessons), 0)
    sources = {lesson.name: read_submission(submission, lesson.name) for lesson in lessons}
    return replace(grade_abreast(lessons, sources, exercises or {}, seeds, EVERYTHING), seed=0)


def noted(monkeypatch: pytest.MonkeyPatch, at_once: int = 2) -> list[Job]:
    """Return the list to which the jobs of a run are added as they are started, so many at once."""
    jobs = []
    start = Client.begin

    def noting(client: Client, job: Job, core: int | None = None) -> CheckProcess:
        jobs.append(job)
        return start(client, job, core)

    monkeypatch.setattr(Client, "begin", noting)
    monkeypatch.setattr("grader.pool.parallel.cores", lambda: at_once)
    return jobs


def without_times(report: Report) -> Report:
    """Return a report without how long its checks took, and how much of a limit a call had used."""
    return replace(
        report,
        lessons=tuple(
            replace(
                lesson,
                exercises=tuple(
                    replace(
                        exercise,
                        checks=tuple(
                            replace(check, duration_ms=0.0, message=unmeasured(check.message))
                            for check in exercise.checks
                        ),
                    )
                    for exercise in lesson.exercises
                ),
            )
            for lesson in report.lessons
        ),
    )


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_the_report_is_the_same(name: str, three: Lesson, zygote: Zygote, tmp_path: Path) -> None:
    submission = hand_in(tmp_path, SUBMISSIONS[name], three)

    assert without_times(abreast(submission, three)) == without_times(report_on(three, submission, zygote))


def test_lessons_keep_their_places_and_only_what_is_selected_is_graded(tmp_path: Path) -> None:
    lessons = [write_lesson(tmp_path), write_three(tmp_path)]
    selected = {THREE: frozenset(["scale", "total"])}
    report = abreast(tmp_path / "solutions", *lessons, exercises=selected)

    assert [lesson.id for lesson in report.lessons] == ["9.1", "9.3"]
    assert [each.name for each in report.lessons[1].exercises] == ["scale", "total"]
    assert {each.status for each in report.lessons} == {Status.PASSED}
    assert report.isolation == "confined"


def test_a_missing_file_is_said_for_every_exercise(three: Lesson, tmp_path: Path) -> None:
    (verdict,) = abreast(tmp_path, three).lessons

    assert [exercise.status for exercise in verdict.exercises] == [Status.INVALID] * len(three.exercises)


def test_a_judge_that_dies_is_a_fault_of_its_exercise_alone(three: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Client.begin

    def dying(client: Client, job: Job, core: int | None = None) -> CheckProcess:
        judge = start(client, job, core)
        if job.options.exercises == ("total",):
            os.kill(judge.pid, signal.SIGKILL)
        return judge

    monkeypatch.setattr(Client, "begin", dying)
    report = abreast(three.root / "solutions", three)
    (graded,) = report.lessons
    statuses = {exercise.name: exercise.status for exercise in graded.exercises}

    assert list(statuses) == [exercise.name for exercise in three.exercises]
    assert statuses.pop("total") is Status.FAULT
    assert set(statuses.values()) == {Status.PASSED}
    assert report.exit_code == 3


@pytest.mark.parametrize("is_hidden", [False, True])
def test_who_may_read_why_a_judge_has_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_hidden: bool
) -> None:
    broken = write_lesson(tmp_path)
    if is_hidden:
        hidden = CODE.replace("@given", "@hidden\n@given", 1).replace("import Student", "import hidden, Student")
        broken.code("scale").write_text(hidden)
    start = Client.begin

    def breaking(client: Client, job: Job, core: int | None = None) -> CheckProcess:
        return start(client, replace(job, hook="nowhere:nothing"), core)

    monkeypatch.setattr(Client, "begin", breaking)
    (verdict,) = abreast(tmp_path / "solutions", broken).lessons
    (check,) = verdict.exercises[0].checks

    assert check.status is Status.FAULT
    assert "ModuleNotFoundError" in check.message
    assert check.visibility is (Visibility.HIDDEN if is_hidden else Visibility.PUBLIC)


BREAKS = "\n\nraise ZeroDivisionError\n"
BREAKING_MISTAKE = f"""
### breaking

```python
def scale(x: Tensor, factor: float) -> Tensor:
    return x
{BREAKS}```

It does not load.
"""


@pytest.mark.parametrize("broken", ["checks", "mistakes", "solution"])
def test_a_lesson_that_cannot_be_graded_is_a_fault_beside_one_that_can(broken: str, tmp_path: Path) -> None:
    good, bad = write_lesson(tmp_path), write_lesson(tmp_path, "m9_2_scaling")
    file = {"checks": bad.code("scale"), "mistakes": bad.text("scale"), "solution": bad.solution}[broken]
    submission = hand_in(hand_in(tmp_path / "submission", SCALING, good), SCALING.replace("*", "+"), bad)
    file.write_text(file.read_text() + (BREAKING_MISTAKE if broken == "mistakes" else BREAKS))
    report = abreast(submission, good, bad)

    assert [each.status for each in report.lessons] == [Status.PASSED, Status.FAULT]
    faults = [check for check in report.lessons[1].exercises[0].checks if check.status is Status.FAULT]
    assert any("ZeroDivisionError" in check.message for check in faults)
    assert report.exit_code == 3


def test_a_lesson_without_checks_is_a_fault(tmp_path: Path) -> None:
    good, bad = write_lesson(tmp_path), write_lesson(tmp_path, "m9_2_scaling")
    bad.code("scale").unlink()
    report = abreast(tmp_path / "solutions", good, bad)

    assert [each.status for each in report.lessons] == [Status.PASSED, Status.FAULT]


def test_a_solution_that_is_no_python_is_a_fault(tmp_path: Path) -> None:
    bad = write_lesson(tmp_path)
    bad.solution.write_text("def scale(:\n")

    with pytest.raises(Fault, match=r"9\.1 cannot be graded"):
        abreast(tmp_path / "exercises", Lesson(tmp_path, bad.name))


def test_where_no_process_starts_that_is_a_fault(three: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise Fault("There is no memory.")

    monkeypatch.setattr(Client, "start", failing)
    with pytest.raises(Fault, match="no memory"):
        abreast(three.root / "solutions", three)


def test_an_interruption_ends_the_judges(three: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pids: list[int] = []
    start = Client.begin

    def noting(client: Client, job: Job, core: int | None = None) -> CheckProcess:
        judge = start(client, job, core)
        pids.append(judge.pid)
        return judge

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Client, "begin", noting)
    monkeypatch.setattr(Pool, "_ended", interrupted)
    with pytest.raises(KeyboardInterrupt):
        abreast(hand_in(tmp_path, HANGS, three), three)
    comes_true(lambda: not any(map(is_alive, pids)))

    assert pids
    assert not any(map(is_alive, pids))


SLOW = """
import time
add_up = total
def total(*arguments):
    end = time.process_time() + 0.3
    while time.process_time() < end:
        pass
    return add_up(*arguments)
"""


def test_an_exercise_that_is_slow_passes_beside_one_that_hangs(three: Lesson, tmp_path: Path) -> None:
    slow = HANGS + SLOW.replace("0.3", "0.02")
    report = abreast(hand_in(tmp_path, slow, three), three)
    statuses = {exercise.name: exercise.status for exercise in report.lessons[0].exercises}

    assert statuses["shift"] is Status.TIMEOUT
    assert statuses["total"] is Status.PASSED


def test_a_file_that_does_not_finish_loading_is_waited_for_less_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = write_three(tmp_path), write_lesson(tmp_path, "m9_4_scaling")
    submission = hand_in(tmp_path / "submission", f"while True:\n    pass\n{SOLUTION}", first)
    hand_in(submission, SCALING, other)
    jobs = noted(monkeypatch)
    report = abreast(submission, first, other)

    assert {check.status for exercise in report.lessons[0].exercises for check in exercise.checks} == {Status.TIMEOUT}
    assert report.lessons[1].status is Status.PASSED
    assert [job.options.limits for job in jobs if job.lesson == first.name][:3] == [Limits(), Limits(), IMPATIENT]
    assert {job.options.limits for job in jobs if job.lesson == other.name} == {Limits()}
