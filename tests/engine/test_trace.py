"""The first step of a loop that differs: only what is certain is said, and no record of a worker breaks anything."""

import contextlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.course.model import Course, Lesson
from grader.course.submission import Source
from grader.engine import steps
from grader.engine.grading import Options
from grader.engine.reference import Reference
from grader.engine.steps import MAX_ROWS, Alignment
from grader.engine.student import Student
from grader.engine.trace import Trace, read
from grader.engine.worker_session import Runner
from grader.errors import Fault
from grader.feedback.call_failure import CallFailed, CallLost
from grader.sandbox import outline, wire
from grader.sandbox.confinement import Limits
from grader.sandbox.recorder import END, MAX_MOMENTS, Recorder
from grader.sandbox.zygote import Zygote
from grader.verdict import Cause, Status
from tests.grading import grade

SOLUTION = """
def walk(x, y, w, lr, steps):
    path = [w]
    for _ in range(steps):
        error = w * x - y
        grad = 2 * error * x
        w = w - lr * grad
        path.append(w)
    return {"w": w, "path": path}
"""
GIVEN = 1.5, 0.7, 0.0, 0.1, 4


def traced(code: str, *given: Any) -> tuple[Trace, Any]:
    """Return the trace of the function that a code defines, and what it returns."""
    tree = outline.parse(code.encode(), "walk.py")
    namespace: dict[str, Any] = {"torch": torch}
    exec(compile(tree, "walk.py", "exec"), namespace)
    loops = outline.loops_of(tree, "walk")
    with Recorder("walk.py", "walk", [[loop.line, loop.head] for loop in loops]) as recorder:
        returned = namespace["walk"](*given)
    trace = read(wire.decode(wire.encode(recorder.record)), loops)
    assert trace is not None
    return trace, returned


def compared(code: str, *given: Any, solution: str = SOLUTION) -> str:
    mine, returned = traced(code, *given)
    other, wanted = traced(solution, *given)
    return Alignment(mine, other, returned, wanted).sentence()[2]


def changed(*edits: tuple[str, str]) -> str:
    code = SOLUTION
    for old, new in edits:
        assert old in code
        code = code.replace(old, new)
    return code


# ---- What is recorded ------------------------------------------------------------------------------------------------


def test_a_moment_of_a_loop_shows_what_its_passes_have_done() -> None:
    trace, _ = traced("def walk(n):\n    w = 0.5\n    for i in range(n):\n        w += 1\n    return w\n", 2)

    assert [moment.loop for moment in trace.moments] == [0, 0, 0, END]
    assert [moment.numbers["w"] for moment in trace.moments] == [0.5, 1.5, 2.5, 2.5]
    assert trace.place(0) == "Before the first pass of the loop in line 3"
    assert trace.place(2) == "After pass 2 of the loop in line 3"
    assert not trace.is_cut


LOOPS = {
    "for": "for i in range(3):\n        w += 1",
    "over lines": "for i, j in zip(range(3),\n            range(4)):\n        w += 1",
    "while": "while w < 3:\n        w += 1",
    "while over lines": "while (w <\n           3):\n        w += 1",
    "continued": "for i in range(3):\n        w += 1\n        if i:\n            continue\n        w += 0",
    "in a condition": "if w == 0:\n        for i in range(3):\n            w += 1",
}


@pytest.mark.parametrize("name", LOOPS)
def test_every_pass_is_one_moment(name: str) -> None:
    trace, _ = traced(f"def walk():\n    w = 0.0\n    {LOOPS[name]}\n    return w\n")

    assert [moment.numbers["w"] for moment in trace.moments] == [0, 1, 2, 3, 3]


def test_an_endless_loop_is_met_at_its_first_statement() -> None:
    code = """
def walk():
    w = 0.0
    while True:
        w += 1
        if w == 3:
            break
    return w
"""
    trace, _ = traced(code)

    assert [moment.numbers["w"] for moment in trace.moments] == [0, 1, 2, 3]


