"""The command `grade` as its users run it: exit codes, what stands on stdout, files, faults, and Ctrl-C."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import cli
from grader.course.model import Lesson, read_course
from grader.engine.grading import Options
from grader.errors import UsageError
from grader.reports import text
from grader.sandbox.tempdirs import Scratch
from grader.sandbox.zygote import Zygote
from tests.grading import report_on
from tests.nursery import grade_command
from tests.patience import PATIENCE, comes_true
from tests.small_lesson import write_lesson

ROOT = Path(__file__).parent.parent
NAME = "m1_4_loss_landscape"
GRADE = [str(Path(sys.executable).with_name("grade"))]
Run = subprocess.CompletedProcess[str]


def grade(*arguments: str, cwd: Path = ROOT, environment: dict[str, str] | None = None, is_quick: bool = True) -> Run:
    """Run the command and return what it did."""
    return subprocess.run(
        [*(grade_command() if is_quick else GRADE), *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, **(environment or {})},
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the course, to be changed."""
    folder = tmp_path / "the course"
    for name in ("lessons", "solutions", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "course.toml", folder)
    return folder


@pytest.fixture
def submit(tmp_path: Path) -> Callable[[str], Path]:
    """Return a submission folder with one file: the solution, and what is appended to it."""

    def write(appended: str) -> Path:
        folder = tmp_path / "submission"
        folder.mkdir(exist_ok=True)
        (folder / f"{NAME}.py").write_text((ROOT / f"solutions/{NAME}.py").read_text() + appended)
        return folder

    return write


def test_a_fresh_clone_is_welcomed(clone: Path) -> None:
    run = grade(cwd=clone, environment={"UV_RUN_RECURSION_DEPTH": "1"})

    assert run.returncode == 0
    first, rest = run.stdout.partition("  1.2  ")[::2]
    end = rest[rest.index("\nNothing started yet.") :]
    shown = f"```text\n{first}  ...\n{end}```"
    assert shown in (ROOT / "README.md").read_text(), "the README shows another welcome"
    assert run.stderr == ""


def test_the_untouched_stub_is_to_do() -> None:
    run = grade("1.4", is_quick=False)

    assert run.returncode == 1
    assert "to do    compute_grid" in run.stdout
    assert "0 of 33 points" in run.stdout


@pytest.mark.parametrize("name", ["1.4", "loss_landscape", f"{NAME}.py", f"solutions/{NAME}.py"])
def test_the_solution_passes_under_every_name_of_the_lesson(name: str) -> None:
    run = grade(name, "fixed_bias_slice", "--submission", "solutions")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "passed   fixed_bias_slice  5 of 5 points" in run.stdout


def test_all_lessons_are_graded_at_once(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    lessons = [write_lesson(tmp_path, name) for name in ("m9_1_scaling", "m9_2_scaling_again")]

    run = grade("--all", "--submission", "solutions", cwd=tmp_path)

    assert run.returncode == 0, run.stdout
    assert run.stderr == ""
    assert run.stdout.count("passed   scale") == len(lessons)

    assert grade("--all", cwd=tmp_path).returncode == 1, "the stubs"


def test_a_bare_grade_takes_what_has_been_started(clone: Path) -> None:
    shutil.copy(ROOT / "tests/cases/wrong/m1_4_loss_landscape/compute_grid__rmse.py", clone / f"exercises/{NAME}.py")

    run = grade(cwd=clone)

    assert run.returncode == 1
    assert "WRONG    compute_grid" in run.stdout
    assert "has no function run_descent" not in run.stdout, "only the first failure is shown in full"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["9.9"], "Lesson 9.9 isn't written yet. Available: 1.1 to "),
        (["1.4", "no_such"], "Lesson 1.4 has no exercise 'no_such'. Available: compute_grid"),
        (["1.4", "--submission", "nowhere"], "--submission nowhere is not a folder"),
        (["1.4", "--all"], "--all grades every lesson"),
        (["--no-such-option"], "grade has no option --no-such-option. See: grade --help"),
        (["1.4", "--format", "xml"], "invalid choice: 'xml'"),
        (["1.4", "--format", "jsn"], "Did you mean json? See: grade --help"),
        (["1.4", "--sed", "3"], "grade has no option --sed. Did you mean --seed? See: grade --help"),
        (["1,4"], "No lesson or command is called '1,4'. Did you mean 1.4 (loss_landscape)?"),
        (["los_landscpe"], "Did you mean 1.4 (loss_landscape)?"),
        (["compute_gird"], "No lesson or command is called 'compute_gird'. Did you mean 1.4 compute_grid?"),
        (["wtach"], "No lesson or command is called 'wtach'. Did you mean grade watch?"),
        (["hint", "1.4", "compute_gird"], "Did you mean compute_grid?"),
        (["hint", "trainig_loop"], "No lesson is called 'trainig_loop'. Did you mean 1.1 (training_loop)?"),
        (["next", "1.4"], "grade next takes no arguments"),
        (["1.4", "--seed", "many"], "invalid int value"),
    ],
)
def test_a_usage_error_says_what_there_is(arguments: list[str], words: str) -> None:
    run = grade(*arguments)

    assert run.returncode == 2
    assert words in run.stderr
    assert run.stdout == ""


