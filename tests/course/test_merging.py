"""A student's file and new starter code: what the student wrote is there afterwards, whatever was edited."""

import ast
import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.merging import merge, parts_of
from grader.course.model import Course
from grader.course.stub import derive_stub

SOLUTION = '''"""Lesson 9.3: Three."""

import math

import torch
from torch import Tensor

LIMIT = 10


def double(x: Tensor) -> Tensor:
    """Return twice x."""
    return 2 * x


def _half(x: Tensor) -> Tensor:
    return x / 2


@torch.no_grad()
def add(a: Tensor, b: Tensor) -> Tensor:
    """Return the sum."""
    return a + b


class Counter:
    """Counts."""

    def __init__(self, start: int) -> None:
        """Begin with a number."""
        self.count = start

    def step(self) -> int:
        """Add one."""
        self.count += 1
        return self.count


def quiz() -> dict[str, str]:
    """Return your answers."""
    return {"q1": "a"}


if __name__ == "__main__":
    print(double(torch.tensor(1.0)))
'''
CHANGED = {
    "nothing": SOLUTION,
    "docstring": SOLUTION.replace("Return the sum.", "Return the sum of a and b."),
    "parameter": SOLUTION.replace("double(x: Tensor)", "double(value: Tensor)").replace("2 * x", "2 * value"),
    "removed": SOLUTION.replace(SOLUTION[SOLUTION.index("def quiz") : SOLUTION.index("if __name__")], ""),
    "added": SOLUTION.replace(
        "class Counter", 'def extra() -> float:\n    """Return pi."""\n    return math.pi\n\n\nclass Counter'
    ),
    "added last": SOLUTION.replace(
        "if __name__", 'def last() -> int:\n    """Return 1."""\n    return 1\n\n\nif __name__'
    ),
    "method": SOLUTION.replace(
        "    def step(", '    def reset(self) -> None:\n        """Go to 0."""\n        self.count = 0\n\n    def step('
    ),
    "import": SOLUTION.replace("import math\n", "import math\nimport random\n").replace(
        "from torch import Tensor", "from torch import Tensor, nn"
    ),
    "helper": SOLUTION.replace("return x / 2", "return 0.5 * x"),
    "constant": SOLUTION.replace("LIMIT = 10", "LIMIT = 20\nSTEPS = 3"),
    "main": SOLUTION.replace("torch.tensor(1.0)", "torch.tensor(2.0)"),
    "no main": SOLUTION[: SOLUTION.index("if __name__")].rstrip() + "\n",
    "order": SOLUTION.replace("def double", "def swapped")
    .replace("def add", "def double")
    .replace("def swapped", "def add"),
    "other": 'import os\n\n\ndef new() -> str:\n    """Return the folder."""\n    return os.getcwd()\n',
}
BASE = derive_stub(SOLUTION)
STUBS = {name: derive_stub(text) for name, text in CHANGED.items()}


def written(stub: str, name: str, body: str = "return 1  # mine") -> str:
    """Return a file in which one function is written."""
    todo = f'raise NotImplementedError("TODO: {name}")'
    assert todo in stub
    return stub.replace(todo, body.replace("\n    ", "\n        ") if "." in name else body)


@pytest.mark.parametrize("change", STUBS)
def test_an_untouched_file_becomes_the_new_starter_code(change: str) -> None:
    assert merge(BASE.encode(), BASE, STUBS[change]).content == STUBS[change].encode()


@pytest.mark.parametrize("change", STUBS)
def test_an_untouched_file_with_other_line_ends_and_a_mark_keeps_them(change: str) -> None:
    def other(text: str) -> bytes:
        return codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode()

    assert merge(other(BASE), BASE, STUBS[change]).content == other(STUBS[change])


def test_one_written_function_stays_and_the_others_change() -> None:
    mine = written(BASE, "double")

    merged = merge(mine.encode(), BASE, STUBS["docstring"])

    assert merged.content.decode() == written(STUBS["docstring"], "double")
    assert merged.replaced == ("add",)
    assert merged.kept == ()


def test_a_written_function_that_has_changed_stays_as_it_is() -> None:
    mine = written(BASE, "add")

    merged = merge(mine.encode(), BASE, STUBS["docstring"])

    assert merged.content == mine.encode()
    assert merged.kept == ("add",)


@pytest.mark.parametrize("change", ["added", "added last"])
def test_a_new_exercise_is_added_where_the_starter_code_has_it(change: str) -> None:
    mine = written(BASE, "double")

    merged = merge(mine.encode(), BASE, STUBS[change])

    assert merged.content.decode() == written(STUBS[change], "double")
    assert merged.added == (change.rsplit(maxsplit=1)[-1].replace("added", "extra"),)


def test_an_untouched_exercise_that_is_gone_is_removed_and_a_written_one_stays() -> None:
    untouched, mine = written(BASE, "double"), written(BASE, "quiz")

    assert merge(untouched.encode(), BASE, STUBS["removed"]).removed == ("quiz",)
    assert b"def quiz" not in merge(untouched.encode(), BASE, STUBS["removed"]).content
    assert merge(mine.encode(), BASE, STUBS["removed"]).left == ("quiz",)
    assert merge(mine.encode(), BASE, STUBS["removed"]).content == mine.encode()


def test_new_imports_are_added_once() -> None:
    mine = written(BASE, "double").replace("import math\n", "import math\nimport random\n")

    content = merge(mine.encode(), BASE, STUBS["import"]).content.decode()

    assert content.count("import random") == 1
    assert content.count("from torch import nn") == 1


def test_a_class_of_which_one_method_is_written_stays() -> None:
    mine = written(BASE, "Counter.step")

    merged = merge(mine.encode(), BASE, STUBS["method"])

    assert merged.kept == ("Counter",)
    assert merged.content == mine.encode()


