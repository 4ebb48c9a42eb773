"""`grade ci` as a job runs it: files that GitHub names, results files, exit codes, and the same numbers on a laptop."""

import base64
import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader.commands import ci
from grader.commands.ci import Job
from grader.course.locations import Place, find_places
from grader.course.model import Lesson
from grader.engine.seeds import VARIABLE
from grader.errors import Fault, UsageError
from grader.sandbox import confinement
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility
from tests.conftest import ROOT
from tests.nursery import grade_command
from tests.patience import PATIENCE
from tests.reports.test_formats import RUNNER, commands
from tests.small_lesson import write_lesson

NAME = "m1_4_loss_landscape"
WRONG = "\ndef compute_grid(x, y, w_values, b_values):\n    print('::error::forged')\n    return torch.zeros(2, 2)\n"


def check(status: Status) -> CheckVerdict:
    """Return a verdict on a check of which only this is known."""
    return CheckVerdict("test_it", "It holds.", status)


def report(*checks: CheckVerdict, isolation: str = "confined") -> Report:
    """Return the report of one exercise."""
    exercise = ExerciseVerdict("compute_grid", bonus=False, checks=checks)
    return Report((LessonVerdict("1.4", NAME, "The loss landscape", (exercise,)),), isolation)


PASSED, FAILED, FAULT = check(Status.PASSED), check(Status.WRONG), check(Status.FAULT)


@pytest.fixture
def job(lesson: Lesson, tmp_path: Path) -> Job:
    """Grade lesson 1.4 from an empty folder."""
    folder = tmp_path / "student"
    folder.mkdir()
    return Job([lesson], folder)