# Options: one that a command does not take is refused, and never ignored.

VALUES = {
    "--format": ["json"],
    "--checks": ["all"],
    "--assignment": ["Lesson 1.4", "--canvas", "exported.csv"],
    **{name: ["0"] for name in ("--seed", "--seeds", "--processes", "--min-points", "--port")},
    **{
        name: []
        for name in ("--all", "--plain", "--check", "--quick", "--allow-unconfined", "--fresh", "--no-open", "--bonus")
    },
    "--separator": ["semicolon"],
}
"""By option, a value with which it is given; "x" for the others."""
TAKEN = {word: cli.parser_of(word).names() - {"--help"} for word in cli.COMMANDS}
ALL = sorted(set().union(*TAKEN.values()))
CODE = re.compile(r"```\w*\n.*?```|`[^`\n]*`", re.DOTALL)
LINE = re.compile(r"^(?:[>$]|uv run)? *(grade [^\n#]*)", re.MULTILINE)


def shown_commands() -> list[str]:
    """Return the commands with an option that the documentation shows."""
    texts = [(ROOT / name).read_text() for name in ("README.md", "COURSES.md", "CONTRIBUTING.md", "SECURITY.md")]
    blocks = [block.strip("`") for text in texts for block in CODE.findall(text)]
    lines = {line for block in blocks for line in LINE.findall(block)}
    # Of a table only the first column is a command; `||` and what stands behind is the shell's.
    return sorted(re.split(r" \|\||   +", line)[0].strip() for line in lines if " --" in line and "--help" not in line)


@pytest.mark.parametrize("option", ALL)
@pytest.mark.parametrize("word", cli.COMMANDS)
def test_an_option_is_taken_or_refused_by_its_name(word: str, option: str) -> None:
    arguments = [*filter(None, [word]), option, *VALUES.get(option, ["x"])]

    if option in TAKEN[word]:
        assert option[2:].replace("-", "_") in vars(cli.parse(arguments)[2])
    else:
        with pytest.raises(UsageError) as error:
            cli.run(arguments)
        assert str(error.value).startswith(f"{f'grade {word}'.strip()} has no option {option}. ")


@pytest.mark.parametrize("word", cli.COMMANDS)
def test_every_command_says_what_it_takes(word: str) -> None:
    run = grade(*filter(None, [word]), "--help")

    assert run.returncode == 0
    assert all(option in run.stdout for option in TAKEN[word])
    assert grade("help", *filter(None, [word])).stdout == run.stdout


def test_the_help_names_every_command() -> None:
    assert [word for word in cli.COMMANDS if f"  grade {word}".rstrip() not in cli._HELP] == []


def test_a_command_is_found_behind_its_options() -> None:
    assert cli.parse(["--plain", "list"])[0] == "list"
    assert cli.parse(["--format", "json", "1.4"])[0] == ""


@pytest.mark.parametrize("line", shown_commands())
def test_what_the_documentation_shows_is_taken(line: str) -> None:
    assert cli.parse(shlex.split(line)[1:])


