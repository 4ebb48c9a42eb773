"""The definitions of a file: where each begins and ends, and the source of one of them with all that it uses."""

import ast
import contextlib
import textwrap
from pathlib import Path
from typing import Any

import pytest

from grader.course.definitions import (
    Module,
    decorated_as,
    extracted,
    names_of,
    reached,
    replaced,
    used_names,
    without_docstring,
)
from grader.errors import CourseError
from tests.conftest import ROOT

MARKS = ("variant", "driver")


def module(source: str, file: str = "a.py") -> Module:
    source = textwrap.dedent(source).lstrip("\n")
    return Module(file, source, ast.parse(source))


def shared(source: str) -> dict[str, Module]:
    return {"shared": module(source, "shared.py")}


def run(source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {}
    exec(compile(source, "extracted.py", "exec"), namespace)
    return namespace


# ---- One definition --------------------------------------------------------------------------------------------------


def test_only_functions_and_classes_of_the_file_itself_are_definitions() -> None:
    source = """
        import math
        LIMIT = 3
        def first():
            def inner(): pass
        class Second:
            def method(self): pass
        if True:
            def third(): pass
        """

    assert [node.name for node in module(source).definitions()] == ["first", "Second"]


@pytest.mark.parametrize(
    ("decorator", "name"),
    [
        ("points", "points"),
        ("points(2)", "points"),
        ("authoring.points(number=2)", "points"),
        ("grader.authoring.hidden", "hidden"),
        ("given(x=numbers())", "given"),
    ],
)
def test_a_decorator_is_known_by_its_last_name(decorator: str, name: str) -> None:
    assert decorated_as(ast.parse(decorator, mode="eval").body) == name


DECORATED = '''
@given(
    x=numbers(),
)
@variant
@authoring.points(2)
def first(x):
    """First."""
    return x  # as it is


def second(): return 2
'''


def test_the_text_of_a_definition_has_its_decorators_and_comments() -> None:
    source = module(DECORATED)
    first, second = source.definitions()

    assert source.text_of(first) == DECORATED.strip().partition("\n\n\n")[0]
    assert source.text_of(second) == "def second(): return 2"


@pytest.mark.parametrize(
    ("without", "decorators"),
    [
        (["variant"], "@given(\n    x=numbers(),\n)\n@authoring.points(2)\n"),
        (["points", "variant"], "@given(\n    x=numbers(),\n)\n"),
        (["given"], "@variant\n@authoring.points(2)\n"),
        (["given", "points", "variant"], ""),
    ],
)
def test_a_decorator_is_left_out_on_all_of_its_lines(without: list[str], decorators: str) -> None:
    source = module(DECORATED)
    first, _ = source.definitions()

    text = source.text_of(first, without=without)

    assert text == f'{decorators}def first(x):\n    """First."""\n    return x  # as it is'


@pytest.mark.parametrize("separator", ["\x0c", "\x1c", "\x85", "\u2028"], ids=repr)
def test_a_line_ends_where_it_ends_for_python(separator: str) -> None:
    """Some characters end a line for str.splitlines and not for Python, whose lines these are."""
    source = module(f'TEXT = "{separator}"\n\n\ndef first():\n    return 1\n\n\ndef second():\n    return 2\n')
    first, second = source.definitions()

    assert source.text_of(first) == "def first():\n    return 1"
    assert source.text_of(second) == "def second():\n    return 2"
    assert replaced(source, {"first": "def first():\n    return 3"}) == source.source.replace("return 1", "return 3")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('def f(x):\n    """One line."""\n    return x\n', "def f(x):\n    return x"),
        (
            'def f(x):\n    """Several.\n\n    Lines.\n    """\n\n    y = x\n    return y\n',
            "def f(x):\n\n    y = x\n    return y",
        ),
        ('@a\n@b(\n    1\n)\ndef f(x):\n    """One."""\n    return x\n', "@a\n@b(\n    1\n)\ndef f(x):\n    return x"),
        ('class A:\n    """Only this."""\n', "class A:\n    pass"),
        (
            'class A:\n    """A."""\n\n    def f(self):\n        """Stays."""\n',
            'class A:\n\n    def f(self):\n        """Stays."""',
        ),
        ("def f(x):\n    return x\n", "def f(x):\n    return x"),
        ("def f(x): return x\n", "def f(x): return x"),
    ],
)
def test_a_docstring_is_left_out_and_nothing_else(source: str, text: str) -> None:
    read = module(source)
    (node,) = read.definitions()

    assert without_docstring(read, node) == text
    ast.parse(text)


