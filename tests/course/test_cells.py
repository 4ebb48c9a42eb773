"""A cell of a notebook goes into the exercise file: what of it, where, and nothing of the file is lost."""

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.course.cells import definitions_in, merge
from grader.errors import UsageError

FILE = '''"""Exercises."""

import torch
from torch import Tensor


def grid(x: Tensor) -> Tensor:
    """Return a grid."""
    raise NotImplementedError("TODO: grid")


# Walks downhill.
def walk(start: float) -> float:
    """Return where a walk ends."""
    return start  # mine


if __name__ == "__main__":
    print(grid(torch.ones(1)))
'''
NAMES = ("grid", "walk")
WALK = "def walk(start):\n    return start + 1\n"


def merged(cell: str, file: str = FILE) -> str:
    return merge(file, cell, NAMES, "exercises/m9_1_x.py").text


def complaint(cell: str, file: str = FILE) -> str:
    with pytest.raises(UsageError) as caught:
        merge(file, cell, NAMES, "exercises/m9_1_x.py")
    return str(caught.value)


def test_a_function_replaces_the_one_of_the_same_name_and_nothing_else_changes() -> None:
    text = merged(WALK)
    before, after = FILE.split("def walk", maxsplit=1)[0], FILE[FILE.index("\n\n\nif __name__") :]
    assert text == f"{before}{WALK.rstrip()}{after}"


def test_the_same_cell_a_second_time_changes_nothing() -> None:
    cell = "import numpy as np\n\nRATE = 0.1\n\ndef _half(x):\n    return np.asarray(x) * RATE\n\ndef walk(start):\n    return _half(start)\n"  # noqa: E501
    once = merged(cell)
    assert merged(cell, once) == once
    assert merged(cell.replace("0.1", "0.2"), once) == once.replace("0.1", "0.2")


def test_helpers_and_constants_come_before_the_function_that_uses_them() -> None:
    cell = "RATE = 0.1\n\ndef _half(x):\n    return x * RATE\n\ndef walk(start):\n    return _half(start)\n"
    text = merged(cell)
    names = list(definitions_in(text))
    assert names == ["grid", "_half", "walk"]
    assert text.index("RATE = 0.1") < text.index("def _half")
    # A comment stays with the function below it.
    assert "# Walks downhill.\ndef walk" in text
    assert text.rstrip().endswith("print(grid(torch.ones(1)))")


def test_what_only_tries_the_functions_out_stays_in_the_notebook() -> None:
    cell = f"import matplotlib.pyplot as plt\nx = torch.ones(3)\n{WALK}\nplt.plot(x)\nresult = walk(1.0)\nwalk(2.0)\n"
    text = merged(cell)
    assert "plt" not in text
    assert "result" not in text
    assert "ones(3)" not in text


def test_imports_join_the_others_once() -> None:
    cell = "from __future__ import annotations\nimport math\nimport torch, os\ndef walk(start):\n    return math.tau + torch.pi\n"  # noqa: E501
    lines = merged(cell).split("\n")
    assert lines[:6] == ['"""Exercises."""', "", "from __future__ import annotations", "", "import torch", "from torch import Tensor"]  # fmt: skip  # noqa: E501
    assert lines[6] == "import math"
    assert "import os" not in lines
    assert merged("from math import *\ndef walk(start):\n    return tau\n").count("from math import *") == 1


def test_names_that_only_the_notebook_knows_are_told() -> None:
    found = merge(FILE, "def walk(start):\n    return torch.tensor(helper(start, other)) + len([])\n", NAMES, "x.py")
    assert found.unknown == ("helper", "other")
    assert found.written == ("walk",)


def test_a_class_and_an_assigned_function_are_definitions_too() -> None:
    assert "class walk:\n    x = 1" in merged("class walk:\n    x = 1\n")
    text = merged("walk = lambda start: start\n")
    assert definitions_in(text).keys() == {"grid", "walk"} or "walk = lambda start: start" in text


def test_the_last_definition_of_a_cell_counts_and_the_last_of_a_file_is_replaced() -> None:
    text = merged("def walk(start):\n    return 1\n\ndef walk(start):\n    return 2\n", f"{FILE}\n\n{WALK}")
    assert text.count("def walk") == 1
    assert "return 2" in text


