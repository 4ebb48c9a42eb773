"""A run over a class loses nothing, grades nothing twice, and ends with the same files whatever happened meanwhile.

The judges of these tests are made up, so that everything else can be tried often; real ones are in test_class.py.
"""

import contextlib
import csv
import io
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classes.database import NAME, SCHEMA
from grader.classes.gradebooks import Tables
from grader.classes.moodle import Columns
from grader.classes.outputs import Form
from grader.classes.run import Progress, Result, Wish, Work, grade_class
from grader.course.model import Course, read_course
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Searched
from grader.errors import Fault, UsageError
from grader.pool.job import Job
from grader.pool.pool import Outcome
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Status, Visibility
from tests.classroom import EXERCISES
from tests.conftest import ROOT
from tests.patience import PATIENCE, comes_true

LESSON = "m1_4_loss_landscape"
FILES = ("grades.csv", "summary.json", "summary.md")


class Judges:
    """Made-up judges: a file that holds `right` passes, `hang` ends in a time-out, `fault` is a fault of ours."""

    def __init__(self, course: Course, delay: float = 0.0, fails: bool = True) -> None:
        self.graded: list[tuple[str, tuple[str, ...]]] = []
        self._lesson, self._delay, self._fails = course.find("1.4"), delay, fails

    @contextlib.contextmanager
    def work(self, jobs: Iterable[Job]) -> Iterator[Iterator[Outcome]]:
        yield (self._judge(job) for job in jobs)

    def _judge(self, job: Job) -> Outcome:
        time.sleep(self._delay)
        names = job.options.exercises or tuple(exercise.name for exercise in self._lesson.exercises)
        self.graded.append((job.label, names))
        content = job.source.content if isinstance(job.source, Source) else b""
        if b"fault" in content and self._fails:
            return Outcome(job, fault="A check broke.")
        hangs = b"hang" in content and self._fails
        status = Status.PASSED if b"right" in content else Status.TIMEOUT if hangs else Status.WRONG
        # How long it took is another number every time, and must not be in any file.
        check = CheckVerdict("test_it", "It holds.", status, message="It does not.", duration_ms=time.monotonic())
        mistake = replace(check, mistake="summed", explanation="You add up.") if b"summed" in content else check
        verdicts = [ExerciseVerdict(name, self._lesson.exercise(name).bonus, (mistake,)) for name in names]
        lesson = LessonVerdict(self._lesson.id, self._lesson.name, self._lesson.title, tuple(verdicts))
        behaviours = {names[0]: "alike"} if b"alike" in content else {}
        return Outcome(job, lesson, None, "", "confined", behaviours)


def quiet(_: Progress) -> None:
    """Say nothing."""


def grade(course: Course, root: Path, work: Work, out: str = "out") -> Result:
    return grade_class(Wish(course, root / "class", root / out), quiet, lambda: None, work)


def hand_in(root: Path, **contents: str) -> None:
    for student, content in contents.items():
        home = root / "class" / student
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{LESSON}.py").write_text(content)


def files_of(out: Path) -> dict[str, bytes]:
    names = [*FILES, *(f"students/{path.name}" for path in (out / "students").iterdir())]
    return {name: (out / name).read_bytes() for name in names}


