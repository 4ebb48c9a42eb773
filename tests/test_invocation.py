"""Commands are shown as they work in the student's shell, everywhere: what prints is one module."""

import ast
import sys
from pathlib import Path

import pytest

from grader import cli
from grader.invocation import NAME, WORDS, as_typed, command
from grader.reports.text import Style
from grader.text import fit
from tests.conftest import ROOT
from tests.small_lesson import write_lesson

UV = {"UV": "/usr/bin/uv", "VIRTUAL_ENV": "/course/.venv"}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program `grade` in a folder of an environment."""
    path = tmp_path / ".venv" / "bin" / "grade"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_uv_run_stays_uv_run(program: Path) -> None:
    on_path = str(program.parent)

    assert command({**UV, "PATH": on_path}, str(program), "/course/.venv") == "uv run grade"
    assert command({"UV_RUN_RECURSION_DEPTH": "1", "PATH": on_path}, str(program), "/x") == "uv run grade"
    assert command({**UV, "PATH": on_path}, str(program), "/another") == "grade", "a shell that uv has started"


def test_without_uv_it_is_the_name_where_the_shell_finds_it_and_else_the_path(program: Path, tmp_path: Path) -> None:
    link = tmp_path / "bin" / "grade"
    link.parent.mkdir()
    link.symlink_to(program)

    assert command({"PATH": str(program.parent)}, str(program), "") == "grade"
    assert command({"PATH": str(link.parent)}, str(program), "") == "grade"
    assert command({"PATH": "/nowhere"}, ".venv/bin/grade", "") == ".venv/bin/grade"
    assert command({"PATH": "/nowhere"}, "/a b/grade", "") == "grade", "a path that a shell would take for two"
    assert command({}, "/usr/bin/pytest", "") == "grade"
    assert command({"UV": "/usr/bin/uv"}, "/cache/bin/training-loop-workbook", "/cache") == "uv run grade", "uvx"


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Next: grade 1.4 run_descent", "Next: uv run grade 1.4 run_descent"),
        ("Run `grade undo 1.4` again.", "Run `uv run grade undo 1.4` again."),
        ("grade --all, grade m1_4_loss, grade DIR", "uv run grade --all, uv run grade m1_4_loss, uv run grade DIR"),
        ("uv run grade 1.4", "uv run grade 1.4"),
        ("First: grade week2 dot; week2 is a grade", "First: uv run grade week2 dot; week2 is a grade"),
        ("grade: the first grade of it; grade again, save it to grade it", None),
        ("upgrade list, .venv/bin/grade list", None),
    ],
)
def test_every_command_in_a_text_is_the_one_to_type_and_nothing_else_is(text: str, typed: str | None) -> None:
    once = as_typed(text, "uv run grade", ["week2"])

    assert once == (text if typed is None else typed)
    assert as_typed(once, "uv run grade", ["week2"]) == once
    assert as_typed(text, NAME) == text


def test_all_commands_are_known() -> None:
    assert {"help", *cli.COMMANDS} - {""} == set(WORDS)


def test_nothing_but_the_command_line_and_the_session_prints() -> None:
    """So all commands that are shown go through `as_typed`."""
    printing = {
        path.relative_to(ROOT).as_posix()
        for folder in ("commands", "reports", "progress", "course", "feedback")
        for path in (ROOT / "grader" / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"print", "sys.stdout.write", "sys.stderr.write"}
    }

    assert printing == {"grader/commands/repl.py"}


@pytest.mark.parametrize(
    "words", [["list"], ["next"], ["hint", "1.1"], ["why", "1.1"], ["wtach"], ["undo"], ["--help"]]
)
def test_every_output_shows_the_command_that_works(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lesson(tmp_path, "m1_1_scaling")  # a folder of its own: which hint is the next one is noted in it
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    monkeypatch.setattr(sys, "argv", ["grade", *words])
    monkeypatch.setattr("os._exit", sys.exit)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit):
        cli.main()

    said = "".join(capsys.readouterr())
    mentioned = as_typed(said, "@").count("@")
    assert mentioned == 0
    assert "uv run grade" in said


def test_a_command_stays_on_one_line() -> None:
    style = Style(width=60, command="uv run grade")

    assert style.wrapped(["A hint may be enough to go on with your work: grade hint 1.4 compute_grid"]) == [
        "A hint may be enough to go on with your work:",
        "uv run grade hint 1.4 compute_grid",
    ]


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_no_line_is_broken_inside_a_word(width: int) -> None:
    call = "      compute_grid(x=torch.tensor([" + "1.25, " * 30 + "]))"
    row = "  grade sync [1.4 ...]        update what derives from a solution: stub, README, figures, list, and more"
    text = f"short\n{call}\n{row}\n\x1b[1m{'bold ' * 7}\x1b[0m\n"

    lines = fit(text, width).split("\n")

    assert max(len(line) for line in lines if "\x1b" not in line) <= width
    assert fit(text, width).split() == text.split()
    assert lines[0] == "short"
    assert any(line.startswith(" " * 10 + "1.25") for line in lines) or width == 140


def test_a_column_that_begins_too_far_right_gets_lines_of_its_own() -> None:
    row = "  grade new 1.7 momentum --exercise run_momentum      a sample lesson to replace, which passes the audit"

    assert fit(row, 60).split("\n") == [
        "  grade new 1.7 momentum --exercise run_momentum",
        "      a sample lesson to replace, which passes the audit",
    ]