def test_a_nested_loop_counts_its_passes_afresh() -> None:
    code = """
def walk():
    w = 0.0
    for i in range(2):
        for j in range(2):
            w += 1
    return w
"""
    trace, _ = traced(code)

    assert [trace.place(i) for i in (2, 6)] == [
        "In pass 1 of the loop in line 4, after pass 1 of the loop in line 5",
        "In pass 2 of the loop in line 4, after pass 1 of the loop in line 5",
    ]
    assert [trace.brief(i) for i in (0, 2, 6, len(trace.moments) - 1)] == [
        "before pass 1",
        "pass 1, after pass 1",
        "pass 2, after pass 1",
        "at the end",
    ]


def test_what_is_changed_in_place_is_copied() -> None:
    code = "def walk():\n    w = torch.zeros(2)\n    for i in range(2):\n        w += 1\n    return w\n"
    trace, _ = traced(code)

    assert [number for _, number in trace.histories["w[1]"]] == [0, 1, 2]


@pytest.mark.parametrize(
    "code",
    [
        "def walk(n):\n    return [i for i in range(n)]\n",
        "def walk(n):\n    for i in range(n): n += 1\n    return n\n",
        "def walk(n):\n    def inside():\n        for i in range(n):\n            yield i\n    return list(inside())\n",
        "walk = max\n",
        "class walk:\n    def __init__(self, n):\n        for i in range(n):\n            self.n = n\n",
    ],
)
def test_a_function_without_a_loop_of_its_own_has_nothing_to_trace(code: str) -> None:
    assert outline.loops_of(outline.parse(code.encode(), ""), "walk") == []


def test_a_record_is_bounded() -> None:
    head = "def walk(n):\n    w = 0.0\n    "
    long = "for i in range(n):\n        w += 0.1\n    return w\n"
    names = "".join(f"{chr(97 + i)}{j} = [{j}.0] * 60; " for i in range(20) for j in range(10))
    many, _ = traced(f"{head}{long}", 10_000)
    wide, _ = traced(f"{head}{names}\n    {long}", 3)
    big, _ = traced(f"{head}big = torch.zeros(1000); text = 'a' * 1000; huge = 2**5000\n    {long}", 3)

    assert many.is_cut
    assert len(many.moments) == MAX_MOMENTS + 1
    assert many.final["w"] == pytest.approx(1000)
    assert len(wide.moments) <= MAX_MOMENTS
    assert set(big.histories) == {"n", "w", "i"}


def test_a_trace_function_that_was_there_before_stays() -> None:
    before = sys.gettrace()
    traced(SOLUTION, *GIVEN)

    assert sys.gettrace() is before


# ---- What is said ----------------------------------------------------------------------------------------------------


def test_the_variable_that_becomes_a_wrong_result_is_told_with_what_is_right() -> None:
    assert compared(changed(("lr * grad\n", "2 * lr * grad\n")), *GIVEN) == (
        "After pass 1 of the loop in line 4, your `w` is 0.42, expected 0.21:"
        " from 0 it has moved twice as far as expected."
    )
    late = changed(("path.append(w)\n", "path.append(w)\n        lr = lr / 2\n"))
    assert compared(late, *GIVEN) == (
        "After pass 2 of the loop in line 4, your `w` is 0.2677, expected 0.3255:"
        " from 0.21 it has moved half as far as expected. Up to there it was right. `error` and `grad` are right at"
        " that point."
    )


def test_the_table_ends_with_the_first_wrong_step() -> None:
    late = changed(("path.append(w)\n", "path.append(w)\n        lr = lr / 2\n"))
    mine, returned = traced(late, *GIVEN)
    other, wanted = traced(SOLUTION, *GIVEN)

    table = Alignment(mine, other, returned, wanted).table()

    assert [step.place for step in table] == ["before pass 1", "after pass 1", "after pass 2"]
    assert [[each.name for each in step.numbers] for step in table] == [["w", "error", "grad"]] * 3
    assert [step.numbers[0].mine for step in table] == ["0", "0.21", "0.2677"]
    assert [step.numbers[0].expected for step in table] == ["0", "0.21", "0.3255"]
    assert [[each.is_wrong for each in step.numbers] for step in table] == [[False] * 3] * 2 + [[True, False, False]]
    assert [table[0].numbers[1].mine, table[1].numbers[1].mine] == ["", "-0.7"]