@pytest.fixture(autouse=True)
def confined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every machine be one that can confine: what is graded here is a report that is made up."""
    monkeypatch.setattr(confinement, "missing", lambda: "")


# ---- The exit code ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "min_points", "code"),
    [
        (report(PASSED, PASSED), None, 0),
        (report(PASSED, FAILED), None, 1),
        (report(PASSED, FAILED), 1, 0),
        (report(PASSED, FAILED), 2, 1),
        (report(FAILED, FAILED), 0, 0),
        (report(PASSED, FAULT), None, 3),
        (report(PASSED, FAULT), 1, 3),
        (report(FAULT), 0, 3),
    ],
)
def test_the_exit_code_follows_the_points_and_a_fault_is_neither(
    job: Job, made: Report, min_points: int | None, code: int
) -> None:
    assert ci.run(replace(job, min_points=min_points), lambda: made, {}).exit_code == code


def test_points_that_nobody_can_reach_are_refused(job: Job) -> None:
    with pytest.raises(UsageError, match="--min-points 3 is more than the maximum of 2 points"):
        ci.run(replace(job, min_points=3), lambda: report(PASSED, PASSED), {})


# ---- Isolation -------------------------------------------------------------------------------------------------------


def test_nothing_is_graded_where_the_code_cannot_be_confined(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "missing", lambda: "this kernel has no Landlock")

    def grade() -> Report:
        pytest.fail("it was graded")

    with pytest.raises(UsageError, match=r"this kernel has no Landlock\. .* --allow-unconfined") as error:
        ci.run(job, grade, {})
    assert error.value.exit_code == 2


def test_unconfined_is_allowed_to_who_says_so_and_the_report_says_it_too(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confinement, "missing", lambda: "this kernel has no Landlock")
    answer = ci.run(replace(job, allow_unconfined=True), lambda: report(PASSED, isolation="process"), {})

    assert answer.exit_code == 0
    assert "Isolation: process" in answer.text


def test_a_report_of_unconfined_code_is_not_believed(job: Job, tmp_path: Path) -> None:
    with pytest.raises(Fault, match="was not confined"):
        ci.run(replace(job, results=tmp_path / "out"), lambda: report(PASSED, isolation="process"), {})
    assert not (tmp_path / "out").exists()


# ---- What GitHub reads -----------------------------------------------------------------------------------------------


def test_the_files_that_github_names_are_added_to_and_not_replaced(job: Job, tmp_path: Path) -> None:
    summary, output = tmp_path / "summary", tmp_path / "output"
    summary.write_text("# Before\n")
    output.write_text("before=1\n")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output)}
    answer = ci.run(job, lambda: report(PASSED, FAILED), environment)
    outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())

    assert summary.read_text().startswith("# Before\n# Report\n\n**1 of 2 points**\n")
    assert (outputs["before"], outputs["points"], outputs["max_points"]) == ("1", "1", "2")
    assert json.loads(base64.b64decode(outputs["result"]))["max_score"] == 2
    assert [name for name, _, _ in commands(answer.text)] == ["error", "notice", "notice"]
    assert ("notice", {"title": "Autograding report"}, '{"totalPoints":1,"maxPoints":2}') in commands(answer.text)


def test_a_summary_that_is_nearly_full_is_not_made_too_large(job: Job, tmp_path: Path) -> None:
    summary = tmp_path / "summary"
    summary.write_text("x" * (2**20 - 400))
    ci.run(job, lambda: report(PASSED, FAILED), {"GITHUB_STEP_SUMMARY": str(summary)})

    assert 2**20 - 400 <= summary.stat().st_size <= 2**20


def test_a_fault_tells_github_no_points(job: Job, tmp_path: Path) -> None:
    output = tmp_path / "output"
    answer = ci.run(job, lambda: report(PASSED, FAULT), {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(output)})

    assert "points=\n" in output.read_text()
    assert [name for name, _, _ in commands(answer.text)] == ["error"]


def test_a_file_that_cannot_be_written_is_a_fault(job: Job, tmp_path: Path) -> None:
    path = str(tmp_path / "no" / "x")
    for variable in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        with pytest.raises(Fault) as error:
            ci.run(job, lambda: report(PASSED), {variable: path})
        assert str(error.value) == (
            f"{path}, from the variable {variable}, cannot be written: No such file or directory."
        )
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be created"):
        ci.run(replace(job, results=tmp_path / "file" / "out"), lambda: report(PASSED), {})


# ---- Classroom 50 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("made", "score"), [(report(PASSED, PASSED), 2), (report(PASSED, FAILED), 1)])
def test_for_classroom_50_the_exit_code_says_that_there_is_a_score(
    job: Job, made: Report, score: int, tmp_path: Path
) -> None:
    output, summary = tmp_path / "output", tmp_path / "summary"
    environment = {
        **RUNNER,
        "GITHUB_ACTIONS": "true",
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    answer = ci.run(replace(job, form="classroom50"), lambda: made, environment)

    assert answer.exit_code == 0
    assert json.loads(answer.text)["score"] == score
    assert summary.read_text().startswith("# Report\n")
    assert not output.exists(), "the runner reads the status of the step from this file, and derives it itself"


def test_for_classroom_50_a_fault_is_an_exit_code_and_no_document(job: Job) -> None:
    answer = ci.run(replace(job, form="classroom50"), lambda: report(PASSED, FAULT), RUNNER)

    assert (answer.exit_code, answer.text) == (3, "")
    assert "no score" in answer.complaint


def test_without_the_runner_of_classroom_50_nothing_is_graded_for_it(job: Job) -> None:
    with pytest.raises(UsageError, match="needs the variables"):
        ci.run(replace(job, form="classroom50"), lambda: pytest.fail("it was graded"), {})


# ---- What is read ----------------------------------------------------------------------------------------------------


def test_every_token_is_another_one(job: Job) -> None:
    logs = {ci.run(job, lambda: report(PASSED), {"GITHUB_ACTIONS": "true"}).text.splitlines()[0] for _ in range(3)}

    assert len(logs) == 3
    assert all(len(line.removeprefix("::stop-commands::")) == 32 for line in logs)


def test_what_lies_beside_the_exercises_is_named_and_not_read(job: Job) -> None:
    for name in ("conftest.py", f"{NAME}.py", "m1_5_numerical_gradients.py", "torch.py", "\x1b[2J::error::x\n"):
        (job.submission / name).write_text("raise SystemExit\n")
    (job.submission / "__pycache__").mkdir()
    said = ci.run(job, lambda: report(PASSED), {}).text
    log = ci.run(job, lambda: report(PASSED), {"GITHUB_ACTIONS": "true"}).text

    assert "Ignored, because only exercise files are read: \\x1b[2J::error::x\\n, conftest.py, torch.py." in said
    assert [name for name, _, _ in commands(log)] == ["notice", "notice", "notice"]


@pytest.mark.parametrize("has_repository", [True, False])
def test_a_folder_that_is_a_link_to_the_solutions_is_refused(job: Job, has_repository: bool) -> None:
    if has_repository:
        (job.submission / ".git").mkdir()
    (job.submission / "exercises").symlink_to(ROOT / "solutions")

    path = job.submission / "exercises"
    with pytest.raises(UsageError, match=f"{path} is a link, and links are not followed"):
        ci.run(replace(job, submission=path), lambda: report(PASSED), {})


def test_who_hands_in_the_whole_folder_is_graded_and_told(job: Job) -> None:
    inner = job.submission / "exercises"
    inner.mkdir()
    (inner / f"{NAME}.py").write_text("x = 1\n")
    (inner / "conftest.py").write_text("raise SystemExit\n")
    said = ci.run(job, lambda: report(PASSED), {}).text
    log = commands(ci.run(job, lambda: report(FAILED), {"GITHUB_ACTIONS": "true"}).text)

    assert job.folder == inner
    assert f"{job.submission} has no exercise files, so {inner} was graded.\nIgnored, because only exercise" in said
    assert log[0][1]["file"].endswith(f"exercises/{NAME}.py")
    assert [options.get("title") for name, options, _ in log if name == "notice"][:2] == ["Submission", "Ignored files"]


def test_a_folder_with_the_file_itself_is_the_one_that_is_meant(job: Job) -> None:
    (job.submission / "exercises").mkdir()
    for folder in (job.submission, job.submission / "exercises"):
        (folder / f"{NAME}.py").write_text("x = 1\n")

    assert job.folder == job.submission
    assert "was graded" not in ci.run(job, lambda: report(PASSED), {}).text


@pytest.mark.parametrize("has_link_itself", [True, False])
def test_a_link_to_the_solutions_is_no_folder_that_somebody_means(job: Job, has_link_itself: bool) -> None:
    inner = job.submission / "exercises"
    if has_link_itself:  # a file that is a link is refused as what it is, and nothing else is looked for
        inner.mkdir()
        (inner / f"{NAME}.py").write_text("x = 1\n")
        (job.submission / f"{NAME}.py").symlink_to(ROOT / f"solutions/{NAME}.py")
    else:
        inner.symlink_to(ROOT / "solutions")

    assert job.folder == job.submission


def test_a_link_above_the_repository_is_nobodys_trick(job: Job, tmp_path: Path) -> None:
    (job.submission / ".git").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)

    assert ci.run(replace(job, submission=tmp_path / "link" / "student"), lambda: report(PASSED), {}).exit_code == 0


# ---- Places ----------------------------------------------------------------------------------------------------------


def test_a_place_is_named_as_the_students_repository_calls_it(lesson: Lesson, tmp_path: Path) -> None:
    folder = tmp_path / "repository" / "exercises"
    folder.mkdir(parents=True)
    (folder.parent / ".git").mkdir()
    text = (
        "import torch\r\n\r\nasync def run_descent(): ...\r\ndef compute_grid(): ...\r\n    def fixed_bias_slice():\r\n"
    )
    (folder / f"{NAME}.py").write_text(f"{text}def compute_grid_too(): ...\r\ndef compute_grid(): ...\r\n", newline="")
    places = find_places([lesson], folder)

    assert places[NAME, "run_descent"] == Place(f"exercises/{NAME}.py", 3)
    assert places[NAME, "compute_grid"].line == 7, "the last definition is the one that counts"
    assert places[NAME, "fixed_bias_slice"].line == 1, "a function inside of another one is none of the exercises"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"(" * 100_000])
def test_a_file_of_any_kind_has_places(lesson: Lesson, tmp_path: Path, content: bytes) -> None:
    (tmp_path / f"{NAME}.py").write_bytes(content)

    assert {place.line for place in find_places([lesson], tmp_path).values()} == {1}


def test_of_many_definitions_the_last_is_the_place(lesson: Lesson, tmp_path: Path) -> None:
    line = "def run_descent(x): return x\n"
    (tmp_path / f"{NAME}.py").write_text(line * (2**19 // len(line)))
    places = find_places([lesson], tmp_path)

    assert places[NAME, "run_descent"].line == 2**19 // len(line)


# ---- The command -----------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A student's repository: an exercise that is wrong, and files that try to take part."""
    folder = tmp_path / "student" / "exercises"
    folder.mkdir(parents=True)
    (folder.parent / ".git").mkdir()
    (folder / f"{NAME}.py").write_text((ROOT / f"solutions/{NAME}.py").read_text() + WRONG)
    for name in ("conftest.py", "torch.py", "pytest.ini", "sitecustomize.py"):
        (folder / name).write_text("raise SystemExit('I take part')\n")
    return folder