def test_the_documentation_shows_commands() -> None:
    assert len(shown_commands()) >= 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["class", "tests", "--out", "x", "--processes", "-1"],
            "argument --processes: -1 is not a whole number of 0 or more",
        ),
        (["redteam", "--processes", "-1"], "argument --processes: -1 is not a whole number of 0 or more"),
        (["ci", "--min-points", "-1"], "argument --min-points: -1 is not a whole number of 0 or more"),
        (["class", "tests", "--out", "x", "--assignment", "a"], "add --canvas FILE"),
        (["audit", "--format", "junit"], "invalid choice: 'junit'"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(arguments: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        cli.run(arguments)


def test_json_is_alone_on_stdout_whatever_is_printed(submit: Callable[[str], Path]) -> None:
    folder = submit("\nimport os\ndef compute_grid(x, y, w_values, b_values):\n    os.write(1, b'{}'); print('{')\n")

    run = grade("1.4", "compute_grid", "--submission", str(folder), "--format", "json")
    report = json.loads(run.stdout)

    assert run.returncode == 1
    assert report["isolation"] == "confined"
    assert (report["points"], report["max_points"]) == (0, 8)
    first = report["lessons"][0]["exercises"][0]["checks"][0]
    assert first["status"] == "wrong"
    assert first["output"] == "{}{\n"
    assert first["counterexample"].startswith("compute_grid(")


def test_the_same_file_gets_the_same_report(submit: Callable[[str], Path]) -> None:
    folder = submit("\ndef fixed_bias_slice(x, y, w_values, b):\n    return torch.rand(len(w_values))\n")

    reports = [grade("1.4", "fixed_bias_slice", "--submission", str(folder), "--format", "json") for _ in range(2)]
    first, second = (without_durations(json.loads(run.stdout)) for run in reports)

    assert first == second


def test_a_seed_draws_fresh_examples_and_is_shown() -> None:
    run = grade("1.4", "fixed_bias_slice", "--submission", "solutions", "--seed", "7")

    assert run.returncode == 0
    assert "--seed 7" in run.stdout


def without_durations(value: Any) -> Any:
    """Return a report without what differs from run to run."""
    if isinstance(value, dict):
        return {key: without_durations(item) for key, item in value.items() if key != "duration_ms"}
    return [without_durations(item) for item in value] if isinstance(value, list) else value


def test_output_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("before")

    run = grade("1.4", "compute_grid", "--format", "json", "--output", str(path))

    assert run.returncode == 1
    assert run.stdout == ""
    assert json.loads(path.read_text())["schema"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_an_output_that_cannot_be_written_says_so_before_the_work() -> None:
    run = grade("1.4", "--output", "/nowhere/report.json")

    assert run.returncode == 2
    assert "/nowhere" in run.stderr
    assert run.stdout == "", "nothing was graded"


@pytest.mark.parametrize("variable", ["PYTEST_ADDOPTS", "PYTEST_PLUGINS"])
def test_variables_of_pytest_change_nothing(variable: str) -> None:
    environment: dict[str, str] = {variable: "no_such_plugin"}
    run = grade("1.4", "fixed_bias_slice", "--submission", "solutions", environment=environment, is_quick=False)

    assert run.returncode == 0, run.stderr


def make_link(path: Path) -> None:
    path.symlink_to(ROOT / f"solutions/{NAME}.py")


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**30)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_link, "is a link, and links are not followed"),
        (lambda path: path.symlink_to("/dev/zero"), "is a link"),
        (os.mkfifo, "is a pipe, not a file"),
        (os.mkdir, "is a folder, not a file"),
        (make_huge, "bytes; the limit is"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"\n \n"), "is empty"),
        (lambda path: path.write_bytes(b"x = '\xff'"), "is not saved as UTF-8 (line 1)"),
        (lambda path: path.write_bytes(b"x = 1\x00"), "null bytes"),
        (lambda _: None, "There is no file"),
    ],
    ids=["link", "link to a device", "pipe", "folder", "huge", "empty", "blank", "not UTF-8", "null bytes", "missing"],
)
def test_what_is_no_readable_file_is_invalid_at_once(
    make: Callable[[Path], object], words: str, tmp_path: Path, lesson: Lesson, zygote: Zygote
) -> None:
    make(tmp_path / f"{NAME}.py")

    report = report_on(lesson, tmp_path, zygote, Options(("compute_grid",)))
    shown = text.render(report, text.Style(), 0)

    assert report.exit_code == 1
    assert "INVALID  compute_grid" in shown
    assert words in " ".join(shown.split())


def test_files_planted_beside_the_submission_are_never_run(clone: Path) -> None:
    folder = clone / "submission"
    folder.mkdir()
    wrong = "\ndef compute_grid(x, y, w_values, b_values):\n    return x\n"
    (folder / f"{NAME}.py").write_text((ROOT / f"solutions/{NAME}.py").read_text() + wrong)
    code = "conftest sitecustomize usercustomize torch pytest json hypothesis grader"
    for name in [*(f"{module}.py" for module in code.split()), "pytest.ini", "grade.pth", "pyproject.toml"]:
        (folder / name).write_text("import pathlib, os\npathlib.Path('planted').write_text('ran')\nos._exit(0)\n")

    inside = grade("1.4", "compute_grid", "--submission", ".", cwd=folder, is_quick=False)
    elsewhere = grade("1.4", "compute_grid", "--submission", str(folder))

    for run in (inside, elsewhere):
        assert run.returncode == 1, run.stderr
        assert "WRONG    compute_grid" in run.stdout
    assert not list(folder.rglob("planted"))


