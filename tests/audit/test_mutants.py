"""Mutants: which are made, which are the same as none, and how those that survive are explained."""

import ast
from pathlib import Path
from typing import cast

import pytest

from grader.audit.finding import Proof
from grader.audit.mutants import make_mutants, prove, sample, used_by
from grader.audit.proving import Thoroughness
from grader.course.exercise_text import parse_exercise_text
from grader.course.model import Lesson, read_course
from grader.errors import CourseError
from grader.pool.pool import Outcome
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Status
from tests.conftest import ROOT
from tests.small_lesson import write_lesson

HEAD = "import torch\nimport matplotlib.pyplot as plt\n\n\n"


def after(body: str, arguments: str = "x: Tensor, y: Tensor, lr: float", name: str = "f") -> set[str]:
    """Return what the lines of a body become."""
    source = f'{HEAD}def {name}({arguments}) -> Tensor:\n    """Return."""\n' + "".join(
        f"    {line}\n" for line in body.splitlines()
    )
    return {mutant.after for mutant in make_mutants(source, [name])}


@pytest.mark.parametrize(
    ("body", "mutant"),
    [
        ("return x.mean()", "return x.sum()"),
        ("return x.sum(dim=1)", "return x.sum(dim=0)"),
        ("return x.mean(dim=-1)", "return x.mean(dim=0)"),
        ("return x.detach()", "return x"),
        ("return x.clone()", "return x"),
        ("return x.T", "return x"),
        ("optimizer.zero_grad()\nreturn x", "pass"),
        ("x.grad = None\nreturn x", "pass"),
        ("x -= lr * y\nreturn x", "x += lr * y"),
        ("x -= lr * y\nreturn x", "x = x - (lr * y)"),
        ("x = x - lr * y\nreturn x", "x = x + lr * y"),
        ("x = x - lr * y\nreturn x", "x -= lr * y"),
        ("x = x - lr * y\nreturn x", "x = x - y"),
        ("with torch.no_grad():\n    x += y\nreturn x", "if True:"),
        ("a, b = x + y, y - x\nreturn a", "a, b = x + y, y + x"),
        ("x, y = x + y, y - x\nreturn x", "x = x + y; y = y - x"),
        ("x, y = x + y, y - x\nreturn x", "y = y - x; x = x + y"),
        ("return x[1:]", "return x[:]"),
        ("return x[1:]", "return x[2:]"),
        ("return x[1:]", "return x[0:]"),
        ("return x[:-1]", "return x[:]"),
        ("return x @ y", "return y @ x"),
        ("return x / lr", "return lr / x"),
        ("return x**2", "return x"),
        ("return x**2", "return x**3"),
        ("return 2 * x", "return x"),
        ("return x - y", "return x - x"),
        ("return torch.zeros(3, dtype=torch.float64)", "return torch.zeros(3, dtype=torch.int64)"),
        ("for k in range(3):\n    x = x + k\nreturn x", "for k in range((3 - 1)):"),
        ("for k in range(3):\n    x = x + k\nreturn x", "break"),
        ("if x:\n    return y\nreturn x", "if not (x):"),
        ("return y if x else x", "return y if not (x) else x"),
    ],
)
def test_the_mistakes_of_this_field_are_made(body: str, mutant: str) -> None:
    assert mutant in after(body)


@pytest.mark.parametrize(
    "body",
    [
        'plt.plot([1], color="red", linewidth=2)',
        'plt.plot([1], label="loss")',
    ],
)
def test_looks_are_left_alone(body: str) -> None:
    # What remains are changes of the call and of the numbers.
    assert not {text for text in after(body) if text.startswith("plt.plot([1]") and text != "plt.plot([1])"}


@pytest.mark.parametrize(
    "line",
    [
        'raise ValueError("too large")',
        'raise ValueError(f"x is {x}: not " + str(lr), lr + 1)',
        'raise ValueError(message="no " + str(lr)) from None',
        'assert lr, "no " + str(lr)',
    ],
)
def test_the_texts_of_errors_are_left_alone(line: str) -> None:
    changed = after(f"if lr > 1:\n    {line}\nreturn x")

    assert "if lr >= 1:" in changed
    assert not {text for text in changed if text.startswith(("raise", "assert"))}


def test_a_changed_sign_of_zero_makes_no_mutant() -> None:
    changed = after("return x.sum(dim=-1)")

    assert "return x.sum(dim=0)" in changed
    assert "return x.sum(dim=-0)" not in changed


def test_signatures_types_and_docstrings_are_left_alone() -> None:
    source = '''
def f(x: int = 3) -> "int":
    """Return 3 + 3."""
    y: int = x
    return y
'''
    for mutant in make_mutants(source, ["f"]):
        lines = mutant.source.splitlines()
        assert lines[:3] == source.splitlines()[:3]
        assert "y: int" in mutant.source


