"""The workflows of this repository and of its guide: what GitHub takes, pinned, without secrets, and what they run."""

import ast
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from grader import cli
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
GRADE = ROOT / ".github/workflows/grade.yml"
GUIDE = (ROOT / "COURSES.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
BLOCKS = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
TOOLS = Path(sys.executable).parent


def load(text: str) -> Any:
    return YAML(typ="safe").load(text)


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment}
    return subprocess.run(
        arguments, cwd=cwd, capture_output=True, text=True, check=False, timeout=PATIENCE, env=variables
    )


def steps(document: Any) -> list[dict[str, Any]]:
    return [step for job in document["jobs"].values() for step in job.get("steps", ())]


def step(name: str) -> dict[str, Any]:
    return next(each for each in steps(load(GRADE.read_text())) if each.get("name") == name)


# ---- What GitHub takes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_follows_the_schema_of_github(path: Path) -> None:
    checked = run(str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(path))

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.splitlines()[0])
def test_an_example_of_the_guide_does_too_and_calls_what_there_is(example: str, tmp_path: Path) -> None:
    path = tmp_path / "example.yml"
    path.write_text(example)
    checked = run(str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(path))
    called = load(example)["jobs"]["grade"]
    known = load(GRADE.read_text())[True if True in load(GRADE.read_text()) else "on"]["workflow_call"]["inputs"]

    assert checked.returncode == 0, checked.stdout
    assert re.fullmatch(r"OWNER/COURSE/\.github/workflows/grade\.yml@0{40}", called["uses"])
    assert set(called["with"]) <= set(known)
    assert "secrets" not in called


def test_the_guide_has_an_example_for_a_repository_and_one_for_a_reporter() -> None:
    assert [load(example)["name"] for example in EXAMPLES] == ["Grade", "Autograding Tests"]


@pytest.fixture
def all_workflows(tmp_path: Path) -> list[str]:
    """Return the workflows of this repository, and those of the guide as files."""
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    examples = [folder / f"example-{number}.yml" for number, _ in enumerate(EXAMPLES)]
    for path, example in zip(examples, EXAMPLES, strict=True):
        path.write_text(example)
    return [*map(str, WORKFLOWS), *map(str, examples)]


def test_two_auditors_of_workflows_find_nothing(all_workflows: list[str]) -> None:
    zizmor = run(str(TOOLS / "zizmor"), "--offline", "--no-progress", "--persona=pedantic", *all_workflows)
    actionlint = run(str(TOOLS / "actionlint"), "-no-color", "-shellcheck=", "-pyflakes=", *all_workflows)

    assert zizmor.returncode == 0, zizmor.stdout
    assert (actionlint.returncode, actionlint.stdout) == (0, ""), actionlint.stdout


@pytest.mark.parametrize("text", [*(path.read_text() for path in WORKFLOWS), *EXAMPLES])
def test_every_action_is_pinned_to_a_commit(text: str) -> None:
    uses = re.findall(r"^ *(?:- )?uses: (\S+)", text, re.MULTILINE)

    assert uses
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in uses)


def test_the_only_secret_is_in_the_environment_of_the_only_step_that_grades() -> None:
    text = GRADE.read_text()
    document = load(text)
    secret = "${{ secrets.grade-secret }}"  # noqa: S105  an expression

    assert re.findall(r"secrets\.\S+", text) == ["secrets.grade-secret"]
    assert [each["name"] for each in steps(document) if secret in each.get("env", {}).values()] == ["Grade"]
    assert document["on"]["workflow_call"]["secrets"]["grade-secret"]["required"] is False
    assert "github.token" not in text
    assert load(text)["permissions"] == {}
    assert load(text)["jobs"]["grade"]["permissions"] == {"contents": "read"}


def test_no_token_stays_behind_a_checkout_and_no_cache_is_believed() -> None:
    checkouts = [each for each in steps(load(GRADE.read_text())) if "checkout" in each.get("uses", "")]
    installer = next(each for each in steps(load(GRADE.read_text())) if "setup-uv" in each.get("uses", ""))

    assert [each["with"]["persist-credentials"] for each in checkouts] == [False, False]
    assert [each["with"].get("repository") for each in checkouts] == ["${{ job.workflow_repository }}", None]
    assert checkouts[0]["with"]["ref"] == "${{ job.workflow_sha }}"
    assert installer["with"]["enable-cache"] is False


def test_no_expression_stands_in_a_script() -> None:
    assert not [each["run"] for each in steps(load(GRADE.read_text())) if "${{" in each.get("run", "")]


# ---- What it runs ----------------------------------------------------------------------------------------------------