@pytest.mark.parametrize("source", ['def f(): """Here."""\n', 'def f():\n    """Here."""; return 1\n'])
def test_a_docstring_that_shares_its_line_leaves_the_rest_of_the_line(source: str) -> None:
    read = module(source)
    (node,) = read.definitions()

    (left,) = ast.parse(without_docstring(read, node)).body

    assert isinstance(left, ast.FunctionDef)
    assert ast.get_docstring(left) is None
    assert [ast.unparse(each) for each in left.body] == [ast.unparse(each) for each in node.body[1:]] or ["pass"]


# ---- A file with other definitions -----------------------------------------------------------------------------------


def test_a_definition_is_replaced_with_its_decorators_and_the_rest_of_the_file_stays() -> None:
    source = module(
        '''
        """A file."""
        # before
        @a
        @b(
            1
        )
        def first(x):
            return x  # one
        # between
        def second(x):
            return x
        # after
        '''
    )

    assert replaced(source, {"first": "LIMIT = 3\n\n\ndef first(x):\n    return LIMIT", "third": "never"}) == (
        '"""A file."""\n# before\nLIMIT = 3\n\n\ndef first(x):\n    return LIMIT\n'
        "# between\ndef second(x):\n    return x\n# after\n"
    )


def test_several_definitions_are_replaced_whatever_their_lengths() -> None:
    source = module("def a(): return 1\n\n\nclass B:\n    x = 1\n    y = 2\n\n\ndef c(): return 3\n")
    texts = {"a": "def a():\n\n\n    return 10", "c": "def c(): return 30", "B": "class B: x = 20"}

    namespace = run(replaced(source, texts))

    assert (namespace["a"](), namespace["B"].x, namespace["c"]()) == (10, 20, 30)


def test_what_replaces_nothing_leaves_the_file_as_it_is() -> None:
    source = module("def a(): return 1\n\n# end\n")

    assert replaced(source, {}) == source.source


# ---- What a definition uses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("def f(x): y = x", ["f"]),
        ("class A: x = 1", ["A"]),
        ("import torch", ["torch"]),
        ("import torch.nn.functional, os.path as p", ["torch", "p"]),
        ("from torch import Tensor as T, nn", ["T", "nn"]),
        ("from .shared import size", ["size"]),
        ("a = b = c", ["a", "b"]),
        ("a, (b, *c) = d", ["a", "b", "c"]),
        ("a: int = 3", ["a"]),
        ("f(x)", []),
        ('"""A text."""', []),
    ],
)
def test_a_statement_binds_its_names(statement: str, names: list[str]) -> None:
    (node,) = ast.parse(statement).body

    assert names_of(node) == names


def test_an_entry_that_is_set_binds_no_index() -> None:
    (node,) = ast.parse("table[key] = size").body

    assert "key" not in names_of(node)


def test_names_are_used_in_defaults_annotations_and_decorators() -> None:
    source = (
        "@points(2)\n@variant(style)\ndef f(x: Tensor, y=LIMIT) -> Result:\n    return [help(z) for z in x.items]\n"
    )
    nodes = ast.parse(source).body

    assert used_names(nodes) == {"points", "variant", "style", "Tensor", "LIMIT", "Result", "help"}
    assert used_names(nodes, without=["variant"]) == used_names(nodes) - {"variant", "style"}