def test_every_mutant_is_python_and_another_program() -> None:
    source = (ROOT / "solutions" / "m1_4_loss_landscape.py").read_text(encoding="utf-8")
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    mutants = make_mutants(source, names)
    dumps = [ast.dump(ast.parse(mutant.source)) for mutant in mutants]

    assert len(set(dumps)) == len(dumps)
    assert ast.dump(ast.parse(source)) not in dumps
    for mutant in mutants:
        assert mutant.exercises == (mutant.function,)
        assert mutant.before != mutant.after
        # The rest of the file is what it was.
        assert mutant.source.partition("def ")[0] == source.partition("def ")[0]


def test_a_private_function_is_looked_at_through_those_that_use_it() -> None:
    bodies = {"a": "_h()", "b": "a()", "_h": "_g()", "_g": "1"}
    source = "".join(f"def {name}():\n    return {body}\n" for name, body in bodies.items())

    assert used_by(source, ["a", "b"]) == {"a": ("a",), "_h": ("a",), "_g": ("a",), "b": ("b",)}
    assert {mutant.function for mutant in make_mutants(source, ["a", "b"])} >= {"_g"}


def test_an_unused_private_function_has_no_mutants() -> None:
    source = "def a():\n    return 1\n\ndef _idle():\n    return 1\n"

    assert {mutant.function for mutant in make_mutants(source, ["a"])} == {"a"}


def test_methods_of_a_class_are_mutated() -> None:
    source = "class Line:\n    def at(self, x: float) -> float:\n        return 2 * x\n"

    assert "return 3 * x" in {mutant.after for mutant in make_mutants(source, ["Line"])}


def test_a_sample_is_spread_evenly_and_the_same_every_time() -> None:
    mutants = make_mutants("def f(x):\n    return [" + ", ".join(f"x + {n}" for n in range(40)) + "]\n", ["f"])
    chosen = sample(mutants, 5)

    assert chosen == sample(mutants, 5)
    assert len(chosen) == 5
    assert sample(mutants, 10_000) == mutants


# ---- Explained survivors ---------------------------------------------------------------------------------------------

END = "You do not use the factor at all.\n"
SURVIVORS = """\
- `return x * factor` becomes `return factor * x`
- `return x * factor` becomes `return +x * factor`
  Both are the same number.
  It is so by the laws of arithmetic.
- `return x * factor` becomes `return x * factor * 1`

  One is neutral.
"""
HOW = Thoroughness(seeds=1, repeats=2, mutants=10_000)


def lesson_with(root: Path, survivors: str, **changes: tuple[str, str]) -> Lesson:
    """Write a lesson whose survivors begin in line 34 of its text."""
    return write_lesson(root, text=(END, f"{END}\n## Survivors\n\n{survivors}"), **changes)