def grade(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.run(
        [*grade_command(), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**inherited, **environment},
    )


def test_a_laptop_and_a_job_get_the_same_numbers(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["ci", "1.4", "--submission", str(repository), "--min-points", "25"]
    monkeypatch.setenv(VARIABLE, "ours")
    laptop = grade(*arguments, "--results", str(tmp_path / "laptop"))
    job = grade(
        *arguments,
        "--results",
        str(tmp_path / "job"),
        GITHUB_ACTIONS="true",
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
        GITHUB_OUTPUT=str(tmp_path / "output"),
    )
    names = {"report.json", "report.html", "report.md", "junit.xml", "gradescope.json", "classroom.txt"}
    first, second = (json.loads((tmp_path / name / "report.json").read_text()) for name in ("laptop", "job"))

    assert (laptop.returncode, job.returncode) == (0, 0), laptop.stderr + job.stderr
    assert "25 of 33 points" in laptop.stdout
    assert laptop.stderr == job.stderr == ""
    assert first["seed"] is second["seed"] is None
    assert "only exercise files are read: conftest.py, pytest.ini, sitecustomize.py, torch.py." in laptop.stdout
    assert {path.name for path in (tmp_path / "laptop").iterdir()} == names
    assert (first["points"], first["max_points"], first["isolation"]) == (25, 33, "confined")
    for document in (first, second):
        for exercise in document["lessons"][0]["exercises"]:
            for each in exercise["checks"]:
                del each["duration_ms"]
    assert first == second
    assert "points=25\nmax_points=33\n" in (tmp_path / "output").read_text()
    assert "**25 of 33 points**" in (tmp_path / "summary").read_text()
    found = commands(job.stdout)
    assert found[0][1]["file"] == f"exercises/{NAME}.py"
    source = (repository / f"{NAME}.py").read_text().splitlines()
    assert source[int(found[0][1]["line"]) - 1].startswith("def compute_grid")
    assert found[-1][2] == '{"totalPoints":25,"maxPoints":33}'
    assert ElementTree.parse(tmp_path / "job" / "junit.xml").getroot().attrib["failures"] != "0"  # noqa: S314  ours


TABLE = (ROOT / "tests/cases/hostile/answers_looked_up_in_a_table.py").read_bytes()


def test_a_table_of_answers_earns_nothing_where_the_examples_are_fresh(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.py").write_bytes(TABLE)
    job = grade("ci", "1.4", "--submission", str(tmp_path))
    gradescope = grade("1.4", "--format", "gradescope", "--submission", str(tmp_path))

    assert "0 of 33 points" in job.stdout
    assert "Checked with fresh examples, different from those on your own machine." in job.stdout
    assert job.stderr == f"grade ci: {ci.RANDOM_EXAMPLES}\n"
    assert json.loads(gradescope.stdout)["score"] == 0
    assert json.loads(gradescope.stdout)["extra_data"]["seed"] is None


def test_the_number_of_an_instructor_stands_in_no_report(repository: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    number = "918273645"
    run = grade("ci", "1.4", "--submission", str(repository), "--seed", number, "--results", str(results))
    written = [path.read_text() for path in results.iterdir()]

    assert "25 of 33 points" in run.stdout
    assert run.stderr == ""
    assert not any(number in document for document in (run.stdout, *written))


def test_the_whole_folder_of_a_student_gets_its_points(repository: Path) -> None:
    run = grade("ci", "1.4", "--submission", str(repository.parent), "--min-points", "25")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "25 of 33 points" in run.stdout
    assert f"{repository.parent} has no exercise files, so {repository} was graded." in run.stdout


def test_a_course_is_graded_whole_unless_lessons_are_named(tmp_path: Path) -> None:
    lessons = [write_lesson(tmp_path), write_lesson(tmp_path, "m9_2_scaling")]
    run = grade("ci", "--submission", "solutions", cwd=tmp_path)

    assert run.returncode == 0, run.stdout + run.stderr
    assert all(f"{lesson.id} {lesson.title}" in run.stdout for lesson in lessons)
    assert not (tmp_path / ".grade").exists(), "a job remembers nothing and believes nothing that lies there"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ci", "9.9"], "Lesson 9.9 isn't written yet"),
        (["ci", "1.4", "--format", "junit"], "It writes every format: name their folder with --results"),
        (["ci", "1.4", "--format", "classroom50"], "missing: CLASSROOM, ASSIGNMENT"),
        (["ci", "1.4", "--format", "classroom50", "--checks", "all"], "would publish hidden checks"),
        (["ci", "1.4", "--format", "classroom50", "--min-points", "1"], "the assignment's pass threshold"),
        (["ci", "1.4", "--min-points", "many"], "is not a whole number of 0 or more"),
        (["ci", "1.4", "--submission", "nowhere"], "--submission nowhere is not a folder"),
    ],
)
def test_a_usage_error_says_what_there_is(arguments: list[str], words: str) -> None:
    run = grade(*arguments)

    assert (run.returncode, run.stdout) == (2, "")
    assert words in run.stderr


def test_hidden_checks_are_for_who_asks(job: Job, tmp_path: Path) -> None:
    secret = replace(check(Status.WRONG), message="marker", visibility=Visibility.HIDDEN)
    made = report(PASSED, secret)
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    ci.run(replace(job, results=tmp_path / "public"), lambda: made, environment)
    ci.run(replace(job, results=tmp_path / "all", checks=frozenset(Visibility)), lambda: made, {})

    assert all(b"marker" not in path.read_bytes() for path in (tmp_path / "public").iterdir())
    assert b"marker" not in (tmp_path / "summary").read_bytes()
    assert b"marker" in (tmp_path / "all" / "report.json").read_bytes()