def bash(script: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does."""
    return run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script, cwd=cwd, **environment)


@pytest.mark.parametrize(
    ("course", "revision", "code"),
    [
        ("owner/course", "0" * 40, 0),
        ("", "", 2),
        ("owner/course", "", 2),
        ("", "0" * 40, 2),
        ("owner/course", "main", 2),
    ],
)
def test_nothing_is_graded_where_the_course_is_not_known(course: str, revision: str, code: int, tmp_path: Path) -> None:
    assert bash(step("Know the course")["run"], tmp_path, COURSE=course, REVISION=revision).returncode == code


@pytest.mark.parametrize(
    ("lessons", "min_points", "arguments"),
    [
        ("1.4", "14", ["--min-points=14", "--", "1.4"]),
        ("1.4  2.1", "", ["--", "1.4", "2.1"]),
        ("", "", ["--"]),
        ("--allow-unconfined", "", ["--", "--allow-unconfined"]),
        ("$(touch pwned) * ;", "1 --checks all", ["--min-points=1 --checks all", "--", "$(touch", "pwned)", "*", ";"]),
    ],
)
def test_what_a_caller_writes_is_an_argument_and_nothing_else(
    lessons: str, min_points: str, arguments: list[str], tmp_path: Path
) -> None:
    (tmp_path / "course").mkdir()
    fake = tmp_path / ".venv/bin/grade"
    fake.parent.mkdir(parents=True)
    fake.write_text('#!/usr/bin/env bash\nprintf "%s\\n" "$@"\n')
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    done = bash(step("Grade")["run"], tmp_path / "course", LESSONS=lessons, MIN_POINTS=min_points)
    fixed = ["ci", "--submission", "../student/exercises", "--results", "../results"]

    assert done.stdout.splitlines() == [*fixed, *arguments], done.stderr
    assert not (tmp_path / "course/pwned").exists()


def test_an_option_among_the_lessons_is_no_option() -> None:
    done = run(str(TOOLS / "grade"), "ci", "--submission", "solutions", "--", "--allow-unconfined")

    assert (done.returncode, done.stdout) == (2, "")
    assert "No lesson is called '--allow-unconfined'" in done.stderr


# ---- The guide -------------------------------------------------------------------------------------------------------


def test_the_python_of_the_guide_is_python_and_names_what_there_is() -> None:
    imports = [node for block in BLOCKS for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)]

    assert len(BLOCKS) == 3
    for node in imports:
        module = __import__(str(node.module), fromlist=[alias.name for alias in node.names])
        assert all(hasattr(module, alias.name) for alias in node.names), ast.unparse(node)


AUTOGRADER = next(block for block in BLOCKS if "Classroom 50" in block)
FAKE_GRADE = """\
#!/bin/sh
printf '%s\\n' "$@" >"$OUT"
exit $CODE
"""
FAKE_UV = f"""\
import pathlib, sys
if sys.argv[1] == "venv":
    grade = pathlib.Path(sys.argv[-1]) / "bin/grade"
    grade.parent.mkdir(parents=True)
    grade.write_text({FAKE_GRADE!r})
    grade.chmod(0o755)
"""
"""Makes an environment with a `grade` that keeps its arguments, in place of one with torch."""


@pytest.mark.parametrize("code", [0, 2, 3])
def test_the_autograder_of_classroom_50_grades_with_a_commit_of_the_course(code: int, tmp_path: Path) -> None:
    course, student, fakes = (tmp_path / name for name in ("course", "student", "fakes"))
    for folder in (course, student, fakes):
        folder.mkdir()
    (course / "file").write_text("of the course")
    git = ("git", "-c", "user.name=A", "-c", "user.email=a@x.org")
    run(*git, "init", "--quiet", cwd=course)
    run(*git, "add", "file", cwd=course)
    run(*git, "commit", "--quiet", "-m", "A course", cwd=course)
    revision = run("git", "rev-parse", "HEAD", cwd=course).stdout.strip()
    (fakes / "pip.py").write_text("")
    (fakes / "uv.py").write_text(FAKE_UV)
    script = tmp_path / "autograder.py"
    script.write_text(AUTOGRADER.replace("https://github.com/OWNER/COURSE", str(course)).replace("0" * 40, revision))
    variables = {"PYTHONPATH": str(fakes), "OUT": str(tmp_path / "arguments"), "CODE": str(code)}
    done = run(sys.executable, str(script), cwd=student, TMPDIR=str(tmp_path), **variables)
    arguments = (tmp_path / "arguments").read_text().splitlines()
    parsed = cli.parse(arguments)

    assert done.returncode == code, done.stderr
    assert arguments[:3] == ["ci", "--submission", str(student / "exercises")]
    assert (parsed[2].format, parsed[2].output) == ("classroom50", str(student / "result.json"))
    assert parsed[2].words == ["1.4"]
    assert len(list(tmp_path.glob("tmp*/file"))) == 1, "it is the named commit of the course that grades"


def test_without_the_course_the_autograder_of_classroom_50_fails(tmp_path: Path) -> None:
    script = tmp_path / "autograder.py"
    script.write_text(AUTOGRADER.replace("https://github.com/OWNER/COURSE", str(tmp_path / "nothing")))

    assert run(sys.executable, str(script), cwd=tmp_path, TMPDIR=str(tmp_path)).returncode not in (0, None)
    assert not (tmp_path / "result.json").exists()


def test_the_guide_names_options_that_there_are() -> None:
    there = set().union(*(cli.parser_of(word).names() for word in cli.COMMANDS))
    # `uv`, `dask` and `gh` have options of their own, and so has what the autograder of Classroom 50 calls.
    ours = re.sub(r"\b(?:uv|dask|gh) [^\n`]*", "", GUIDE.replace(AUTOGRADER, ""))
    options = set(re.findall(r"--[a-z]+(?:-[a-z]+)*", ours))

    assert {"--min-points", "--results", "--allow-unconfined", "--checks", "--format"} <= options
    assert options <= there
