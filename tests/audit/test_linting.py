"""What CI will say of a lesson's files is told by the audit, with file and line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.audit.finding import Proof
from grader.audit.linting import Linting
from grader.course.model import Lesson
from tests.small_lesson import write_lesson

SETTINGS = """
[tool.ruff]
line-length = 120

[tool.ruff.lint]
select = ["F", "D100"]

[tool.mypy]
strict = true
explicit_package_bases = true
follow_imports = "skip"
disable_error_code = ["import-not-found", "import-untyped", "misc", "untyped-decorator"]
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """A lesson in a course with settings of its own."""
    lesson = write_lesson(tmp_path)
    (lesson.root / "pyproject.toml").write_text(SETTINGS)
    return lesson


def proof_of(lesson: Lesson) -> Proof:
    with Linting(lesson.root, [lesson]) as tools:
        (proof,) = tools.proofs().values()
    return proof


def without(*tools: str) -> Callable[[str], object]:
    return lambda name: None if name in tools else object()


def test_a_clean_lesson_holds(lesson: Lesson) -> None:
    proof = proof_of(lesson)

    assert [str(finding) for finding in proof.findings] == []
    assert proof.facts == ()


def test_each_tool_names_file_and_line(lesson: Lesson) -> None:
    code = lesson.code("scale")
    code.write_text(code.read_text() + '\n\ndef more(x) -> int:\n    import os\n    return "text"\n')
    lesson.solution.write_text(lesson.solution.read_text().replace("return x * factor", "return x*factor"))
    last = code.read_text().count("\n")
    shown = lesson.shown(code)

    findings = [str(finding) for finding in proof_of(lesson).findings]

    assert f"{shown}:{last - 1}: ruff: `os` imported but unused (F401)" in findings
    assert any(each.startswith(f"{shown}:{last - 2}: mypy: Function is missing a type annotation") for each in findings)
    assert any(each.startswith(f"{shown}:{last}: mypy: Incompatible return value type") for each in findings)
    solution = lesson.shown(lesson.solution)
    assert f"{solution}:1: ruff would format this file another way. Run: ruff format {solution}" in findings


def test_a_syntax_error_is_told_once_by_each_tool(lesson: Lesson) -> None:
    lesson.code("scale").write_text("def f(:\n")

    found = [finding for finding in proof_of(lesson).findings if finding.file == lesson.shown(lesson.code("scale"))]

    assert found[0].text.startswith("ruff: ")
    assert any(finding.text.startswith("mypy: ") for finding in found)


def test_a_tool_that_is_not_installed_or_has_no_settings_is_a_note(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", without("ruff", "mypy"))
    assert proof_of(lesson).facts == (
        "ruff was not run: it is not installed here. CI will run it.",
        "mypy was not run: it is not installed here. CI will run it.",
    )

    for text in ("", "[tool]\nruff = 3\n", "tool = 3\n", "garbage [", "[project]\nname = 'x'\n"):
        (lesson.root / "pyproject.toml").write_text(text)
        proof = proof_of(lesson)
        assert proof.holds
        assert "mypy was not run: pyproject.toml has no [tool.mypy]." in proof.facts
    (lesson.root / "pyproject.toml").unlink()
    assert proof_of(lesson).holds


def test_settings_that_a_tool_refuses_are_a_finding(lesson: Lesson) -> None:
    (lesson.root / "pyproject.toml").write_text("[tool.ruff]\nline-length = 'wide'\n")

    findings = [str(finding) for finding in proof_of(lesson).findings]

    assert findings[0].startswith("pyproject.toml:1: ruff check failed (exit code 2): ")


def test_no_process_is_left_when_the_audit_is_interrupted(lesson: Lesson) -> None:
    tools = Linting(lesson.root, [lesson])
    with pytest.raises(KeyboardInterrupt), tools:
        raise KeyboardInterrupt
    assert all(started.process.returncode is not None for started in tools._started.values())