def test_the_table_is_small() -> None:
    late = changed(("path.append(w)\n", "path.append(w)\n        lr = lr / (2 if len(path) == 8 else 1)\n"))
    given = (*GIVEN[:4], 12)
    mine, returned = traced(late, *given)
    other, wanted = traced(SOLUTION, *given)

    table = Alignment(mine, other, returned, wanted).table()

    assert len(table) == MAX_ROWS
    assert [any(each.is_wrong for each in step.numbers) for step in table] == [False] * 5 + [True]
    assert Alignment(mine, mine, returned, wanted).table() == ()


def test_what_is_assigned_first_is_told_first() -> None:
    code = changed(("2 * error * x", "2 * error * x * (1 if len(path) < 3 else 3)"))

    assert compared(code, *GIVEN).startswith("After pass 3 of the loop in line 4, your `grad` is")


RENAMED = """
def walk(x, y, w, lr, steps):
    weight, t, visited = torch.tensor(w, dtype=torch.float64), 0, []
    visited.append(weight.item())
    while t < steps:
        slope = 2 * (weight * x - y) * x
        weight -= lr * slope
        visited.append(weight.item())
        t += 1
    return {"w": weight.item(), "path": visited}
"""


def test_a_renamed_variable_is_known_by_its_values() -> None:
    code = RENAMED.replace("lr * slope", "lr * (slope if t < 2 else slope + 0.5)")

    assert compared(code, *GIVEN) == (
        "After pass 3 of the loop in line 5, your `weight` is 0.339, expected 0.389."
        " Up to there it was right. `slope` is right at that point."
    )


def test_a_loop_that_ends_otherwise_is_told_so() -> None:
    assert compared(changed(("range(steps)", "range(steps - 1)")), *GIVEN) == (
        "Your `w` takes the right values, but ends too early: it stays at 0.389, and the next expected value is 0.424."
    )
    assert compared(changed(("range(steps)", "range(steps + 1)")), *GIVEN) == (
        "After pass 5 of the loop in line 4, your `w` changes once more, to 0.4432: with 0.424 it had its last right"
        " value."
    )
    assert compared(changed(("w = w - lr", "v = w - lr")), *GIVEN) == (
        "Your `w` never changes: it stays at 0, and the next expected value is 0.21."
    )


RIGHT = {
    "the same": SOLUTION,
    "renamed": RENAMED,
    "a step late": """
def walk(x, y, w, lr, steps):
    path, grad = [w], 2 * (w * x - y) * x
    for i in range(steps):
        w = w - lr * grad
        grad = 2 * (w * x - y) * x
        path.append(w)
    return {"w": w, "path": path}
""",
    "another quantity under the name": """
def walk(x, y, w, lr, steps):
    path = [w]
    for i in range(steps):
        grad = (w * x - y) * x
        w = w - 2 * lr * grad
        path.append(w)
    return {"w": w, "path": path}
""",
    "two at a time": """
def walk(x, y, w, lr, steps):
    path = [w]
    while len(path) <= steps:
        for _ in range(2):
            if len(path) <= steps:
                w = w - lr * 2 * (w * x - y) * x
                path.append(w)
    return {"w": w, "path": path}
""",
    "from the end": """
def walk(x, y, w, lr, steps):
    path = [w]
    for i in reversed(range(steps)):
        step = lr * 2 * (path[-1] * x - y) * x
        path.append(path[-1] - step)
    w = path[-1]
    return {"w": w, "path": path}
""",
}
NUMBERS = st.floats(-3, 3, width=32)


@pytest.mark.parametrize("name", RIGHT)
@given(given_=st.tuples(NUMBERS, NUMBERS, NUMBERS, st.floats(0, 2), st.integers(0, 6)))
def test_of_right_loops_nothing_is_said(name: str, given_: tuple[Any, ...]) -> None:
    """However they are written, and even where the results are thought to differ."""
    mine, returned = traced(RIGHT[name], *given_)
    other, wanted = traced(SOLUTION, *given_)

    assert Alignment(mine, other, returned, wanted).sentence()[2] == ""
    assert Alignment(mine, other, {**returned, "path": []}, wanted).sentence()[2] == ""