# Faults: ours, so exit 3 and no score.


def break_check(clone: Path) -> None:
    path = clone / f"lessons/{NAME}/compute_grid.py"
    path.write_text(path.read_text().replace("    x, y = data\n", "    x, y = no_such_data\n", 1))


def break_import(clone: Path) -> None:
    path = clone / f"lessons/{NAME}/compute_grid.py"
    path.write_text("import no_such_module\n" + path.read_text())


def break_solution(clone: Path) -> None:
    path = clone / f"solutions/{NAME}.py"
    path.write_text(path.read_text() + "\nraise RuntimeError('broken')\n")


def break_mistakes(clone: Path) -> None:
    path = clone / f"lessons/{NAME}/compute_grid.md"
    function = "raise RuntimeError('broken')\n\n\ndef compute_grid(*values):\n    return values\n"
    mistake = f"\n\n### breaking\n\n```python\n{function}```\n\nIt breaks.\n"
    path.write_text(path.read_text().replace("\n## Known mistakes\n", f"\n## Known mistakes{mistake}"))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (break_check, "name 'no_such_data' is not defined"),
        (break_import, "No module named 'no_such_module'"),
        (break_solution, "RuntimeError: broken"),
        (break_mistakes, "RuntimeError: broken"),
        (lambda clone: (clone / f"solutions/{NAME}.py").unlink(), "is missing"),
        (lambda clone: (clone / f"lessons/{NAME}/compute_grid.py").unlink(), "is missing"),
    ],
    ids=["check", "import", "solution", "mistakes", "no solution", "no checks"],
)
def test_our_fault_has_no_score_and_exits_3(damage: Callable[[Path], None], words: str, clone: Path) -> None:
    wrong = (ROOT / "tests/cases/wrong/m1_4_loss_landscape/compute_grid__rmse.py").read_text()
    (clone / f"exercises/{NAME}.py").write_text(wrong)
    damage(clone)

    run = grade("1.4", "compute_grid", "--format", "json", cwd=clone)

    assert run.returncode == 3, run.stdout + run.stderr
    assert words in run.stdout + run.stderr
    assert '"points": 0,\n "max_points"' not in run.stdout, "a fault is never a zero"


def test_a_course_error_names_file_and_line(clone: Path) -> None:
    path = clone / f"lessons/{NAME}/compute_grid.py"
    path.write_text("def test_nothing(compute_grid):\n    pass\n")

    run = grade("1.4", cwd=clone)

    assert run.returncode == 2
    assert f"grade: lessons/{NAME}/compute_grid.py:1: test_nothing has no docstring" in run.stderr


def test_an_edit_that_does_not_apply_is_named_with_file_and_line(clone: Path) -> None:
    path = clone / f"lessons/{NAME}/compute_grid.md"
    lines = path.read_text().splitlines()
    line = lines.index("## Known mistakes") + 1
    lines[line:line] = ["", "### stale", "", "- `no such piece` becomes `0`", "", "It is stale."]
    path.write_text("\n".join(lines) + "\n")

    run = grade("1.4", cwd=clone)

    assert run.returncode == 2
    problem = "`no such piece` does not occur in the solution of compute_grid."
    assert f"grade: lessons/{NAME}/compute_grid.md:{line + 4}: {problem}" in " ".join(run.stderr.split())


def test_outside_a_course_the_next_step_is_said(tmp_path: Path) -> None:
    run = grade("1.4", "--submission", ".", cwd=tmp_path)

    assert run.returncode == 2
    assert "is not in a course" in run.stderr
    assert "init --course FOLDER" in run.stderr


def test_a_read_only_course_can_be_graded(clone: Path) -> None:
    subprocess.run(["chmod", "-R", "a-w", str(clone)], check=True)

    run = grade("1.4", "fixed_bias_slice", "--submission", "solutions", cwd=clone)
    subprocess.run(["chmod", "-R", "u+w", str(clone)], check=True)

    assert run.returncode == 0, run.stderr
    assert not (clone / ".hypothesis").exists()


