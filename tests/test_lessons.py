"""Every lesson as its readers meet it: sections, code that runs, pictures, stub, solutions and hints."""

import ast
import contextlib
import doctest
import io
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.course import Lesson, read_course
from grader.stub import derive_stub

ROOT = Path(__file__).parent.parent
LESSONS = read_course(ROOT).lessons
SECTIONS = [
    "Introduction",
    "ELI5",
    "Mathematical foundations",
    "In-depth explanation",
    "Demonstration",
    "Exercises",
    "Questions readers ask",
    "Summary",
    "Key takeaways",
    "Solutions",
]
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


@dataclass(frozen=True)
class Block:
    """A fenced block of a README."""

    language: str
    text: str
    line: int


def blocks(readme: str) -> list[Block]:
    """Return the fenced blocks in order."""
    pattern = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [Block(match[1], match[2], readme.count("\n", 0, match.start()) + 2) for match in pattern.finditer(readme)]


def prose(readme: str) -> str:
    """Return the README without code and formulas."""
    text = re.sub(r"^```.*?^```$", "", readme, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
    return re.sub(r"`[^`]*`|\$[^$\n]*\$", "", text)


def read(lesson: Lesson) -> str:
    """Return the README of a lesson."""
    return (lesson.folder / "README.md").read_text(encoding="utf-8")


@each_lesson
def test_the_readme_has_its_sections_in_order(lesson: Lesson) -> None:
    headings = re.findall(r"^## (.*)$", read(lesson), re.MULTILINE)
    optional = [section for section in SECTIONS if section != "Questions readers ask"]

    assert headings in (SECTIONS, optional)
    assert read(lesson).startswith(f"# {lesson.id} ")


@each_lesson
def test_the_readme_is_markdown_without_html(lesson: Lesson) -> None:
    assert not re.search(r"</?[a-zA-Z][^>]*>", prose(read(lesson)))


@each_lesson
def test_the_formulas_are_balanced(lesson: Lesson) -> None:
    text = re.sub(r"^```.*?^```$", "", read(lesson), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    outside_blocks = re.sub(r"^\$\$\n.*?\n\$\$$", "", text, flags=re.MULTILINE | re.DOTALL)

    assert "$$" not in outside_blocks
    for line in outside_blocks.splitlines():
        assert line.count("$") % 2 == 0, line


@each_lesson
def test_every_link_leads_somewhere(lesson: Lesson) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose(read(lesson))):
        assert "://" in target or (lesson.folder / target).exists(), target


@each_lesson
def test_every_picture_has_a_text_and_every_figure_is_shown(lesson: Lesson) -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(figures/([^)]+)\)", read(lesson))

    assert all(len(text) > 40 for text, _ in shown)
    assert sorted(name for _, name in shown) == sorted(path.name for path in (lesson.folder / "figures").iterdir())


@each_lesson
def test_the_code_of_the_readme_runs_and_prints_what_it_says(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / lesson.name
    (folder / "figures").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    found = blocks(read(lesson))
    namespace: dict[str, object] = {"__name__": "__main__"}
    conversations: list[tuple[int, list[doctest.Example]]] = []
    for block, following in zip(found, [*found[1:], Block("", "", 0)], strict=True):
        if block.language == "python":
            printed = io.StringIO()
            # The same line numbers as in the file, for whoever reads a failure.
            code = compile("\n" * (block.line - 1) + block.text, str(lesson.folder / "README.md"), "exec")
            with contextlib.redirect_stdout(printed):
                exec(code, namespace)
            wanted = following.text if following.language == "text" else ""
            assert printed.getvalue() == wanted or not printed.getvalue(), f"line {block.line}"
        elif block.language == "pycon":
            examples = doctest.DocTestParser().get_examples(block.text)
            conversations.append((block.line, examples))
    runner = doctest.DocTestRunner()
    for line, examples in conversations:
        runner.run(doctest.DocTest(examples, dict(namespace), "README", None, line, None))

    assert runner.summarize(verbose=False).failed == 0
    drawn = {path.name for path in (folder / "figures").iterdir()}
    assert drawn == {path.name for path in (lesson.folder / "figures").iterdir()}, (
        "the figures are drawn by these blocks"
    )


@each_lesson
def test_every_python_block_has_type_hints(lesson: Lesson) -> None:
    for block in blocks(read(lesson)):
        if block.language == "python":
            for node in ast.walk(ast.parse(block.text)):
                if isinstance(node, ast.FunctionDef):
                    assert node.returns is not None, f"line {block.line}: {node.name}"
                    assert all(argument.annotation for argument in node.args.args), f"line {block.line}: {node.name}"


@each_lesson
def test_the_solutions_section_is_the_solution(lesson: Lesson) -> None:
    source = lesson.solution.read_text(encoding="utf-8")
    functions = {
        node.name: ast.get_source_segment(source, node)
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")
    }
    section = read(lesson).partition("\n## Solutions\n")[2]

    assert dict(re.findall(r"^### (\w+)\n\n```python\n(.*?)\n```$", section, re.MULTILINE | re.DOTALL)) == functions


@each_lesson
def test_the_exercises_name_what_is_to_be_written(lesson: Lesson) -> None:
    section = read(lesson).partition("\n## Exercises\n")[2].partition("\n## ")[0]

    assert 1 <= len(re.findall(r"^### ", section, re.MULTILINE)) <= 4
    for exercise in lesson.exercises:
        assert f"grade {lesson.id} {exercise.name}" in section
        assert f"{exercise.name}(" in section, "an example call"


@each_lesson
def test_the_stub_is_derived_from_the_solution(lesson: Lesson) -> None:
    stub = ROOT / "exercises" / f"{lesson.name}.py"

    assert stub.read_text(encoding="utf-8") == derive_stub(lesson.solution.read_text(encoding="utf-8"))


@each_lesson
def test_the_examples_of_the_solution_hold(lesson: Lesson) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "doctest", str(lesson.solution)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )

    assert run.returncode == 0, run.stdout


@each_lesson
def test_the_file_itself_draws_the_picture_of_the_student(lesson: Lesson, tmp_path: Path) -> None:
    environment = {**os.environ, "MPLBACKEND": "Agg"}
    for folder, status in (("solutions", 0), ("exercises", 1)):
        path = shutil.copy(ROOT / folder / f"{lesson.name}.py", tmp_path)
        run = subprocess.run(
            [sys.executable, path], cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
        )

        assert run.returncode == status, run.stderr
        assert "Traceback" not in run.stderr
    assert list(tmp_path.glob("my_*.png"))


@each_lesson
def test_every_exercise_has_three_hints(lesson: Lesson) -> None:
    hints = (lesson.folder / "hints.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\w+)$", hints, flags=re.MULTILINE)[1:]

    assert parts[::2] == [exercise.name for exercise in lesson.exercises]
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        steps = re.split(r"^(\d)\. ", text, flags=re.MULTILINE)[1:]
        assert steps[::2] == ["1", "2", "3"], name
        assert steps[1].rstrip().endswith("?"), f"the first hint of {name} is a question"
        assert "`" in steps[5], f"the last hint of {name} is code"


@each_lesson
def test_every_exercise_has_three_mistakes_and_two_properties(lesson: Lesson) -> None:
    for exercise in lesson.exercises:
        assert sum(mistake.exercise == exercise.name for mistake in lesson.mistakes) >= 3
        assert sum(check.exercise == exercise.name for check in lesson.checks) >= 3