NOT_CERTAIN = {
    "a result without a variable": changed(('"w": w', '"w": 7.5'), ("path.append(w)", "path.append(0.5 * w)")),
    "a variable that is not the result": """
def walk(x, y, w, lr, steps):
    b, path = 0.0, [w]
    for i in range(steps):
        b = b + 1.5
        path.append(0.0)
    return {"w": b + w, "path": path}
""",
    "no pass": """
def walk(x, y, w, lr, steps):
    while w > 100:
        w = w - lr
    return {"w": 3.5, "path": []}
""",
    "without a variable": """
def walk(x, y, w, lr, steps):
    state = object()
    for i in range(steps):
        pass
    return {"w": 3.0, "path": []}
""",
}


@pytest.mark.parametrize("name", NOT_CERTAIN)
def test_nothing_is_guessed(name: str) -> None:
    assert compared(NOT_CERTAIN[name], *GIVEN[:2], 2.0, *GIVEN[3:]) == ""


def test_another_quantity_under_the_same_name_is_not_blamed() -> None:
    code = changed(("2 * error * x", "error * x"), ("w = w - lr * grad", "w = w - 3 * lr * grad"))

    assert compared(code, *GIVEN) == (
        "After pass 1 of the loop in line 4, your `w` is 0.315, expected 0.21:"
        " from 0 it has moved 1.5 times as far as expected."
    )


def test_an_average_after_each_epoch_is_not_taken_for_a_wrong_batch() -> None:
    fine = """
def walk(n):
    w = 0.0
    for i in range(n):
        for j in range(2):
            w = w + 0.3 * (1 - w)
    return w
"""
    coarse = """
def walk(n):
    w = 0.0
    for i in range(n):
        w = w + 0.51 * (1 - w)
    return w + 1
"""
    mine, _ = traced(coarse, 4)
    other, wanted = traced(fine, 4)

    assert Alignment(mine, other, mine.final["w"], wanted + 1).sentence()[2] == ""
    assert Alignment(other, mine, wanted, wanted + 1).sentence()[2] == ""


# ---- What a worker may send ------------------------------------------------------------------------------------------

VALUE = wire.encode(1.5)
GARBAGE: dict[str, Any] = {
    "nothing": None,
    "a text": "ab",
    "a dict": {"a": 1, "b": 2},
    "no moments": [False, None],
    "a flag that is not one": [1, []],
    "moments without values": [False, [[0], [0]]],
    "numbers": [False, [1, 2]],
    "no such loop": [False, [[5, []]]],
    "a loop below all": [False, [[-2, []]]],
    "a loop that is a flag": [False, [[True, []]]],
    "a name that is not one": [False, [[0, [["w` is wrong\x1b[31m", VALUE]]]]],
    "a name that is a number": [False, [[0, [[3, VALUE]]]]],
    "a long name": [False, [[0, [["w" * 1000, VALUE]]]]],
    "a value that is not encoded": [False, [[0, [["w", 1.5]]]]],
    "a value that is not a document": [False, [[0, [["w", b"\xc1\xff"]]]]],
    "a huge value": [False, [[0, [["w", bytes(5000)]]]]],
    "many moments": [False, [[0, []]] * 1000],
    "many names": [False, [[0, [[f"w{i}", VALUE] for i in range(1000)]]]],
    "more names in every moment": [False, [[0, [[f"w{i}{j}", VALUE] for j in range(20)]] for i in range(20)]],
}


@pytest.mark.parametrize("name", GARBAGE)
def test_what_is_not_a_record_is_not_a_trace(name: str) -> None:
    loops = outline.loops_of(outline.parse(SOLUTION.encode(), ""), "walk")

    assert read(GARBAGE[name], loops) is None


