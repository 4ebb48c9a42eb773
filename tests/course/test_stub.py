"""The stub: what the student sees of a solution, and that nothing of the answer is in it."""

import ast
import inspect
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.model import Lesson, find_course
from grader.course.stub import derive_stub

COURSE = find_course(Path(__file__).resolve().parent)

SOLUTION = textwrap.dedent('''
    """Exercises of a lesson.

    Read it.
    """

    import math  # used below
    from collections.abc import Callable

    SECRET = 7


    def _given(x: float) -> float:
        """A private function is given."""
        return x + SECRET


    def first(x: float, y: int = 2) -> float:
        """Return the first thing.

        >>> first(1.0)
        3.0
        """
        answer = _given(x)
        # The answer is here.
        return answer * y  # ANSWER


    @_given
    @property
    def decorated(
        x: Callable[[int], int],
        *,
        y: int = (
            3
        ),
    ) -> dict[
        str, int
    ]:
        """One line."""
        if x:
            for _ in range(3):
                return {"ANSWER": 1}
        raise ValueError("ANSWER")


    class Model:
        """A class with methods."""

        width: int = 4

        def __init__(self, n: int) -> None:
            """Keep n."""
            self.n = "ANSWER"

        def given(self) -> int:
            return self.n

        @staticmethod
        def forward(x: float) -> float:
            """Return x."""

            def inner() -> float:
                """No exercise."""
                return "ANSWER"

            return inner()


    class _Given:
        def method(self) -> int:
            """Given."""
            return 1


    def last() -> None:
        """Return nothing."""


    if __name__ == "__main__":
        print(first(1.0))
''').lstrip()

STUB = textwrap.dedent('''
    """Exercises of a lesson.

    Read it.
    """

    import math  # used below
    from collections.abc import Callable

    SECRET = 7


    def _given(x: float) -> float:
        """A private function is given."""
        return x + SECRET


    def first(x: float, y: int = 2) -> float:
        """Return the first thing.

        >>> first(1.0)
        3.0
        """
        raise NotImplementedError("TODO: first")


    @_given
    @property
    def decorated(
        x: Callable[[int], int],
        *,
        y: int = (
            3
        ),
    ) -> dict[
        str, int
    ]:
        """One line."""
        raise NotImplementedError("TODO: decorated")


    class Model:
        """A class with methods."""

        width: int = 4

        def __init__(self, n: int) -> None:
            """Keep n."""
            raise NotImplementedError("TODO: Model.__init__")

        def given(self) -> int:
            return self.n

        @staticmethod
        def forward(x: float) -> float:
            """Return x."""
            raise NotImplementedError("TODO: Model.forward")


    class _Given:
        def method(self) -> int:
            """Given."""
            return 1


    def last() -> None:
        """Return nothing."""
        raise NotImplementedError("TODO: last")


    if __name__ == "__main__":
        print(first(1.0))
''').lstrip()


def loaded(source: str) -> dict[str, Any]:
    """Return what a module of this source defines."""
    namespace: dict[str, Any] = {"__name__": "stub"}
    exec(compile(source, "stub.py", "exec"), namespace)
    return namespace


def assert_is_todo(function: Any, name: str, *args: Any) -> None:
    """Fail unless a call says what is still to do."""
    with pytest.raises(NotImplementedError) as caught:
        _awaited(function(*args))
    assert str(caught.value) == f"TODO: {name}"


def _awaited(result: Any) -> Any:
    if not inspect.iscoroutine(result):
        return result
    try:
        return result.send(None)
    except StopIteration as ended:
        return ended.value


def test_a_stub_is_the_solution_without_its_answers() -> None:
    assert derive_stub(SOLUTION) == STUB


def test_deriving_the_stub_of_a_stub_changes_nothing() -> None:
    assert derive_stub(STUB) == STUB


