"""What a file defines, where, and what a notebook has left in it."""

import ast
import textwrap

import pytest

from grader.course.parse import tree_of
from grader.course.stub import derive_stub
from grader.sandbox import outline
from tests.conftest import ROOT
from tests.small_lesson import SOLUTION


def read(text: str) -> outline.Outline:
    return outline.read(ast.parse(textwrap.dedent(text)))


def parsed(text: str) -> str:
    """Return a file as Python that has been read with what a notebook left in it."""
    return ast.unparse(outline.parse(textwrap.dedent(text).encode(), "f.py"))


PLACES = """
    def here():
        return 1

    class Net:
        def inside(self):
            return 1

    def outer():
        if True:
            def inside():
                return 1

    if __name__ == "__main__":
        def inside():
            return 1

    if "__main__" == __name__:
        for _ in range(3):
            def inside():
                return 1

    if False:
        def inside():
            return 1

    try:
        pass
    except ValueError:
        def inside():
            return 1

    match 1:
        case 2:
            async def inside():
                return 1
"""


def test_every_place_is_named() -> None:
    found = read(PLACES)

    assert [(each.line, each.where) for each in found.definitions["inside"]] == [
        (6, "class Net"),
        (11, "function outer"),
        (15, "if __name__"),
        (20, "if __name__"),
        (24, "if"),
        (30, "try"),
        (35, "match"),
    ]
    assert found.of_the_module("inside") == []
    assert len(found.elsewhere("inside")) == 7
    assert [each.line for each in found.of_the_module("here")] == [2]
    assert found.elsewhere("here") == []


@pytest.mark.parametrize(
    ("body", "is_stub"),
    [
        ('raise NotImplementedError("TODO: f")', True),
        ("raise NotImplementedError", True),
        ('"""Return."""\n    raise NotImplementedError("TODO: f")', True),
        ('"""Return."""', True),
        ("pass", True),
        ("...", True),
        ('x = 1\n    raise NotImplementedError("TODO: f")', False),
        ('raise NotImplementedError("TODO: f")\n    return 1', False),
        ("raise ValueError", False),
        ("return 1", False),
    ],
)
def test_a_stub_is_what_holds_nothing_else(body: str, is_stub: bool) -> None:
    (function,) = read(f"def f():\n    {body}\n").definitions["f"]

    assert function.is_stub is is_stub


def test_a_class_is_a_stub_as_long_as_all_of_its_methods_are() -> None:
    text = "class A:\n    def f(self):\n        raise NotImplementedError\n    def g(self):\n        {}\n"

    assert read(text.format("raise NotImplementedError")).definitions["A"][0].is_stub
    assert not read(text.format("return 1")).definitions["A"][0].is_stub
    assert read(text.format("return 1")).stub_lines == {3}
    assert not read("class A:\n    x = 1\n").definitions["A"][0].is_stub


def test_the_derived_stub_is_a_stub() -> None:
    found = outline.read(tree_of(derive_stub(SOLUTION)))

    assert found.definitions["scale"][0].is_stub


def test_the_line_of_a_setting_is_the_first_outside_of_functions() -> None:
    tree = ast.parse(
        textwrap.dedent("""
            import torch
            def f():
                torch.set_default_dtype(torch.float64)
            if __name__ == "__main__":
                torch.set_default_dtype(torch.float64)
            if True:
                torch.set_default_dtype(torch.float64)
            from torch import set_num_threads; set_num_threads(3)
            class A:
                torch.set_default_dtype(torch.float32)
        """)
    )

    assert outline.line_of_setting(tree, "default dtype") == 8
    assert outline.line_of_setting(tree, "number of threads") == 9
    assert outline.line_of_setting(tree, "grad mode") == 0


LOOPS = """
def f(t, steps, x):
    while t < steps:
        for n in x:
            print(n)
    else:
        print(2)
    for n in x:
        def g():
            print(3)
        print(4)
while a:
    b = 1
"""


@pytest.mark.parametrize(
    ("line", "loop"),
    [
        (3, outline.LoopAround(3, "t < steps", ("t", "steps"))),
        (5, outline.LoopAround(3, "t < steps", ("t", "steps"))),
        (7, None),
        (10, None),
        (11, outline.LoopAround(8)),
        (13, outline.LoopAround(12, "a", ("a",))),
    ],
)
def test_the_loop_around_a_line_is_the_outermost_of_its_function(line: int, loop: outline.LoopAround | None) -> None:
    assert outline.loop_around(ast.parse(LOOPS), line) == loop


@pytest.mark.parametrize(
    "body",
    [
        "t += 1",
        "t: int = 3",
        "(t := 2)",
        "for t in x: pass",
        "t.add_(1)",
        "t[0] = 1",
        "change(t)",
        "change(value=t)",
        "u = t; u += 1",
        "global t",
        "del t",
    ],
)
def test_a_loop_that_may_change_its_condition_is_not_said_to_leave_it(body: str) -> None:
    tree = ast.parse(f"while t < steps:\n    {body}\n    pass\n")

    assert outline.loop_around(tree, 3) == outline.LoopAround(1)