@given(
    values=st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=5), part, max_size=4),
            max_leaves=10,
        ),
        max_size=10,
    ),
    loops=st.lists(st.integers(-1, 0), min_size=10, max_size=10),
)
def test_a_forged_trace_of_any_values_breaks_nothing(values: list[Any], loops: list[int]) -> None:
    documents = [wire.encode(value) for value in values]
    record = [False, [[loop, [["w", each], ["grad", each]]] for loop, each in zip(loops, documents, strict=False)]]
    other, wanted = traced(SOLUTION, *GIVEN)
    forged = read(record, other.loops)

    assert forged is not None
    for returned in values:
        assert type(Alignment(forged, other, returned, wanted).sentence()[2]) is str
        assert type(Alignment(forged, other, returned, returned).sentence()[2]) is str
        assert len(Alignment(forged, other, returned, wanted).table()) <= MAX_ROWS


# ---- In the worker ---------------------------------------------------------------------------------------------------


def descent(body: str, before: str = "") -> str:
    """Return a `run_descent` whose loop has something in it, or before it."""
    code = """
import torch
{before}
def run_descent(x, y, w_start, b_start, lr, steps):
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        error = w * x + b - y
        grad_w = 2 * (error * x).mean().item()
        grad_b = 2 * error.mean().item()
        {body}
        w, b = w - lr * grad_w, b - lr * grad_b
        path.append((w, b))
    return path
"""
    return code.format(body=textwrap.indent(body, " " * 8).strip(), before=before)


X, Y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 2.5, 2.0])
WRONG = "grad_b += 0.25 if len(path) > 2 else 0"
SAYS = (
    "After pass 3 of the loop in line 7, your `grad_b` is -0.9722, expected -1.222. Up to there it was right."
    " `w` and `grad_w` are right at that point."
)
Find = Callable[..., Cause | None]


@pytest.fixture(scope="module")
def landscape(course: Course) -> Lesson:
    return course.find("1.4")


@pytest.fixture(scope="module")
def reference(landscape: Lesson) -> Reference:
    return Reference(landscape)


@pytest.fixture
def find(landscape: Lesson, reference: Reference, zygote: Zygote) -> Iterator[Find]:
    """Call a `run_descent` as a check does, and look for its first wrong step."""
    students = []

    def find_in(code: str, limits: Limits | None = None) -> Cause | None:
        source = Source(f"exercises/{landscape.name}.py", code.encode())
        student = Student(Runner(landscape, source, zygote, limits or Limits()), reference)
        students.append(student)
        exercise = landscape.exercise("run_descent")
        with contextlib.suppress(CallFailed, CallLost):
            student.function(exercise).plain(X, Y, 0.0, 0.0, 0.1, 5)
        return steps.find(student, exercise, student.example[-1])

    yield find_in
    for student in students:
        student.close()


def test_a_wrong_step_is_told_by_the_students_names(find: Find) -> None:
    cause = find(descent(WRONG))

    assert cause is not None
    assert (cause.kind, cause.argument) == ("step", "grad_b")
    assert cause.sentence == SAYS
    assert cause.steps[-1].numbers[0].name == "grad_b"
    assert cause.steps[-1].numbers[0].is_wrong


def test_a_right_function_is_not_traced(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runner, "trace", lambda *_: pytest.fail("it was traced"))

    assert find(descent("pass")) is None


ODD = {
    "a wrapper": descent(WRONG).replace("def run", "@torch.no_grad()\ndef run"),
    "a recursion": descent("run_descent(x, y, w, b, lr, steps - 5)\n" + WRONG),
    "an exception that is caught": descent("try:\n    [][1]\nexcept IndexError:\n    pass\n" + WRONG),
    "a generator": descent("sum(i for i in range(3))\n" + WRONG),
    "a function inside": descent("(lambda: [w for w in range(9)])()\n" + WRONG),
    "an object that lies": descent("liar = type('int', (int,), {'__eq__': lambda *_: 1 / 0})(3)\n" + WRONG),
    "a class that lies": descent(
        "liar = type('M', (type,), {'__module__': property(lambda s: 1 / 0), '__hash__': None})('C', (), {})()\n"
        + WRONG
    ),
    "much memory": descent("hoard = [[0.0] * 10**5] * 100\n" + WRONG),
    "a list in itself": descent("knot = [1.0]\nknot.append(knot)\n" + WRONG),
}


