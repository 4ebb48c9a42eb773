"""Mutants: which are made, which are the same as none, and what survivors.md says of them."""

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.audit.mutants import make_mutants, read_survivors, sample, used_by
from tests.conftest import ROOT
from tests.small_lesson import write_lesson

if TYPE_CHECKING:
    from grader.audit.finding import Finding

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


def test_a_changed_sign_of_nothing_is_no_mutant() -> None:
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


def test_a_private_function_that_nobody_uses_has_no_mutants() -> None:
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


SURVIVORS = """\
# Survivors

Text before any section is nobody's reason.

## scale

- `return x * factor` becomes `return factor * x`
- `return x * factor` becomes `return +x * factor`
  Both are the same number.
  It is so by the laws of arithmetic.
- `return x * factor` becomes `return x * factor * 1`

  One is neutral.

## other

- `a` becomes `b`
"""


def test_survivors_are_read_with_their_reasons(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    (lesson.folder / "survivors.md").write_text(SURVIVORS, encoding="utf-8")
    found: list[Finding] = []
    survivors = read_survivors(lesson, found)
    reasons = {key[2]: survivor.reason for key, survivor in survivors.items()}

    assert reasons == {
        "return factor * x": "Both are the same number. It is so by the laws of arithmetic.",
        "return +x * factor": "Both are the same number. It is so by the laws of arithmetic.",
        "return x * factor * 1": "One is neutral.",
        "b": "",
    }
    assert [each.line for each in found] == [17]
    assert "has no reason" in found[0].text


def test_a_line_that_is_no_entry_is_found(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    (lesson.folder / "survivors.md").write_text("## scale\n- `a` -> `b`\n", encoding="utf-8")
    found: list[Finding] = []

    assert read_survivors(lesson, found) == {}
    assert [str(each) for each in found] == [
        "lessons/m9_1_scaling/survivors.md:2: an entry reads: - `before` becomes `after`"
    ]