@pytest.mark.parametrize(
    ("kill", "number", "code", "word"),
    [
        (os.killpg, signal.SIGINT, 130, "interrupted"),
        (os.kill, signal.SIGTERM, 143, "terminated"),
        (os.killpg, signal.SIGTERM, 143, "terminated"),
    ],
    ids=["Ctrl-C", "SIGTERM", "SIGTERM to all"],
)
def test_who_is_stopped_leaves_no_process_and_no_file(  # noqa: PLR0913, PLR0917  a row of the table, and fixtures
    submit: Callable[[str], Path],
    tmp_path: Path,
    kill: Callable[[int, int], None],
    number: int,
    code: int,
    word: str,
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    folder = submit("\ndef compute_grid(x, y, w_values, b_values):\n    import time; time.sleep(60)\n")
    command = [*GRADE, "1.4", "--submission", str(folder)]
    process = subprocess.Popen(
        command,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where the tests run in the background, SIGINT may be ignored, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads here
    )
    comes_true(lambda: len(descendants(process.pid)) >= 2)
    children = descendants(process.pid)

    kill(process.pid, number)
    _, complaint = process.communicate(timeout=PATIENCE)

    assert process.returncode == code
    assert complaint.strip() == f"grade: {word}."
    assert_gone(children)
    assert list(temporary.iterdir()) == []


def test_a_killed_grader_leaves_no_process_and_its_files_to_the_next_run(
    submit: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    folder = submit("\ndef compute_grid(x, y, w_values, b_values):\n    import time; time.sleep(60)\n")
    command = [*GRADE, "1.4", "--submission", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        comes_true(lambda: len(descendants(process.pid)) >= 2)
        children = descendants(process.pid)
        process.kill()

    assert_gone(children)
    assert [path.name[:10] for path in temporary.iterdir()] == ["grade-run-"]
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with Scratch():
        pass
    assert list(temporary.iterdir()) == []


def assert_gone(pids: list[int]) -> None:
    """Fail unless the zygote and the worker have ended."""
    assert len(pids) >= 2
    assert comes_true(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids)), "a process is left"


def descendants(pid: int) -> list[int]:
    """Return the process ids of the children, and of theirs."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return children + [grandchild for child in children for grandchild in descendants(child)]


@pytest.mark.parametrize("arguments", [["--submission", "solutions"], []], ids=["right", "stub"])
def test_a_plain_pytest_gives_the_same_verdict(arguments: list[str], three: Lesson) -> None:
    folder = f"lessons/{three.name}"
    command = [sys.executable, "-m", "pytest", folder, "-q", "-rs", "-p", "no:cacheprovider", *arguments]

    plain = subprocess.run(command, cwd=three.root, capture_output=True, text=True, check=False)
    run = grade("9.3", *arguments, cwd=three.root)

    assert (plain.returncode, run.returncode) == ((0, 0) if arguments else (0, 1)), "to do is not a failure"
    assert ("10 passed" if arguments else "10 skipped") in plain.stdout
    if not arguments:
        assert "Still to do: write scale in exercises/" in plain.stdout


def test_a_plain_pytest_of_one_file_or_one_check_runs_just_that() -> None:
    """Test panels name what they run."""
    folder = f"lessons/{NAME}"
    named = [f"{folder}/compute_grid.py", f"{folder}/save_frames.py::test_names_in_order"]
    command = [sys.executable, "-m", "pytest", *named, "-v", "-p", "no:cacheprovider", "--submission", "solutions"]

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    passed = [line.split()[0] for line in run.stdout.splitlines() if "PASSED" in line]
    checks = [check.name for check in read_course(ROOT).find("1.4").checks if check.exercise == "compute_grid"]

    assert run.returncode == 0, run.stdout
    assert passed == [
        *(f"{named[0]}::{name}" for name in ("example_compute_grid", *checks, "conduct_compute_grid")),
        named[1],
    ]


def test_a_test_panel_finds_every_check() -> None:
    command = [sys.executable, "-m", "pytest", "lessons", "--collect-only", "-q", "-p", "no:cacheprovider"]

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert f"lessons/{NAME}/compute_grid.py::example_compute_grid" in run.stdout
    assert f"lessons/{NAME}/compute_grid.py::test_convex" in run.stdout
    assert f"lessons/{NAME}/save_frames.py::conduct_save_frames" in run.stdout
    assert f"lessons/{NAME}/compute_grid.py::conduct_save_frames" not in run.stdout
    assert "shared.py" not in run.stdout