def test_an_exercise_that_the_file_lacks_comes_before_the_main_block() -> None:
    text = merged(WALK, 'import torch\n\n\nif __name__ == "__main__":\n    pass\n')
    assert text == f'import torch\n\n\n{WALK}\n\nif __name__ == "__main__":\n    pass\n'
    assert merged(WALK, "x = 1") == f"x = 1\n\n\n{WALK.rstrip()}"
    assert "def walk" in merged(WALK, "")


def test_a_constant_that_the_file_sets_otherwise_is_set_after_it() -> None:
    text = merged("a = 3\ndef walk(start):\n    return a\n", FILE.replace("# Walks", "a, b = 1, 2\n\n\n# Walks"))
    space: dict[str, object] = {}
    exec(text.partition("if __name__")[0], space)
    assert space["a"] == 3


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("!ls\n" + WALK, "Line 1 is a notebook command"),
        ("\n%matplotlib inline\n" + WALK, "Line 2 is a notebook command"),
        ("%%time\n" + WALK, "Line 1 is a notebook command"),
        ("files = !ls\n" + WALK, "Line 1 is a notebook command"),
        ("walk?\n" + WALK, "Line 1 is a notebook help command"),
        ("def walk(start:\n    return 1\n", "Line 1"),
        ("# Walking\n\nA walk goes *downhill*.\n", "Line 3"),
        ("x = '\ud800'\n", "surrogates not allowed"),
        ("x = 1\x00\n", "null byte"),
        ("", "defines no function of the lesson"),
        ("walk(3.0)\n", "It has: grid, walk"),
        ("if True:\n    def helper(): ...\n", "defines no function"),
        ("def wakl(start): ...\n", "Did you mean walk?"),
        ("def helper(): ...\n", "into the cell of the function that uses it"),
        ("async def walk(start): ...\n", "defines no function"),
    ],
)
def test_a_cell_that_does_not_fit_is_refused_with_the_reason(cell: str, said: str) -> None:
    assert said in complaint(cell)
    assert "othing was written" in complaint(cell)


def test_a_file_that_is_not_python_is_left_alone() -> None:
    assert "Exercises/m9_1_x.py cannot be read." in complaint(WALK, FILE.replace("return start", "return ("))


def test_statements_that_share_a_line_are_not_torn_apart() -> None:
    shared = FILE.replace("# Walks", "a = 1; b = 2\n\n\n# Walks")
    assert "Give each its own line" in complaint("a = 5\ndef walk(start):\n    return a\n", shared)
    text = merged("a = 5; b = 6\ndef walk(start):\n    return a\n")
    assert "a = 5" in text
    assert "b = 6" not in text


def test_line_ends_of_other_systems_are_read() -> None:
    assert merged(WALK.replace("\n", "\r\n"), FILE.replace("\n", "\r\n")) == merged(WALK)


PARTS = st.sampled_from(
    [
        "import math\n",
        "import torch as t, os\n",
        "from math import pi\n",
        "A = 1\n",
        "A += 1\n",
        "A, B = 1, 2\n",
        "for A in range(3):\n    B = A\n",
        "def _h(x):\n    return A + B + pi\n",
        "def walk(start):\n    # a remark\n    return _h(start)\n",
        "def grid(x):\n    return walk(x) + math.tau\n",
        "@staticmethod\ndef grid(x):\n    return 'äöü\\n'\n",
        "print(1)\n",
        "x = 1; y = 2\n",
        "# a comment\n",
        "\n\n",
        "if A: B = 2\n",
    ]
)


@given(st.lists(PARTS, max_size=8), st.lists(PARTS, max_size=8))
@example([], ["A, B = 1, 2\n", "for A in range(3):\n    B = A\n", "def walk(start):\n    return A + B\n"])
def test_any_cell_is_merged_or_refused_and_everything_else_of_the_file_stays(mine: list[str], new: list[str]) -> None:
    file, cell = "".join(mine), "".join(new)
    try:
        found = merge(file, cell, NAMES, "x.py")
    except UsageError:
        return
    after = definitions_in(found.text)
    wanted = definitions_in(cell)
    assert all(after[name] == text for name, text in wanted.items() if name in found.written)
    others = {name: text for name, text in definitions_in(file).items() if name not in found.written}
    assert others.items() <= after.items()
    ast.parse(found.text)
    assert merge(found.text, cell, NAMES, "x.py").text == found.text


@given(st.text())
def test_garbage_is_refused(cell: str) -> None:
    try:
        merge(FILE, cell, NAMES, "x.py")
    except UsageError as error:
        assert "othing was written" in str(error)  # noqa: PT017  most texts are refused, and some may not be