def rows_of(out: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8-sig"))))


@pytest.fixture
def judges(course: Course) -> Judges:
    return Judges(course)


def test_the_files(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right", bob="summed", cy="hang", dan="", eve="=alike 1", flo="alike 2")
    result = grade(course, tmp_path, judges.work)

    assert rows_of(tmp_path / "out") == [
        ["student", "name", "email", "lesson 1.4", "points", "max_points", "status", "report"],
        ["ann", "", "", "4", "4", "4", "passed", "students/ann.html"],
        *[
            [name, "", "", "0", "0", "4", "not passed", f"students/{name}.html"]
            for name in ("bob", "cy", "dan", "eve", "flo")
        ],
    ]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    first = summary["lessons"][0]["exercises"][0]
    assert first["mistakes"] == {"summed": 1}
    assert first["timeouts"] == 1
    assert first["checks"] == [{"name": "test_it", "claim": "It holds.", "passed": 1, "of": 6}]
    assert [(each["students"], each["files"]) for each in summary["clusters"]] == [(["eve", "flo"], 2)]
    assert (result.students, result.graded, result.known) == (6, 6, 0)
    assert "duration" not in (tmp_path / "out" / "summary.json").read_text()


def test_each_file_knows_what_the_searches_before_it_found(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="a", bob="b", cy="c")
    known: list[list[str]] = []

    @contextlib.contextmanager
    def work(jobs: Iterable[Job]) -> Iterator[Iterator[Outcome]]:
        def judged() -> Iterator[Outcome]:
            with judges.work(jobs) as outcomes:
                for number, outcome in enumerate(outcomes):
                    known.append([each.question for each in outcome.job.options.searched or ()])
                    yield replace(outcome, searched=(Searched(f"question {number}", None),))

        yield judged()

    grade(course, tmp_path, work)
    assert known == [[], ["question 0"], ["question 0", "question 1"]]


def test_names_are_no_formulas_and_no_markup(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, **{"=cmd|' |calc'!A0": "right", "<img src=x>": "right", 'a "quoted", name': "right"})
    grade(course, tmp_path, judges.work)

    assert [row[0] for row in rows_of(tmp_path / "out")[1:]] == ["<img src=x>", "'=cmd|' |calc'!A0", 'a "quoted", name']
    for path in (tmp_path / "out" / "students").glob("*.html"):
        assert "<img" not in path.read_text()


def test_in_the_summary_names_are_text(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, **{"@octocat GH-7 a@evil.example": "right", "bob\u2028# All have 22 of 22 points": "hang"})
    for name in ("www.evil.example #3", "[a](b) ![c](d)", "@octocat\n\n- 22 of 22 points", "<b>"):
        (tmp_path / "class" / "@octocat GH-7 a@evil.example" / f"{name}.txt").write_text("")
    grade(course, tmp_path, judges.work)
    summary = (tmp_path / "out" / "summary.md").read_text()
    notes = summary[summary.index("## Notes") :]

    assert len([line for line in summary.splitlines() if line.startswith("# ")]) == 1
    assert len([line for line in notes.splitlines() if line.startswith("- ")]) == 1
    for live in ("@octocat", "GH-7", "a@evil", "www.evil", "#3", "[a](", "<b>"):
        assert live not in notes


def test_a_second_run_grades_nothing_and_writes_nothing(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right", bob="wrong")
    grade(course, tmp_path, judges.work)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*") if path.suffix != ".sqlite3"}
    result = grade(course, tmp_path, judges.work)
    after = {path: path.stat().st_mtime_ns for path in before}

    assert (result.graded, result.known) == (0, 2)
    assert {path for path in before if path.name != ".lock" and before[path] != after[path]} == set()


def test_a_file_that_somebody_removed_is_written_again(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right", bob="wrong")
    grade(course, tmp_path, judges.work)
    whole = files_of(tmp_path / "out")
    (tmp_path / "out" / "students" / "ann.html").unlink()
    (tmp_path / "out" / "grades.csv").unlink()
    grade(course, tmp_path, judges.work)

    assert files_of(tmp_path / "out") == whole
    assert len(judges.graded) == 2


def test_the_same_file_of_many_is_graded_once(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, **{f"student{number}": "right" for number in range(20)})
    result = grade(course, tmp_path, judges.work)

    assert len(judges.graded) == 1
    assert result.students == 20
    assert {row[3] for row in rows_of(tmp_path / "out")[1:]} == {"4"}


def test_who_changes_joins_or_leaves_is_all_that_changes(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="wrong", bob="wrong 2", cy="wrong 3")
    grade(course, tmp_path, judges.work)
    judges.graded.clear()
    hand_in(tmp_path, ann="right", dan="right, too")
    shutil.rmtree(tmp_path / "class" / "cy")
    grade(course, tmp_path, judges.work)

    assert len(judges.graded) == 2
    assert [(row[0], row[3]) for row in rows_of(tmp_path / "out")[1:]] == [("ann", "4"), ("bob", "0"), ("dan", "4")]
    assert not (tmp_path / "out" / "students" / "cy.html").exists()


def test_a_fault_is_listed_has_no_score_and_is_tried_again(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right", bob="fault")
    result = grade(course, tmp_path, judges.work)

    assert set(result.faults.values()) == {"A check broke."}
    assert result.faulty_students == ("bob",)
    assert rows_of(tmp_path / "out")[2] == ["bob", "", "", "", "", "", "fault", "students/bob.html"]
    assert "A check broke." in (tmp_path / "out" / "summary.md").read_text()

    better = Judges(course, fails=False)
    result = grade(course, tmp_path, better.work)
    assert not result.faults
    assert len(better.graded) == 1
    assert rows_of(tmp_path / "out")[2][3:-1] == ["0", "0", "4", "not passed"]


def test_judges_that_stop_early_leave_faults_and_no_zeros(course: Course, judges: Judges, tmp_path: Path) -> None:
    @contextlib.contextmanager
    def lazy(jobs: Iterable[Job]) -> Iterator[Iterator[Outcome]]:
        with judges.work(jobs) as outcomes:
            yield iter([next(outcomes)])

    hand_in(tmp_path, ann="right", bob="right 2")
    result = grade(course, tmp_path, lazy)

    assert set(result.faults.values()) == {"It was not graded."}
    assert [row[-2] for row in rows_of(tmp_path / "out")[1:]] == ["passed", "fault"]


class Killed(BaseException):
    """Stands for the end of the process in the middle."""


@pytest.mark.parametrize("after", range(6))
def test_whatever_ends_a_run_the_next_one_goes_on(course: Course, tmp_path: Path, after: int) -> None:
    hand_in(tmp_path, ann="right", bob="wrong", cy="hang", dan="right 2", eve="summed")
    undisturbed, first, second = Judges(course), Judges(course), Judges(course)
    grade(course, tmp_path, undisturbed.work, "undisturbed")

    @contextlib.contextmanager
    def dying(jobs: Iterable[Job]) -> Iterator[Iterator[Outcome]]:
        def outcomes(found: Iterator[Outcome]) -> Iterator[Outcome]:
            for number, outcome in enumerate(found):
                if number == after:
                    raise Killed
                yield outcome

        with first.work(jobs) as found:
            yield outcomes(found)

    with contextlib.suppress(Killed):
        grade(course, tmp_path, dying)
    grade(course, tmp_path, second.work)

    # cy, the third, hangs: that may be the machine's, so it is graded again.
    assert len(second.graded) == 5 - after + (after > 2)
    assert files_of(tmp_path / "out") == files_of(tmp_path / "undisturbed")


def slow_run(root: Path, delay: float) -> None:
    """Grade in a process of its own."""
    course = read_course(ROOT)
    grade(course, root, Judges(course, delay).work)


def test_killed_again_and_again_it_ends_with_the_same_files(course: Course, tmp_path: Path) -> None:
    hand_in(
        tmp_path,
        **{f"student{number:02d}": f"{('right', 'wrong', 'hang')[number % 3]} {number}" for number in range(30)},
    )
    grade(course, tmp_path, Judges(course).work, "undisturbed")
    for round_ in range(3):
        process = multiprocessing.get_context("spawn").Process(target=slow_run, args=(tmp_path, 0.1))
        process.start()
        comes_true(has_verdicts, tmp_path / "out", 5 * EXERCISES * round_ + 1)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    known, doubtful = number_of_verdicts(tmp_path / "out") // EXERCISES, number_of_doubtful(tmp_path / "out")
    last = Judges(course)
    grade(course, tmp_path, last.work)

    assert known > 10
    assert doubtful >= 2
    assert len(last.graded) == 30 - known + doubtful
    assert files_of(tmp_path / "out") == files_of(tmp_path / "undisturbed")


def has_verdicts(out: Path, number: int) -> bool:
    """Tell whether so many verdicts are kept, or more."""
    return number_of_verdicts(out) >= number


def number_of_verdicts(out: Path) -> int:
    if not (out / NAME).is_file():
        return 0
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(out / NAME)) as database:
        return int(database.execute("SELECT count(*) FROM verdict").fetchone()[0])
    return 0


def number_of_doubtful(out: Path) -> int:
    with contextlib.closing(sqlite3.connect(out / NAME)) as database:
        return int(database.execute("SELECT count(DISTINCT content) FROM unrepeatable").fetchone()[0])


def test_a_time_out_is_graded_again_and_its_report_written_again(course: Course, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right", bob="hang")
    busy = grade(course, tmp_path, Judges(course).work)
    page = tmp_path / "out" / "students" / "bob.json"
    before = page.read_text()
    # The same file, on a machine that is less busy.
    again = grade(course, tmp_path, Judges(course, fails=False).work)

    assert (busy.graded, again.graded, again.known) == (2, 1, 1)
    assert page.read_text() != before
    assert '"timeout"' in before
    assert '"timeout"' not in page.read_text()


def test_fresh_grades_a_whole_class_again(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right", bob="wrong")
    wish = Wish(course, tmp_path / "class", tmp_path / "out")
    for is_fresh, graded in ((False, 2), (False, 0), (True, 2)):
        done = grade_class(replace(wish, is_fresh=is_fresh), lambda _: None, lambda: None, judges.work)
        assert done.graded == graded


def test_two_runs_at_once_grade_nothing_twice(course: Course, tmp_path: Path) -> None:
    hand_in(tmp_path, **{f"student{number}": f"right {number}" for number in range(8)})
    first, second, waited = Judges(course, 0.05), Judges(course, 0.05), threading.Event()
    wish = Wish(course, tmp_path / "class", tmp_path / "out")
    has_begun = threading.Event()

    def begun(progress: Progress) -> None:
        if progress.done:
            has_begun.set()

    one = threading.Thread(target=grade_class, args=(wish, begun, lambda: None, first.work))
    one.start()
    assert has_begun.wait(PATIENCE)
    grade_class(wish, quiet, waited.set, second.work)
    one.join()

    assert waited.is_set()
    assert len(first.graded) == 8
    assert not second.graded


@pytest.mark.parametrize("kilobytes", [1, 100, 200])
def test_a_full_disk_ends_the_run_and_loses_nothing(course: Course, tmp_path: Path, kilobytes: int) -> None:
    hand_in(tmp_path, **{f"student{number:03d}": f"wrong {number} {'#' * 1000}" for number in range(60)})
    grade(course, tmp_path, Judges(course).work, "undisturbed")
    first, second = Judges(course), Judges(course)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, hard))
    try:
        with pytest.raises(Fault, match="same command again"):
            grade(course, tmp_path, first.work)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    known = number_of_verdicts(tmp_path / "out") // EXERCISES
    grade(course, tmp_path, second.work)

    assert len(second.graded) == 60 - known
    assert files_of(tmp_path / "out") == files_of(tmp_path / "undisturbed")


def test_a_changed_check_grades_its_own_exercise_only(tmp_path: Path) -> None:
    root = copy_of_course(tmp_path)
    hand_in(tmp_path, ann="right", bob="wrong")
    grade(read_course(root), tmp_path, Judges(read_course(root)).work)

    def graded_after_change(file: str, old: str, new: str) -> set[str]:
        path = root / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))
        judges = Judges(read_course(root))
        grade(read_course(root), tmp_path, judges.work)
        return {name for _, names in judges.graded for name in names}

    everything = {exercise.name for exercise in read_course(root).find("1.4").exercises}
    folder = f"lessons/{LESSON}"
    checks, text = f"{folder}/run_descent.py", f"{folder}/compute_grid.md"
    assert graded_after_change(checks, "def test_", "@points(2)\ndef test_") == {"run_descent"}
    assert graded_after_change(text, "You add the squared", "You sum the squared") == {"compute_grid"}
    assert graded_after_change(text, "\n### summed\n", "\n### added_up\n") == {"compute_grid"}
    assert graded_after_change(checks, "\n\n\n", "\n\n\n# What a comment says.\n") == set()
    assert graded_after_change(checks, "@variant\ndef ", "@variant\ndef other_") == set()
    assert graded_after_change(checks, "@picture\ndef ", "@picture\ndef other_") == set()
    assert graded_after_change(checks, 'answer="', 'answer="Well. ') == set()
    assert graded_after_change(text, "\n1. ", "\n1. Another hint: ") == set()
    assert graded_after_change(f"{folder}/README.md", "# 1.4", "# 1.4 ") == set()
    assert graded_after_change(f"{folder}/shared.py", "SMALL = 2.0**-6", "SMALL = 2.0**-7") == everything
    assert graded_after_change(f"solutions/{LESSON}.py", "predictions", "predicted") == everything


def copy_of_course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(ROOT / "lessons" / LESSON, root / "lessons" / LESSON)
    (root / "solutions").mkdir()
    shutil.copy(ROOT / "solutions" / f"{LESSON}.py", root / "solutions")
    return root


def test_a_class_keeps_a_secret_of_its_own_and_no_report_tells_a_seed(course: Course, tmp_path: Path) -> None:
    jobs: list[Job] = []

    class Noting(Judges):
        def _judge(self, job: Job) -> Outcome:
            jobs.append(job)
            return super()._judge(job)

    hand_in(tmp_path, ann="right", bob="wrong")
    for out in ("out", "other"):
        grade(course, tmp_path, Noting(course).work, out)
    shutil.rmtree(tmp_path / "class" / "ann")
    hand_in(tmp_path, bob="right now")
    grade(course, tmp_path, Noting(course).work, "other")
    seeds = [job.options.seed for job in jobs]

    assert seeds[0] == seeds[1] != seeds[2] == seeds[3] == seeds[4]
    assert all(0 < seed < 2**63 for seed in seeds)
    for out in ("out", "other"):
        with contextlib.closing(sqlite3.connect(tmp_path / out / NAME)) as database:
            (secret,) = database.execute("SELECT value FROM note WHERE name = 'secret'").fetchone()
        for content in files_of(tmp_path / out).values():
            assert not any(word.encode() in content for word in (secret, *map(str, seeds), "the fixed examples"))
        assert json.loads((tmp_path / out / "students" / "bob.json").read_text())["seed"] is None


def test_the_number_of_an_instructor_is_told_to_no_student(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right")
    wish = Wish(course, tmp_path / "class", tmp_path / "out", seed=918273645)
    grade_class(wish, quiet, lambda: None, judges.work)

    assert not any(b"918273645" in content for content in files_of(tmp_path / "out").values())


def test_another_seed_is_another_grading(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right")
    for seed in (0, 7, 0):
        grade_class(Wish(course, tmp_path / "class", tmp_path / "out", seed=seed), quiet, lambda: None, judges.work)

    assert len(judges.graded) == 2


def test_a_machine_that_cannot_confine_refuses_unless_told_to(
    course: Course, judges: Judges, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.sandbox.confinement.missing", lambda: "there is no Landlock")
    hand_in(tmp_path, ann="right")
    wish = Wish(course, tmp_path / "class", tmp_path / "out")
    with pytest.raises(UsageError, match=r"cannot confine .*no Landlock.*--allow-unconfined"):
        grade_class(wish, quiet, lambda: None, judges.work)
    assert not judges.graded

    grade_class(replace(wish, may_be_unconfined=True), quiet, lambda: None, judges.work)
    assert json.loads((tmp_path / "out" / "students" / "ann.json").read_text())["isolation"] == "process"


def test_results_among_the_submissions_are_no_submission(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right")
    for _ in range(2):
        result = grade(course, tmp_path, judges.work, "class/results")

    assert result.students == 1
    assert len(judges.graded) == 1


def test_whoever_has_nothing_to_run_is_named(course: Course, tmp_path: Path) -> None:
    class Reading(Judges):
        def _judge(self, job: Job) -> Outcome:
            outcome = super()._judge(job)
            if not isinstance(job.source, Unreadable) or outcome.lesson is None:
                return outcome
            check = CheckVerdict("test_it", "It holds.", Status.INVALID, message=f"{job.source.reason}\nMore.")
            exercises = tuple(replace(each, checks=(check,)) for each in outcome.lesson.exercises)
            return replace(outcome, lesson=replace(outcome.lesson, exercises=exercises))

    hand_in(tmp_path, ann="right")
    (tmp_path / "class" / "bob").mkdir()
    (tmp_path / "class" / "bob" / "essay.docx").write_text("an essay")
    grade(course, tmp_path, Reading(course).work)
    summary = (tmp_path / "out" / "summary.md").read_text()

    assert rows_of(tmp_path / "out")[2][3:-1] == ["0", "0", "4", "nothing to run"]
    missing = f"{LESSON}.py was not handed in: hand in your Python file under this name. Found: essay.docx."
    assert f"- bob: 1.4: {missing}" in summary.replace("\\", "")
    assert "| points | students |\n| ---: | ---: |\n| 4 | 1 |\n| 0 | 1 |\n" in summary


def test_nobody_handed_anything_in(course: Course, judges: Judges, tmp_path: Path) -> None:
    (tmp_path / "class" / "ann").mkdir(parents=True)

    with pytest.raises(UsageError, match=r"contains no exercise file"):
        grade(course, tmp_path, judges.work)


@pytest.mark.parametrize("garbage", [b"no database at all, only bytes" * 99, b""])
def test_a_ledger_that_is_none(course: Course, judges: Judges, tmp_path: Path, garbage: bytes) -> None:
    hand_in(tmp_path, ann="right")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAME).write_bytes(garbage)
    if garbage:
        with pytest.raises(Fault, match=r"damaged: move it away"):
            grade(course, tmp_path, judges.work)
    else:
        assert grade(course, tmp_path, judges.work).graded == 1


def test_a_ledger_of_a_later_version_is_left_alone(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right")
    (tmp_path / "out").mkdir()
    with contextlib.closing(sqlite3.connect(tmp_path / "out" / NAME)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")

    with pytest.raises(Fault, match="newer version"):
        grade(course, tmp_path, judges.work)


def test_a_verdict_that_a_disk_has_changed_is_a_fault_and_no_zero(
    course: Course, judges: Judges, tmp_path: Path
) -> None:
    hand_in(tmp_path, ann="right")
    grade(course, tmp_path, judges.work)
    with contextlib.closing(sqlite3.connect(tmp_path / "out" / NAME)) as database:
        database.execute("UPDATE verdict SET document = '{}'")
        database.execute("DELETE FROM note")
        database.commit()
    grade(course, tmp_path, judges.work)

    assert rows_of(tmp_path / "out")[1][-2] == "passed"
    assert len(judges.graded) == 2


def test_the_gradebook_of_canvas_and_the_worksheet_of_moodle(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, **{"4711": "right", "815": "hang", "stranger": "right 2", "816": "fault"})
    (tmp_path / "gradebook.csv").write_text(
        "Student,ID,SIS Login ID,Section,Lesson 1.4 (99)\n    Points Possible,,,,4\n"
        '"Lee, Ann",4711,ann,A,\n"Day, Max",816,max,A,1\n'
    )
    (tmp_path / "worksheet.csv").write_text(
        "Identifier,Full name,Grade,Last modified (grade),Feedback comments\nParticipant 815,Zoe,,-,\n"
    )
    tables = Tables(str(tmp_path / "gradebook.csv"), "Lesson 1.4", str(tmp_path / "worksheet.csv"))
    result = grade_class(
        Wish(course, tmp_path / "class", tmp_path / "out", tables=tables), quiet, lambda: None, judges.work
    )

    canvas = (tmp_path / "out" / "canvas.csv").read_text()
    assert '"Lee, Ann",4711,ann,A,4' in canvas
    assert '"Day, Max",816,max,A,1' in canvas
    assert "Participant 815,Zoe,0," in (tmp_path / "out" / "moodle.csv").read_text()
    assert "  not in it: 815; stranger" in result.seen.tables
    assert "  no score because of a fault, unchanged: 816" in result.seen.tables

    hand_in(tmp_path, **{"4711": "wrong now"})
    again = grade(course, tmp_path, judges.work)
    assert not (tmp_path / "out" / "canvas.csv").exists(), "its points are not those of the table any more"
    assert again.seen.tables[0].endswith("canvas.csv was from an earlier run and is removed: pass the table again")


def test_a_roster_leads_from_accounts_to_every_gradebook(course: Course, judges: Judges, tmp_path: Path) -> None:
    """The account 815, and Ann's number at the university, are numbers that Canvas and Moodle have given to others."""
    students = {"ann": "right", "815": "hang", "eve": "right 2", "tom": "x", "kim": "right 3"}
    hand_in(tmp_path, **{f"cs-loss-{account}": text for account, text in students.items()})
    (tmp_path / "roster.csv").write_text(
        "account,name,email,id,canvas id\nann,Ann Lee,Ann@x.org,4711,\n815,Zo\u00eb,,8150,816\nbob,Bob,,5,\n"
        "tom,Tom,tom@x.org,7,\nkim,Kim,,9,\n",
        encoding="utf-8",
    )
    (tmp_path / "gradebook.csv").write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1.4 (99)\n    Points Possible,,,,,4\n"
        "A,1,4711,ann,S,\nB,815,b,b,S,1\nZ,816,z,z,S,\nC,4711,c,c,S,2\nT,2,7,t,S,\nT,3,77,tom@x.org,S,\nK,4,9,k,S,N/A\n"
    )
    (tmp_path / "worksheet.csv").write_text(
        "Kennung,Name,E-Mail,Bewertung,Zuletzt ge\u00e4ndert\n"
        "Teilnehmer 1,Ann,ann@X.org,,-\nTeilnehmer 2,Zoe\u0308,,,-\nTeilnehmer 4711,?,,,-\nTeilnehmer 815,?,,,-\n",
        encoding="utf-8",
    )
    titles = Columns("Kennung", "Bewertung", "Zuletzt ge\u00e4ndert", name="Name", address="E-Mail")
    tables = Tables(str(tmp_path / "gradebook.csv"), "99", str(tmp_path / "worksheet.csv"), titles)
    wish = Wish(course, tmp_path / "class", tmp_path / "out", tables=tables, roster=tmp_path / "roster.csv")
    result = grade_class(wish, quiet, lambda: None, judges.work)
    canvas, moodle = (
        [row[-1 - place] for row in csv.reader(io.StringIO((tmp_path / "out" / name).read_text(encoding="utf-8")))]
        for name, place in (("canvas.csv", 0), ("moodle.csv", 1))
    )

    assert canvas[2:] == ["4", "1", "0", "2", "", "", "N/A"]
    assert moodle[1:] == ["4", "0", "", ""]
    assert [row[:4] for row in rows_of(tmp_path / "out")] == [
        ["student", "name", "email", "id"],
        ["cs-loss-815", "Zo\u00eb", "", "8150"],
        ["cs-loss-ann", "Ann Lee", "ann@x.org", "4711"],
        ["cs-loss-eve", "", "", ""],
        ["cs-loss-kim", "Kim", "", "9"],
        ["cs-loss-tom", "Tom", "tom@x.org", "7"],
    ]
    assert "cs-loss-eve: not on the roster" in result.seen.noticed
    assert "bob (Bob): on the roster, without a submission" in result.seen.noticed
    assert "  not in it: cs-loss-eve" in result.seen.tables
    assert "  excused, locked or not assigned, unchanged: 4" in result.seen.tables
    assert "  ids in more than one row, unchanged: cs-loss-tom (7, tom@x.org)" in result.seen.tables

    graded = len(judges.graded)
    (tmp_path / "roster.csv").write_text("account,id\nann,1\ntom,2\n")
    grade_class(replace(wish, tables=Tables()), quiet, lambda: None, judges.work)
    assert rows_of(tmp_path / "out")[2][1:4] == ["", "", "1"]
    assert len(judges.graded) == graded + 1, "only what hung is graded again"


def test_the_table_of_grades_opens_in_a_spreadsheet_and_has_bonus_points_on_request(
    course: Course, judges: Judges, tmp_path: Path
) -> None:
    """Excel reads UTF-8 only with the mark, and splits at the separator of its region only."""
    hand_in(tmp_path, ann="right", bob="fault")
    wish = Wish(course, tmp_path / "class", tmp_path / "out", form=Form(";", has_bonus=True))
    grade_class(wish, quiet, lambda: None, judges.work)
    table = (tmp_path / "out" / "grades.csv").read_bytes()
    bonus = str(sum(exercise.bonus for exercise in course.find("1.4").exercises))

    assert table.startswith(b'\xef\xbb\xbf"student";"name"')
    assert list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";")) == [
        ["student", "name", "email", "lesson 1.4", "bonus 1.4", "points", "max_points", "bonus", "status", "report"],
        ["ann", "", "", "4", bonus, "4", "4", bonus, "passed", "students/ann.html"],
        ["bob", "", "", "", "", "", "", "", "fault", "students/bob.html"],
    ]
    grade(course, tmp_path, judges.work)
    assert "bonus" not in rows_of(tmp_path / "out")[0], "the form is another one, so the table is written again"


def test_who_shares_a_name_gets_nobody_else_s_points(course: Course, judges: Judges, tmp_path: Path) -> None:
    export = "submission_1: {':submitters': [{':sid': g1, ':name': 'Lee, Ann', ':email': S1}]}\n"
    export += "submission_2: {':submitters': [{':sid': g2, ':name': 'Lee, Ann'}]}\n"
    export += "submission_3: {':submitters': [{':sid': g3, ':name': 'Day, Max'}]}\n"
    hand_in(tmp_path, submission_1="right", submission_2="hang", submission_3="right too")
    (tmp_path / "class" / "submission_metadata.yml").write_text(export)
    (tmp_path / "gradebook.csv").write_text(
        'Student,ID,Section,Lesson 1.4 (99)\n    Points Possible,,,4\n"Lee, Ann",1,S1,\n"Day, Max",2,S1,\n'
    )
    tables = Tables(str(tmp_path / "gradebook.csv"), "99")
    wish = Wish(course, tmp_path / "class", tmp_path / "out", tables=tables)
    result = grade_class(wish, quiet, lambda: None, judges.work)

    rows = list(csv.reader(io.StringIO((tmp_path / "out" / "canvas.csv").read_text())))
    assert [row[-1] for row in rows[2:]] == ["", "4"]
    told = "  same name as another student, unchanged: g1 (Lee, Ann); g2 (Lee, Ann)"
    assert told in result.seen.tables


def test_who_chooses_the_id_of_another_one_as_a_name_changes_nothing(
    course: Course, judges: Judges, tmp_path: Path
) -> None:
    """Aaron calls himself 9002 and his file like Vera's; an id that two claim is written for neither."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name, text in (
        ("9002_9001_1_x_9002_2", "hang"),
        ("veravera_9002_3", "right"),
        ("bob_9003_4", "right too"),
        ("zoe_9003_5", "hang too"),
    ):
        (folder / f"{name}_m1_4_loss_landscape.py").write_text(text)
    (tmp_path / "gradebook.csv").write_text(
        "Student,ID,Section,Lesson 1.4 (99)\n    Points Possible,,,4\n"
        '"9002",9001,S1,\n"Vera, Vera",9002,S1,\n"Bob",9003,S1,\n'
    )
    tables = Tables(str(tmp_path / "gradebook.csv"), "99")
    result = grade_class(Wish(course, folder, tmp_path / "out", tables=tables), quiet, lambda: None, judges.work)

    rows = list(csv.reader(io.StringIO((tmp_path / "out" / "canvas.csv").read_text())))
    assert [row[-1] for row in rows[2:]] == ["0", "4", ""]
    assert result.seen.noticed[0].startswith("9003: 2 submissions claim this name")
    assert result.seen.noticed[0] in json.loads((tmp_path / "out" / "summary.json").read_text())["noticed"]
    assert "  not in it: 9003 [1]; 9003 [2]" in result.seen.tables


def test_a_table_is_looked_at_before_anything_is_graded(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right")
    (tmp_path / "gradebook.csv").write_text("Student,ID,Section,Lesson 1.4 (99)\n")
    tables = Tables(str(tmp_path / "gradebook.csv"), "Lesson 1.5")

    with pytest.raises(UsageError, match=r"no assignment 'Lesson 1\.5'"):
        grade_class(Wish(course, tmp_path / "class", tmp_path / "out", tables=tables), quiet, lambda: None, judges.work)
    assert judges.graded == []


def test_what_this_machine_cannot_read_is_a_fault_and_no_zero(
    course: Course, judges: Judges, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(tmp_path, ann="right", bob="right too")
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "bob":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refuse)
        result = grade(course, tmp_path, judges.work)
    assert result.faulty_students == ("bob",)
    assert set(result.faults.values()) == {"bob cannot be opened: Permission denied. Check its permissions."}
    assert [row[3:-1] for row in rows_of(tmp_path / "out")[1:]] == [["4", "4", "4", "passed"], ["", "", "", "fault"]]

    assert not grade(course, tmp_path, judges.work).faults
    assert rows_of(tmp_path / "out")[2][3:-1] == ["4", "4", "4", "passed"]


def test_files_of_somebody_else_stay(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right", bob="right")
    grade(course, tmp_path, judges.work)
    comment = tmp_path / "out" / "students" / "my comment.html"
    comment.write_text("mine")
    shutil.rmtree(tmp_path / "class" / "bob")
    result = grade(course, tmp_path, judges.work)

    assert comment.read_text() == "mine"
    assert result.seen.gone == ("bob",)
    assert not (tmp_path / "out" / "students" / "bob.html").exists()


@pytest.mark.parametrize("name", ["grades.csv", "summary.md", "students"])
def test_results_go_over_nobody_s_own_files(course: Course, judges: Judges, tmp_path: Path, name: str) -> None:
    hand_in(tmp_path, ann="right")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine")

    with pytest.raises(UsageError, match=f"contains {name}, which grade class did not write"):
        grade(course, tmp_path, judges.work)
    assert (tmp_path / "out" / name).read_text() == "mine"


def test_results_do_not_go_among_the_submissions(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path / "students", ann="right")
    (tmp_path / "students" / "class").rename(tmp_path / "students2")
    (tmp_path / "students2").rename(tmp_path / "students" / "class")

    for folder, out in (("students/class", "students/class"), ("students/class", "."), ("students", ".")):
        with pytest.raises(UsageError, match="would put the results among the submissions"):
            grade_class(Wish(course, tmp_path / folder, tmp_path / out), quiet, lambda: None, judges.work)


def test_a_fault_says_nothing_of_a_lesson_with_hidden_checks(tmp_path: Path) -> None:
    root = copy_of_course(tmp_path)
    checks = root / "lessons" / LESSON / "compute_grid.py"
    check = 'from grader.authoring import hidden\n\n\n@hidden\ndef test_secret(compute_grid):\n    """A secret."""\n'
    checks.write_text(f"{checks.read_text()}\n\n{check}")
    course = read_course(root)
    hand_in(tmp_path, ann="fault")
    result = grade(course, tmp_path, Judges(course).work)

    assert set(result.faults.values()) == {"A check broke."}
    for path in (tmp_path / "out" / "students").iterdir():
        assert "A check broke" not in path.read_text()
    assert "A check broke" in (tmp_path / "out" / "summary.md").read_text()


def test_a_table_that_is_none_is_refused(course: Course, judges: Judges, tmp_path: Path) -> None:
    hand_in(tmp_path, ann="right")
    wish = Wish(course, tmp_path / "class", tmp_path / "out", tables=Tables(str(tmp_path / "nothing.csv"), "x"))

    with pytest.raises(UsageError, match=r"nothing\.csv cannot be read"):
        grade_class(wish, quiet, lambda: None, judges.work)


def test_reports_of_students_hold_no_word_of_a_hidden_check(course: Course, tmp_path: Path) -> None:
    class Hiding(Judges):
        def _judge(self, job: Job) -> Outcome:
            outcome = super()._judge(job)
            assert outcome.lesson is not None
            hidden = CheckVerdict(
                "test_secret", "A secret claim.", Status.WRONG, message="secret", visibility=Visibility.HIDDEN
            )
            exercises = [replace(each, checks=(*each.checks, hidden)) for each in outcome.lesson.exercises]
            return replace(outcome, lesson=replace(outcome.lesson, exercises=tuple(exercises)))

    hand_in(tmp_path, ann="right")
    grade(course, tmp_path, Hiding(course).work)

    for path in (tmp_path / "out" / "students").iterdir():
        assert "secret" not in path.read_text()
    assert rows_of(tmp_path / "out")[1][3:-1] == ["4", "4", "8", "not passed"]
    assert "A secret claim." in (tmp_path / "out" / "summary.md").read_text()