@pytest.mark.parametrize(
    "body",
    [
        "for row in x: y = row",
        "row = 1; return row",
        "return [row for row in x]",
        "with x as row: return row",
        "import row; return row",
        "return (lambda row: row)(x)",
        "def row(): pass\n    return row()",
        "if (row := x): return row",
        "try: pass\n    except ValueError as row: raise row",
    ],
)
def test_a_name_that_a_function_binds_is_its_own(body: str) -> None:
    (node,) = ast.parse(f"def f(x):\n    {body}\n").body

    assert "row" not in used_names([node])


def test_a_name_that_only_another_function_binds_is_used() -> None:
    source = "def f(x):\n    total = [row for row in x]\n    global seen\n    seen = 1\n    return row, f(total)\n"

    assert used_names(ast.parse(source).body) == {"row", "seen", "f"}


def test_what_is_reached_comes_in_file_order_once_each() -> None:
    source = module(
        """
        import math
        import torch
        idle = 1
        LIMIT = 3
        def helper(): return LIMIT + first.size
        def other(): return idle
        def first(x): return helper() + math.pi
        def second(): return first(2) + LIMIT
        """
    )

    texts = [ast.unparse(node).partition("\n")[0] for node in reached(source.tree, ["second"])]

    assert texts == ["import math", "LIMIT = 3", "def helper():", "def first(x):", "def second():"]


def test_a_name_that_the_file_does_not_bind_reaches_nothing() -> None:
    assert reached(ast.parse("def f(): return len(range(3))"), ["g"]) == []


# ---- A source of its own ---------------------------------------------------------------------------------------------


def test_a_source_of_its_own_has_the_definition_what_it_uses_and_the_imports_of_that() -> None:
    source = module(
        '''
        """A file."""
        import math, sys
        import numpy as np
        from torch import Tensor, nn as layers
        from grader.authoring import StudentFunction, given, variant

        # A comment before it is not part of a definition.
        LIMIT = 3  # the largest


        def helper(x: Tensor) -> float:
            """Help."""
            return math.pi * LIMIT


        @given(x=np.numbers())
        def test_first(first: StudentFunction) -> None:
            """It holds."""


        @variant
        def loop(x: Tensor) -> float:
            """A loop."""
            return helper(x)  # slow
        '''
    )

    assert extracted(source, ["loop"], {}, without=MARKS) == (
        "import math\nfrom torch import Tensor\n\n\n"
        "LIMIT = 3  # the largest\n\n\n"
        'def helper(x: Tensor) -> float:\n    """Help."""\n    return math.pi * LIMIT\n\n\n'
        'def loop(x: Tensor) -> float:\n    """A loop."""\n    return helper(x)  # slow'
    )


def test_what_a_left_out_decorator_uses_is_left_out_too() -> None:
    source = module("import torch\nSTYLE = torch\n@variant(STYLE)\ndef f(): return 1\n")

    assert extracted(source, ["f"], {}, without=MARKS).strip() == "def f(): return 1"
    assert "STYLE = torch" in extracted(source, ["f"], {})


def test_what_is_used_of_the_shared_file_becomes_part_of_the_source() -> None:
    source = module(
        """
        from torch import Tensor
        from .shared import size, twice

        def f(x: Tensor) -> float:
            return twice(x)
        """
    )
    beside = shared(
        """
        import math
        from torch import Tensor, nn

        LIMIT = 3
        def size(): return LIMIT

        @driver
        def twice(x: Tensor) -> float:
            return math.floor(_half(x) * 4)

        def _half(x): return x / 2
        """
    )

    text = extracted(source, ["f"], beside, without=MARKS)

    head, _, rest = text.partition("\n\n\n")
    assert sorted(head.splitlines()) == ["from torch import Tensor", "import math"]
    assert not [left for left in ("@driver", "LIMIT", "size", "import") if left in rest]
    assert run(text)["f"](5.5) == 11