@pytest.mark.parametrize("condition", ["ready()", "x.any()", "x[0] < 1", "True"])
def test_a_condition_that_may_change_by_itself_is_left_alone(condition: str) -> None:
    assert outline.loop_around(ast.parse(f"while {condition}:\n    pass\n"), 2) == outline.LoopAround(1)


def test_commands_of_a_notebook_are_comments() -> None:
    text = """
        !pip install torch
        %matplotlib inline
        %%time
        x = 1
        def f():
            !ls
        if x:
            %load_ext autoreload
            %cd /content
    """
    assert parsed(text) == "pass\npass\npass\nx = 1\n\ndef f():\n    pass\nif x:\n    pass\n    pass"


def test_statements_that_jupyter_exports_are_comments() -> None:
    text = r"""
        get_ipython().run_line_magic('matplotlib', 'inline')
        get_ipython().system('pip install torch')
        if True:
            get_ipython().run_line_magic('load_ext', 'autoreload')
        get_ipython().run_cell_magic('time', '', 'def f():\n    return 1\nx = f()\n')
    """
    tree = outline.parse(textwrap.dedent(text).encode(), "f.py")

    assert ast.unparse(tree) == "pass\npass\nif True:\n    pass\n\ndef f():\n    return 1\nx = f()"
    assert {node.lineno for node in ast.walk(tree.body[3]) if isinstance(node, ast.stmt)} == {6}
    compile(tree, "f.py", "exec")


@pytest.mark.parametrize(
    "statement",
    [
        "x = get_ipython()",
        "get_ipython().run_line_magic('time', 'x = f()')",
        "get_ipython().run_line_magic('run', 'other.py')",
        "get_ipython().run_cell_magic('bash', '', 'ls')",
        "get_ipython().run_cell_magic('time', '', 'def')",
        "get_ipython().run_cell_magic('time', '')",
        "get_ipython().run_line_magic(name)",
    ],
)
def test_what_computes_something_stays(statement: str) -> None:
    assert parsed(statement) == statement


def test_fences_around_code_are_comments() -> None:
    assert parsed("```python\nx = 1\n```\n") == "pass\nx = 1\npass"
    assert parsed("~~~\nx = 1\n~~~\n```{python}\ny = 2\n```") == "pass\nx = 1\npass\npass\ny = 2\npass"


@pytest.mark.parametrize(
    "text",
    [
        "x = (7\n% 4)\n",
        "x = '''\n!pip install torch\n%matplotlib inline\n```\n'''\n",
        "x = 3\nassert (x\n!= 4)\n",
    ],
)
def test_python_stays_what_it_is(text: str) -> None:
    assert ast.dump(outline.parse(text.encode(), "f.py")) == ast.dump(ast.parse(text))


@pytest.mark.parametrize("text", ["x = 7\n% 4\n", "%time x = 1\n", "x = !ls\n", "%run other.py\n", "!\n", "def f()\n"])
def test_what_is_not_a_command_alone_is_an_error_at_its_own_line(text: str) -> None:
    with pytest.raises(SyntaxError) as ours:
        outline.parse(text.encode(), "f.py")
    with pytest.raises(SyntaxError) as pythons:
        ast.parse(text, "f.py")
    assert (ours.value.lineno, ours.value.msg, ours.value.text) == (
        pythons.value.lineno,
        pythons.value.msg,
        pythons.value.text,
    )


def test_an_error_below_a_command_is_said_of_its_line() -> None:
    with pytest.raises(SyntaxError) as raised:
        outline.parse(b"!pip install torch\r\nx = 1\r\ndef f()\r\n", "f.py")
    assert raised.value.lineno == 3


def test_a_file_of_nothing_but_commands_is_given_up() -> None:
    with pytest.raises(SyntaxError) as raised:
        outline.parse(b"!ls\n" * 1000, "f.py")
    assert raised.value.lineno == 1


CLASS = """
class Value:
    label: str = ""

    def __init__(self, data):
        self.data = data
        other.grad = 0.0

    def backward(self):
        self.grad: float = 1.0

def steps():
    self.step = 1
"""


@pytest.mark.parametrize(
    ("attribute", "owner"),
    [("label", "Value"), ("data", "Value"), ("grad", "Value"), ("backward", "Value"), ("step", ""), ("other", "")],
)
def test_an_attribute_belongs_to_the_class_that_sets_it(attribute: str, owner: str) -> None:
    assert outline.class_with(ast.parse(CLASS), attribute) == owner


def test_every_file_of_the_course_is_read_as_python_reads_it() -> None:
    for path in (ROOT / "tests/cases" / "right").glob("*/*.py"):
        content = path.read_bytes().replace(b"get_ipython", b"another")
        assert ast.dump(outline.parse(content, "f.py")) == ast.dump(ast.parse(content))