@pytest.mark.parametrize("name", ODD)
def test_however_it_is_written_the_step_is_found(name: str, find: Find) -> None:
    cause = find(ODD[name])

    assert cause is not None
    assert (cause.argument, cause.sentence.partition(", your ")[2]) == ("grad_b", SAYS.partition(", your ")[2])


UNTRACED = {
    "tracing ended": descent("import sys; sys.settrace(None)\n" + WRONG),
    "tracing replaced": descent("import sys; sys.settrace(lambda *_: 1 / 0)\n" + WRONG),
    "its own frame": descent("import sys; sys._getframe().f_trace = None\n" + WRONG),
    "a comprehension alone": "def run_descent(x, y, w, b, lr, steps):\n    return [(w, b) for _ in range(steps + 1)]",
    "a generator function": descent("yield w\n" + WRONG),
    "endless recursion": descent("run_descent(x, y, w, b, lr, steps)"),
    "an exit": descent("import os; os._exit(3)"),
    "another answer the second time": descent(WRONG + "\nimport time\ngrad_b += time.monotonic_ns() % 1000003 / 1e3"),
    "tensors that lie": descent(WRONG, "torch.Tensor.numel = lambda self: 1 / 0"),
    "locals over and over": descent("for i in range(3000):\n    globals()[f'v{i}'] = i\n" + WRONG),
}
PATCH = "import sys\nsys.modules['grader.sandbox.recorder'].Recorder.record = property(lambda self: {value})\n"
FORGED = {
    **{f"forged: {name}": PATCH.format(value=repr(value)) for name, value in GARBAGE.items()},
    "forged: an object": PATCH.format(value="object()"),
    "forged: too much": PATCH.format(value="[False, [[0, [['w', bytes(2**21)]]]]]"),
    "forged: an exit": PATCH.format(value="__import__('os')._exit(1)"),
    "forged: an exception": PATCH.format(value="1 / 0"),
    "forged: without a class": "import sys\ndel sys.modules['grader.sandbox.worker'].Recorder\n",
}


@pytest.mark.parametrize("name", UNTRACED)
def test_what_cannot_be_traced_breaks_nothing_and_says_nothing(name: str, find: Find) -> None:
    assert find(UNTRACED[name]) is None


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_record_says_nothing(name: str, find: Find) -> None:
    assert find(descent(WRONG, FORGED[name])) is None


def test_an_endless_loop_is_not_called_again(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runner, "trace", lambda *_: pytest.fail("it was traced"))

    assert find(descent("while True:\n    pass"), Limits(call_seconds=0.2, long_call_seconds=0.2)) is None


def test_a_loop_that_raises_late_says_in_which_pass(find: Find) -> None:
    late, first = find(descent("[0, 0][len(path) - 1]")), find(descent("[][1]"))

    assert first is None
    assert late is not None
    assert late.sentence == "It stops in pass 3 of the loop in line 7."
    broken = find(descent("w = float('nan') if len(path) == 2 else w\nassert w == w"))
    assert broken is not None
    assert broken.sentence == "It stops in pass 2 of the loop in line 7, where `w` is nan."


def test_a_call_of_its_own_driver_or_without_arguments_is_not_traced(
    landscape: Lesson, reference: Reference, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Runner, "trace", lambda *_: pytest.fail("it was traced"))
    source = Source(f"exercises/{landscape.name}.py", descent(WRONG).encode())
    student = Student(Runner(landscape, source, zygote), reference)
    exercise = landscape.exercise("run_descent")
    student.function(exercise).plain(X, Y, 0.0, 0.0, 0.1, 5)
    (call,) = student.example
    student.close()

    assert steps.find(student, exercise, replace(call, driver="driver")) is None
    assert steps.find(student, exercise, replace(call, args=(), kwargs={})) is None


# ---- In a grading ----------------------------------------------------------------------------------------------------