def proof_of(lesson: Lesson, *alive: str) -> Proof:
    """Return what is proved where the mutants whose changed line is one of these pass all checks."""
    names = [each.name for each in lesson.exercises]
    mutants = make_mutants(lesson.solution.read_text(), names)
    proving = prove(lesson, HOW)
    outcomes = []
    for mutant, job in zip(mutants, next(proving), strict=True):
        passes = f"{mutant.function}: {mutant.after}" in alive
        status = Status.PASSED if passes else Status.WRONG
        checks = (CheckVerdict("test_a", "It holds.", status),)
        exercises = tuple(ExerciseVerdict(name, bonus=False, checks=checks) for name in mutant.exercises)
        outcomes.append(Outcome(job, LessonVerdict(lesson.id, lesson.name, lesson.title, exercises)))
    with pytest.raises(StopIteration) as end:
        proving.send(outcomes)
    (proof,) = end.value.value
    return cast("Proof", proof)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson of few mutants may explain most of them."""
    monkeypatch.setattr("grader.audit.mutants.ENOUGH", 0.0)


def test_too_few_mutants_that_are_caught_are_found(tmp_path: Path) -> None:
    found = proof_of(lesson_with(tmp_path, DIVIDED), "scale: return x / factor").findings

    assert [str(each) for each in found] == [
        "solutions/m9_1_scaling.py:1: 66.7 % of the mutants are caught, expected at least 95 %."
    ]


def test_survivors_are_read_with_their_reasons(tmp_path: Path) -> None:
    lesson = lesson_with(tmp_path, SURVIVORS)

    assert {each.new: each.reason for each in lesson.texts["scale"].survivors} == {
        "return factor * x": "Both are the same number. It is so by the laws of arithmetic.",
        "return +x * factor": "Both are the same number. It is so by the laws of arithmetic.",
        "return x * factor * 1": "One is neutral.",
    }


def test_a_survivor_without_a_reason_is_an_error_with_its_line(tmp_path: Path) -> None:
    lesson = lesson_with(
        tmp_path,
        f"{SURVIVORS.partition('- `return x * factor` becomes `return x * factor * 1`')[0]}- `a` becomes `b`\n",
    )

    with pytest.raises(
        CourseError, match=r"^lessons/m9_1_scaling/scale\.md:38: explain below why no check can tell `a` from `b`\."
    ):
        proof_of(lesson)


def test_a_line_that_is_not_an_entry_is_an_error_with_its_line(tmp_path: Path) -> None:
    lesson = lesson_with(tmp_path, "- `a` -> `b`\n")

    with pytest.raises(
        CourseError, match=r"^lessons/m9_1_scaling/scale\.md:34: not an edit: write - `old code` becomes"
    ):
        proof_of(lesson)


DIVIDED = "- `return x * factor` becomes `return x / factor`\n  A reason.\n"


@pytest.mark.usefixtures("_small")
def test_a_mutant_that_survives_is_found_with_the_entry_to_write(tmp_path: Path) -> None:
    (found,) = proof_of(write_lesson(tmp_path), "scale: return x / factor").findings

    assert (found.file, found.line) == ("solutions/m9_1_scaling.py", 15)
    assert found.text == (
        "this change passes every check of scale. Add a check for it, or explain it in scale.md under `## Survivors`:\n"
        + DIVIDED.partition("\n")[0]
    )


@pytest.mark.parametrize("lesson", read_course(ROOT).lessons, ids=lambda lesson: lesson.id)
def test_every_mutant_of_this_course_is_read_back_from_the_entry_to_write(lesson: Lesson) -> None:
    mutants = make_mutants(lesson.solution.read_text(), [each.name for each in lesson.exercises])
    hints = "## Hints\n\n1. A?\n2. B.\n3. `c`\n\n## Known mistakes\n\n### a\n\n- `b` becomes `c`\n\nD.\n\n"
    for mutant in mutants:
        entry = f"- `{mutant.before}` becomes `{mutant.after}`\n  A reason.\n"
        (edit,) = parse_exercise_text(f"{hints}## Survivors\n\n{entry}", "a", "a.md").survivors
        assert (edit.old, edit.new) == (mutant.before, mutant.after)


@pytest.mark.usefixtures("_small")
def test_a_mutant_that_is_explained_is_a_fact_with_its_reason(tmp_path: Path) -> None:
    proof = proof_of(lesson_with(tmp_path, DIVIDED), "scale: return x / factor")

    assert proof.findings == ()
    assert "explained: scale: `return x * factor` -> `return x / factor`: A reason." in proof.facts
    assert [each["reason"] for each in proof.data["explained"]] == ["A reason."]


def test_an_entry_that_a_check_catches_is_found(tmp_path: Path) -> None:
    (found,) = proof_of(lesson_with(tmp_path, DIVIDED)).findings

    assert str(found) == "lessons/m9_1_scaling/scale.md:34: a check catches this mutant. Remove the entry."


def test_an_entry_of_another_line_is_found(tmp_path: Path) -> None:
    (found,) = proof_of(lesson_with(tmp_path, DIVIDED.replace("return x", "return y"))).findings

    assert str(found).startswith("lessons/m9_1_scaling/scale.md:34: the solution has no such mutant (any more).")


HELPED = (
    "    return x * factor\n",
    "    return _times(x, factor)\n\n\ndef _times(x: Tensor, factor: float) -> Tensor:\n    return x * factor\n",
)
"""The line that the mistakes quote is in a private function."""


@pytest.mark.usefixtures("_small")
def test_a_mutant_of_a_private_function_is_explained_where_its_exercise_is(tmp_path: Path) -> None:
    proof = proof_of(lesson_with(tmp_path, DIVIDED, solution=HELPED), "_times: return x / factor")

    assert proof.findings == ()
    assert "explained: _times: `return x * factor` -> `return x / factor`: A reason." in proof.facts


@pytest.mark.usefixtures("_small")
def test_the_entry_of_a_line_that_stands_twice_stays_while_one_of_them_needs_it(tmp_path: Path) -> None:
    """Otherwise the audit would ask for the entry with it, and for its removal without it."""
    twice = (
        "    return x * factor\n",
        HELPED[1] + "\n\ndef _again(x: Tensor, factor: float) -> Tensor:\n    return x * factor\n",
    )
    solution = (twice[0], twice[1].replace("return _times(x, factor)", "return _times(_again(x, 1.0), factor)"))
    lesson = lesson_with(tmp_path, DIVIDED, solution=solution)
    text = lesson.text("scale")
    text.write_text(text.read_text().replace("- `x * factor` becomes", "- `_times(_again(x, 1.0), factor)` becomes"))

    assert [str(each) for each in proof_of(lesson, "_times: return x / factor").findings] == []