@pytest.mark.parametrize(
    "source",
    [
        'def f(x):\n    """Return x."""\n    return x\n',
        'def f(x):\n    """Return x."""\n    return x',
        'def f(x):\n    """Return x."""\n',
        'def f(x):\n    """Return x."""',
        "def f(x):\n    'Return x.'\n    return x\n",
        'def f(x):\n    r"""Return \\x."""\n    return x\n',
        'def f(x):\n    """Return x.\n\n    More.\n    """\n    return x\n',
        'def f(x):\n    """Return x."""; return x\n',
        'def f(x): "Return x."; return x\n',
        'def f(x): "Return x."\n',
        'def f(x):\n  """Return x."""\n  return x\n',
        'def f(x):\n\t"""Return x."""\n\treturn x\n',
        'def f(x):\n    # Above.\n    """Return x."""\n    # Below.\n    return x\n',
        'def f(x):\n    """Return x."""\n    return x\n    # After.\n',
        'def f(\n    x,\n):\n    """Return x."""\n\n    return (\n        x\n    )\n',
        'def f(x):\n    """Return x."""\n    text = """\nat the margin\n"""\n    return text\n',
        'def f(x):\n    ("Return x."\n     " More.")\n    return x\n',
    ],
    ids=[
        "plain",
        "no last line feed",
        "docstring only",
        "docstring only, no line feed",
        "single quotes",
        "raw docstring",
        "long docstring",
        "body behind the docstring",
        "all on one line",
        "docstring on the line of the signature",
        "two spaces",
        "a tab",
        "comments",
        "a comment at the end",
        "long signature",
        "text at the margin",
        "docstring in brackets",
    ],
)
def test_every_way_to_write_a_body_leaves_a_todo_and_no_answer(source: str) -> None:
    stub = derive_stub(source)
    assert "return" not in stub.replace("Return", "")
    function = loaded(stub)["f"]
    assert_is_todo(function, "f", 1)
    assert (function.__doc__, inspect.signature(function)) == (_doc(source), inspect.signature(loaded(source)["f"]))
    assert derive_stub(stub) == stub


def _doc(source: str) -> str:
    return str(loaded(source)["f"].__doc__)


def test_lines_that_only_a_reader_of_text_would_break_are_not_broken() -> None:
    """A form feed, or a line separator in a docstring, is no new line of Python."""
    for character in ("\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x0b"):
        source = f'"""A{character}B."""\n\n\ndef f(x):\n    """Return x."""\n    answer = x\n    return answer\n'
        assert derive_stub(source) == source.replace(
            "    answer = x\n    return answer\n", '    raise NotImplementedError("TODO: f")\n'
        )


def test_windows_line_ends_leave_a_stub_that_runs() -> None:
    stub = derive_stub('def f(x):\r\n    """Return x."""\r\n    return x\r\n\r\n\r\nY = 1\r\n')
    assert_is_todo(loaded(stub)["f"], "f", 1)
    assert loaded(stub)["Y"] == 1


def test_an_async_function_is_an_exercise_too() -> None:
    stub = derive_stub('async def f(x):\n    """Return x."""\n    return x\n')
    assert_is_todo(loaded(stub)["f"], "f", 1)


def test_a_private_method_is_given_like_a_private_function() -> None:
    source = 'class A:\n    """A."""\n\n    def _given(self):\n        """Given."""\n        return 1\n'
    assert loaded(derive_stub(source))["A"]()._given() == 1


def test_a_method_with_a_docstring_is_to_do_and_one_without_is_given() -> None:
    to_do, given = (
        '    def to_do(self):\n        """Do."""\n        return 1\n',
        "    def given(self):\n        return 2\n",
    )
    source = f'class A:\n    """A."""\n\n{to_do}\n{given}'
    model = loaded(derive_stub(source))["A"]()
    assert_is_todo(model.to_do, "A.to_do")
    assert model.given() == 2


def test_the_main_block_runs_what_has_been_written() -> None:
    source = 'def f(x):\n    """Return x."""\n    return x\n\n\nif __name__ == "__main__":\n    f(1)\n'
    with pytest.raises(NotImplementedError, match="TODO: f"):
        exec(compile(derive_stub(source), "stub.py", "exec"), {"__name__": "__main__"})


def test_text_beyond_ascii_stays_as_it_is() -> None:
    stub = derive_stub('def f(x):\n    """Gib ∇L zurück 🙂."""\n    return "ä"\n\n\nNAME = "损失"\n')
    assert (
        stub == 'def f(x):\n    """Gib ∇L zurück 🙂."""\n    raise NotImplementedError("TODO: f")\n\n\nNAME = "损失"\n'
    )


# ---- Any solution ----------------------------------------------------------------------------------------------------