SGD = """
def sgd_epoch(x, y, w, b, lr, order, batch_size):
    total = 0.0
    for start in range(0, len(order), batch_size):
        rows = order[start:start + batch_size]
        error = w * x[rows] + b - y[rows]
        total += (error ** 2).sum().item()
        grad_w = 2 * (error * x[rows]).mean().item() * (1.5 if start else 1)
        w, b = w - lr * grad_w, b - lr * 2 * error.mean().item()
    return w, b, total / len(order)
"""
TRAIN = """
import torch
def train(x, y, w, b, lr, steps):
    weight, bias = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    history, t = [], 0
    while t < steps:
        loss = ((weight * x + bias - y) ** 2).mean()
        loss.backward()
        history.append(loss.item())
        with torch.no_grad():
            weight -= lr * weight.grad
            bias -= 3 * lr * bias.grad
            weight.grad.zero_()
            bias.grad.zero_()
        t += 1
    return {"w": weight.item(), "b": bias.item(), "losses": history}
"""
TRAIN_LINE = """
def train_line(x, y, w, b, lr, orders, batch_size):
    history = []
    for order in orders:
        total = 0.0
        for start in range(0, len(order), batch_size):
            batch = order[start:start + batch_size]
            error = w * x[batch] + b - y[batch]
            total += (error ** 2).sum().item()
            grad_w, grad_b = 2 * (error * x[batch]).mean().item(), 2 * error.mean().item()
            w, b = w - lr * grad_w, b - lr * (grad_b + 0.1 if start else grad_b)
        history.append(total / len(order))
    return {"w": w, "b": b, "history": history, "status": "ok"}
"""
GRADED = {"1.1": ("train", TRAIN), "1.3": ("sgd_epoch", SGD), "1.4": ("run_descent", descent(WRONG))}
GRADED |= {"1.6": ("train_line", TRAIN_LINE)}
SAID = {
    "1.1": "After pass 1 of the loop in line 6, your `bias` is 6, expected 2: from 0 it has moved 3 times as far as"
    " expected. `weight` is right at that point.",
    "1.3": "After pass 2 of the loop in line 4, your `w` is 0.702, expected 0.6542: from 0.5586 it has moved 1.5 times"
    " as far as expected. Up to there it was right. `b` and `total` are right at that point.",
    "1.4": "After pass 3 of the loop in line 7, your `grad_b` is -0.9271, expected -1.177. Up to there it was right."
    " `w` and `grad_w` are right at that point.",
    "1.6": "In pass 1 of the loop in line 4, after pass 2 of the loop in line 6, your `b` is 0.9875, expected 1:"
    " from 0.75 it has moved 0.95 times as far as expected. Up to there it was right. `w`, `total` and `grad_w`"
    " are right at that point.",
}


@pytest.mark.parametrize("number", GRADED)
def test_the_verdict_tells_the_first_wrong_step(number: str, course: Course, zygote: Zygote) -> None:
    name, code = GRADED[number]
    lesson = course.find(number)
    source = Source(f"exercises/{lesson.name}.py", code.encode())
    (exercise,) = grade(lesson, source, zygote, Options((name,))).lesson.exercises
    failure = exercise.first_failure

    assert failure is not None
    assert failure.status is Status.WRONG
    assert failure.mistake == ""
    assert failure.cause is not None
    assert failure.cause.kind == "step"
    assert failure.explanation == f"{failure.seen} {failure.cause.sentence}".strip()
    assert failure.cause.sentence == SAID[number]
    others = [check for check in exercise.checks if check.name != failure.name]
    assert [check.cause for check in others if check.cause] == []


def test_a_right_submission_costs_no_trace(course: Course, zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "find", lambda *_: pytest.fail("it was traced"))
    lesson = course.find("1.4")
    graded = grade(lesson, course.root / "solutions", zygote, Options(("run_descent",)))

    assert graded.lesson.status is Status.PASSED


def test_a_worker_that_does_not_start_for_the_trace_is_no_fault(
    course: Course, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Fault("no worker")

    monkeypatch.setattr(Runner, "trace", fail)
    lesson = course.find("1.4")
    source = Source(f"exercises/{lesson.name}.py", descent(WRONG).encode())
    (exercise,) = grade(lesson, source, zygote, Options(("run_descent",))).lesson.exercises

    assert exercise.status is Status.WRONG
    assert exercise.first_failure is not None
    assert exercise.first_failure.cause is None