def test_a_driver_of_the_shared_file_itself_becomes_a_source() -> None:
    source = module("from .shared import twice\n")

    text = extracted(source, ["twice"], shared("@driver\ndef twice(x): return 2 * x\n"), without=MARKS)

    assert run(text)["twice"](4) == 8


def test_an_import_of_an_unknown_neighbour_stays_as_it_is_written() -> None:
    """So that it is refused by its name where it must not be."""
    source = module(
        "from . import mistakes\nfrom .other import a, b\nfrom ..up import c\ndef f(): return mistakes, a, c\n"
    )

    head = extracted(source, ["f"], {}).partition("\n\n\n")[0]

    assert head.splitlines() == ["from . import mistakes", "from .other import a", "from ..up import c"]


def test_functions_that_call_each_other_are_extracted_once() -> None:
    source = module("def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)\n")

    namespace = run(extracted(source, ["odd"], {}))

    assert namespace["odd"](7)


ALONE: dict[str, tuple[str, str]] = {
    "a constant below its user": ("def f(): return LATE\nLATE = 3\n", ""),
    "a pair": ("a, b = 1, 2\ndef f(): return b + 1\n", ""),
    "a lambda": ("add = lambda x: x + ONE\nONE = 1\ndef f(): return add(2)\n", ""),
    "a class": ("class Base:\n    x = 3\nclass A(Base):\n    pass\ndef f(): return A.x\n", ""),
    "a default": ("K = 3\ndef f(x=K): return x\n", ""),
    "a shared name": ("from .shared import three\ndef f(): return three()\n", "def three(): return 3\n"),
    "a table that is filled": ("TABLE = {}\nTABLE['a'] = 3\ndef f(): return TABLE['a']\n", ""),
    "a constant that is added to": ("size = 1\nsize += 2\ndef f(): return size\n", ""),
    "a constant that is made of itself": ("size = 1\nsize = size + 2\ndef f(): return size\n", ""),
    "an import that is tried": (
        "try:\n    import math\nexcept ImportError:\n    math = None\ndef f(): return math.floor(3.5)\n",
        "",
    ),
    "a constant of one branch": ("if True:\n    K = 3\nelse:\n    K = 4\ndef f(): return K\n", ""),
    "two imports of one package": (
        "import xml.dom\nimport xml.sax\ndef f(): return 3 * (xml.dom is not xml.sax)\n",
        "",
    ),
    "a shared name under another": ("from .shared import three as k\ndef f(): return k()\n", "def three(): return 3\n"),
}


@pytest.mark.parametrize("what", ALONE)
def test_a_source_of_its_own_does_what_the_function_does_in_its_file(what: str) -> None:
    source, beside = ALONE[what]

    namespace = run(extracted(module(source), ["f"], shared(beside)))

    assert namespace["f"]() == 3


def test_a_helper_that_has_the_name_of_a_shared_one_stays_another_or_is_refused() -> None:
    source = "from .shared import three\ndef _one(): return 5\ndef f(): return three() + 0 * _one()\n"
    beside = "def _one(): return 1\ndef three(): return 3 * _one()\n"

    with contextlib.suppress(CourseError):
        assert run(extracted(module(source), ["f"], shared(beside)))["f"]() == 3


@pytest.mark.parametrize("path", sorted((ROOT / "lessons").glob("*/*.py")), ids=lambda path: path.stem)
def test_every_definition_of_this_course_becomes_a_source_that_parses(path: Path) -> None:
    def read(file: Path) -> Module:
        return Module(file.name, file.read_text(), ast.parse(file.read_text()))

    source, beside = read(path), path.parent / "shared.py"
    modules = {"shared": read(beside)} if beside.is_file() else {}
    for node in source.definitions():
        tree = ast.parse(extracted(source, [node.name], modules, without=MARKS))
        assert node.name in [name for each in tree.body for name in names_of(each)]