STATEMENTS = [
    "return ANSWER",
    "value = ANSWER\n{indent}return value",
    "if x:\n{indent}    return ANSWER\n{indent}return ANSWER",
    "def inner():\n{indent}    '''Inner.'''\n{indent}    return ANSWER\n{indent}return inner()",
    "text = '''\nANSWER\n'''\n{indent}return text",
    "# ANSWER\n{indent}pass",
    "return [\n{indent}ANSWER,\n{indent}]",
    "yield ANSWER",
    "",
]
DOCSTRINGS = ['"""Do it."""', '"""Do it.\n\n{indent}More about it.\n{indent}"""', "'Do it.'", 'r"""Do \\it."""']
SIGNATURES = [
    "def {name}(x):",
    "def {name}(\n{outer}    x: int,\n{outer}    y: int = 2,\n{outer}) -> None:",
    "@given\n{outer}def {name}(x, *, y=1):",
]


@st.composite
def functions(draw: st.DrawFn, names: tuple[str, ...], outer: str = "") -> str:
    """Draw the source of a function."""
    indent = outer + "    "
    name = draw(st.sampled_from(names))
    parts = [draw(st.sampled_from(options)) for options in (SIGNATURES, DOCSTRINGS, STATEMENTS)]
    for word, text in (("{name}", name), ("{indent}", indent), ("{outer}", outer)):
        parts = [part.replace(word, text) for part in parts]
    signature, docstring, body = parts
    return f"{outer}{signature}\n{indent}{docstring}\n" + (f"{indent}{body}\n" if body else "")


@st.composite
def solutions(draw: st.DrawFn) -> str:
    """Draw the source of a solution: functions, and classes with methods."""
    parts = ["import torch\n\ngiven = torch.no_grad()\n"]
    for number in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            parts.append(draw(functions(("first", "second", "_given"))))
        else:
            methods = [draw(functions(("__init__", "forward"), "    ")) for _ in range(draw(st.integers(1, 3)))]
            parts.append(f"class Model{number}:\n    '''A model.'''\n\n" + "\n".join(methods))
    return "\n\n".join(parts) + "\n\nif __name__ == '__main__':\n    print(first(1))\n"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(source=solutions())
def test_the_stub_of_any_solution_is_a_program_without_answers(source: str) -> None:
    stub = derive_stub(source)
    assert derive_stub(stub) == stub
    before, after = ast.parse(source), ast.parse(stub)
    assert len(before.body) == len(after.body)
    for old, new in zip(before.body, after.body, strict=True):
        for function in _exercises(new):
            assert ast.unparse(function.body[1]).startswith("raise NotImplementedError('TODO: ")
            assert len(function.body) == 2
        assert _outline(old) == _outline(new)


def _exercises(node: ast.stmt) -> list[ast.FunctionDef]:
    nodes = node.body if isinstance(node, ast.ClassDef) else [node]
    functions = [
        function for function in nodes if isinstance(function, ast.FunctionDef) and ast.get_docstring(function)
    ]
    return [function for function in functions if not function.name.startswith("_") or function.name == "__init__"]


def _outline(node: ast.stmt) -> str:
    """Return a statement without the bodies of the exercises in it: what a stub must keep."""
    exercises = _exercises(node)
    for function in exercises:
        function.body = function.body[:1]
    return ast.dump(node)


# ---- The stubs of this course ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_the_exercises_of_the_course_are_the_stubs_of_its_solutions(lesson: Lesson) -> None:
    stub = (COURSE.root / "exercises" / f"{lesson.name}.py").read_text(encoding="utf-8")
    assert stub == lesson.stub


@pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.name)
def test_every_exercise_of_the_course_is_to_do_in_its_stub(lesson: Lesson) -> None:
    tree = ast.parse(lesson.stub)
    bodies = {node.name: node.body for node in tree.body if isinstance(node, ast.FunctionDef)}
    for exercise in lesson.exercises:
        if exercise.name in bodies and exercise.name not in lesson.starters:
            assert ast.unparse(bodies[exercise.name][-1]) == f"raise NotImplementedError('TODO: {exercise.name}')"


def test_there_is_no_exercise_without_a_lesson() -> None:
    names = {path.stem for path in (COURSE.root / "exercises").glob("*.py")}
    assert names == {lesson.name for lesson in COURSE.lessons}