def test_a_name_of_the_students_own_that_a_new_exercise_takes_stays() -> None:
    mine = BASE + "\n\ndef extra(x):\n    return x\n"

    merged = merge(mine.encode(), BASE, STUBS["added"])

    assert merged.taken == ("extra",)
    assert b"def extra(x):\n    return x\n" in merged.content


def test_of_two_functions_of_one_name_neither_is_touched() -> None:
    mine = BASE + "\n\ndef add(a, b):\n    return a\n"

    assert merge(mine.encode(), BASE, STUBS["docstring"]).content == mine.encode()


def test_a_deleted_exercise_does_not_come_back() -> None:
    mine = BASE.replace(parts_of(BASE)["quiz"].text, "")

    assert b"def quiz" not in merge(mine.encode(), BASE, STUBS["docstring"]).content


def test_mixed_line_ends_stay() -> None:
    mine = written(BASE, "double").replace("LIMIT = 10\n", "LIMIT = 10\r\n")

    content = merge(mine.encode(), BASE, STUBS["docstring"]).content

    assert content.count(b"\r\n") == 1
    assert b"LIMIT = 10\r\n" in content


@pytest.mark.parametrize(
    "mine",
    [b"def f(:\n", b"\xff\xfe", BASE.encode("utf-16"), b"x = 1\0", BASE.replace("\n", "\r").encode(), b"(" * 5000],
    ids=["syntax", "bytes", "utf-16", "null", "carriage returns", "deep"],
)
def test_what_is_not_python_is_refused(mine: bytes) -> None:
    with pytest.raises((SyntaxError, ValueError)):
        merge(mine, BASE, STUBS["docstring"])


def test_the_starter_code_of_the_course_can_be_read_in_parts(course: Course) -> None:
    for lesson in course.lessons:
        mine = f"{lesson.stub}\n\ndef my_own():\n    return 1\n"
        merged = merge(mine.encode(), lesson.stub, lesson.stub)

        assert merged.content == mine.encode()
        assert {exercise.name for exercise in lesson.exercises} <= set(parts_of(lesson.stub))


BODIES = (
    "return 1",
    "x = 1\n    return x  # mine",
    '"""Mine."""\n    return 2',
    "if True:\n        return 3\n    # a comment at the end",
    "return '''a\ntext over lines\n'''",
)
OWN = (
    "def helper(x):\n    return x + 1\n",
    "# A comment of mine\n",
    "import numpy as np\n",
    "VALUE = {\n    'a': 1,\n}\n",
    "class Mine:\n    pass\n",
    "x = 1; y = 2\n",
    "@property\ndef decorated(self): return 1\n",
    "try:\n    import math\nexcept ImportError:\n    pass\n",
    "text = '''\ndef double(x):\n    pass\n'''\n",
    "if 1:\n    def inner(): pass\n",
    "async def waits():\n    pass\n",
)
NAMES = ("double", "add", "Counter.__init__", "Counter.step", "quiz")


@st.composite
def edited(draw: st.DrawFn) -> str:
    """A file that a student has made of the starter code."""
    text = BASE
    for name in draw(st.sets(st.sampled_from(NAMES))):
        text = written(text, name, draw(st.sampled_from(BODIES)))
    for name in draw(st.sets(st.sampled_from(("quiz", "_half", "LIMIT =", "add")), max_size=2)):
        kept = parts_of(text)
        if name in kept:
            text = text.replace(kept[name].text + "\n", "")
    lines = text.split("\n")
    for own in draw(st.lists(st.sampled_from(OWN), max_size=4, unique=True)):
        starts = [part.first for part in parts_of("\n".join(lines)).values()] + [len(lines)]
        at = draw(st.sampled_from(starts))
        lines[at:at] = own.split("\n")
    return "\n".join(lines)


@settings(max_examples=150)
@given(edited(), st.sampled_from(sorted(STUBS)), st.booleans(), st.booleans())
def test_everything_that_a_student_wrote_is_there_afterwards(mine: str, change: str, crlf: bool, bom: bool) -> None:
    content = (codecs.BOM_UTF8 if bom else b"") + (mine.replace("\n", "\r\n") if crlf else mine).encode()
    try:
        ast.parse(mine)
    except SyntaxError:
        return

    merged = merge(content, BASE, STUBS[change])

    after = merged.content.removeprefix(codecs.BOM_UTF8).decode().replace("\r\n", "\n")
    tree, base, own = ast.parse(after), parts_of(BASE), parts_of(mine)
    assert tree is not None
    given_lines = {line for text in (BASE, STUBS[change]) for line in text.split("\n")}
    lost = [line for line in mine.split("\n") if line not in given_lines and line not in after.split("\n")]
    assert not lost
    for name, part in own.items():
        if name not in base or part.text != base[name].text:
            assert part.text in after
    assert merged.content.startswith(codecs.BOM_UTF8) == bom
    if crlf:
        assert merged.content.count(b"\n") - merged.content.count(b"\r\n") <= 1
    again = merge(merged.content, STUBS[change], STUBS[change])
    assert again.content == merged.content
    assert not again.kept
    assert not again.replaced


@settings(max_examples=150)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.sampled_from(sorted(STUBS)))
def test_garbage_is_refused_or_stays(garbage: bytes, change: str) -> None:
    try:
        merged = merge(garbage, BASE, STUBS[change])
    except (SyntaxError, ValueError):
        return
    lines = [line.strip() for line in garbage.removeprefix(codecs.BOM_UTF8).decode().split("\n")]
    assert all(line in merged.content.decode() for line in lines)
