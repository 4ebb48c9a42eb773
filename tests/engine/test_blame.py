"""A bug of the course is a fault with file and line, whatever a student has written, and no student can cause one."""

from pathlib import Path

import pytest

from grader.engine.watchdog import WAITING, Watchdog
from grader.reports import as_json, text
from grader.sandbox.connection import Channel
from grader.sandbox.zygote import Zygote
from grader.verdict import ExerciseVerdict, Report, Status
from tests.grading import grade, report_on
from tests.small_lesson import write_lesson

BODY = "    x = torch.tensor([0.5, 3.0], dtype=torch.float64)\n"
LINE = 28
"""The line of scale.py in which a statement is put."""
RIGHT = "def scale(x, factor):\n    return x * factor\n"
FUNCTIONS = {
    "right": RIGHT,
    "a known mistake": "def scale(x, factor):\n    return x / factor\n",
    "raises": "def scale(x, factor):\n    raise ValueError('no')\n",
    "never returns a value": "def scale(x, factor):\n    return None\n",
}
IMPORT = ("import StudentFunction", "import driver, StudentFunction")
DRIVERS = """

@driver
def broken(scale, x):
    return x.no_such_attribute


@driver
def twice(scale, x):
    return scale(scale(x, 2.0), 2.0)


@driver
def object_of(scale, x):
    return object()
"""


def graded(root: Path, zygote: Zygote, statement: str, code: str, watchdog: Watchdog | None = None) -> ExerciseVerdict:
    """Grade some code by the small lesson, in which a check begins with a statement in line 28 of scale.py."""
    lesson = write_lesson(root, code=(BODY, f"    {statement}\n{BODY}"))
    file = lesson.code("scale")
    file.write_text(file.read_text().replace(*IMPORT) + DRIVERS)
    (root / "exercises" / f"{lesson.name}.py").write_text(f"import time, torch\n{code}")
    return grade(lesson, root / "exercises", zygote, watchdog=watchdog).lesson.exercises[0]


BUGS = {
    "the solution raises": (
        'scale("text", torch.ones(2))',
        "In test_not_smaller, the solution of scale raises TypeError: ",
        "(solutions/m9_1_scaling.py:15)",
    ),
    "a driver is missing": (
        'scale.drive("twise", torch.ones(2))',
        "In test_not_smaller, the check drives scale with 'twise', which is not a @driver",
        "which is not a @driver in lessons/m9_1_scaling/scale.py.",
    ),
    "a driver is broken": (
        'scale.drive("broken", torch.ones(2))',
        "In test_not_smaller, the solution of scale raises AttributeError: 'Tensor' object has no attribute 'no_such",
        "(lessons/m9_1_scaling/scale.py:49)",
    ),
    "an argument is an array of objects": (
        "scale(torch.ones(2).numpy().astype(object), 2.0)",
        "In test_not_smaller, the check passes scale an argument that is not data: an array of dtype object.",
    ),
    "an argument is a function, far inside": (
        "scale([{'a': (len,)}], 2.0)",
        "In test_not_smaller, the check passes scale an argument that is not data: builtin_function_or_method.",
    ),
    "an argument is a module of torch": (
        "scale(torch.nn.Linear(1, 1), 2.0)",
        "an argument that is not data: torch.nn.modules.linear.Linear.",
    ),
    "an argument by its name is no data": ("scale(x=torch.ones(2), factor=object())", "is not data: object."),
    "an argument is too large": (
        "scale(torch.ones(10**6), 2.0)",
        "an argument that holds a tensor of shape (1000000,), which is too large",
    ),
    "the solution returns no data": (
        'scale.drive("object_of", torch.ones(2))',
        "In test_not_smaller, the solution of scale returns a value that is not data: object.",
    ),
    "the check fails always": (
        'raise AssertionError("forgotten")',
        "The solution fails test_not_smaller: AssertionError: forgotten",
    ),
    "a comparison is used wrongly": (
        'assert_close({"a": "b"}, {"a": "b"})',
        "Error in check test_not_smaller (authoring.py:",
        "): TypeError: expected a tensor, a number or a list of numbers, not str",
    ),
    "the check breaks": ("{}['key']", "Error in check test_not_smaller: KeyError: 'key'"),
    "the check exits": ("raise SystemExit(0)", "Error in check test_not_smaller: SystemExit: 0"),
    "no error is raised": (
        "from grader.authoring import assert_raises; assert_raises(ValueError, scale, torch.ones(1), 2.0)",
        "In test_not_smaller, the check requires a ValueError, but the solution returns [2.].",
    ),
    "another error is raised": (
        'from grader.authoring import assert_raises; assert_raises(ValueError, scale, "text", torch.ones(2))',
        "In test_not_smaller, the check requires a ValueError, but the solution raises TypeError: ",
    ),
    "what must raise has no driver": (
        'from grader.authoring import assert_raises; assert_raises(ValueError, scale, driver="twise")',
        "the check drives scale with 'twise', which",
    ),
}


@pytest.mark.parametrize("code", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_of_the_course_is_a_fault_for_everyone(tmp_path: Path, zygote: Zygote, bug: str, code: str) -> None:
    statement, *says = BUGS[bug]
    verdict = graded(tmp_path, zygote, statement, code)
    fault = verdict.first_failure

    assert (verdict.status, verdict.points) == (Status.FAULT, None)
    assert fault is not None
    assert (fault.name, fault.mistake, fault.counterexample, fault.returned) == ("test_not_smaller", "", "", "")
    assert fault.message.startswith(f"lessons/m9_1_scaling/scale.py:{LINE}: "), fault.message
    assert all(words in fault.message for words in says), fault.message
    assert fault.message.endswith(
        "This is a bug in the workbook, not in your code, and costs no points. Please report it with these lines."
    )


def test_a_check_that_the_solution_does_not_pass_is_a_fault_for_all_that_return(tmp_path: Path, zygote: Zygote) -> None:
    statement = "assert float(scale(torch.ones(1), 3.0)) == 4"
    ended = {name: graded(tmp_path / name, zygote, statement, code) for name, code in FUNCTIONS.items()}

    assert {name: verdict.status for name, verdict in ended.items()} == {
        "right": Status.FAULT,
        "a known mistake": Status.FAULT,
        "raises": Status.RAISED,
        "never returns a value": Status.FAULT,
    }
    fault = ended["right"].first_failure
    assert fault is not None
    assert fault.message.startswith(f"lessons/m9_1_scaling/scale.py:{LINE}: The solution fails test_not")


VALUES = {
    "a number that overflows": ("2.0 ** int(scale(torch.ones(1), 3.0)[0])", "torch.full((1,), 1e4)", "OverflowError"),
    "a number that ends a loop": (
        "sum(0 for _ in range(int(scale(torch.ones(1), 3.0)[0])))",
        "torch.full((1,), 1e18)",
        "the check does not finish: it was stopped after 2 seconds of CPU time.",
    ),
    "a number that the solution refuses": (
        'scale("text" if float(scale(torch.ones(1), 3.0)[0]) > 3 else torch.ones(1), torch.ones(1))',
        "torch.full((1,), 4.0)",
        "the check cannot continue: the solution of scale raises TypeError",
    ),
    "a number that makes the next argument too large": (
        "scale(torch.ones(int(scale(torch.ones(1), 3.0)[0])), 2.0)",
        "torch.full((1,), 1e6)",
        "the check cannot continue: the check passes scale an argument that holds a tensor of shape (1000000,)",
    ),
    "a number that chooses the driver": (
        'scale.drive({3: "twice"}.get(int(scale(torch.ones(1), 3.0)[0]), "twise"), torch.ones(1))',
        "torch.full((1,), 4.0)",
        "the check cannot continue: the check drives scale with 'twise'",
    ),
    "a number that ends the check": (
        "exec('raise SystemExit' if float(scale(torch.ones(1), 3.0)[0]) != 3 else '')",
        "torch.full((1,), 4.0)",
        "",
    ),
}


@pytest.mark.parametrize("value", VALUES)
def test_what_only_values_of_a_student_break_is_the_student_s(tmp_path: Path, zygote: Zygote, value: str) -> None:
    statement, returned, says = VALUES[value]
    code = f"def scale(x, factor):\n    return {returned} if factor == 3 else x * factor\n"
    watchdog = Watchdog(processor_seconds=2.0)
    verdict = graded(tmp_path / "wrong", zygote, statement, code, watchdog=watchdog)
    check = next(each for each in verdict.checks if each.name == "test_not_smaller")

    assert check.status is Status.WRONG
    assert says in check.message
    right = graded(tmp_path / "right", zygote, statement, RIGHT, watchdog=Watchdog(processor_seconds=30.0))
    assert right.status is Status.PASSED


BUSY = (Watchdog(processor_seconds=2.0), "2 seconds of CPU time")
IDLE = (Watchdog(tick_seconds=0.5, max_ticks=4), "2 seconds, mostly idle")
ENDLESS = {
    "a loop": ("while True: pass", *BUSY),
    "a loop that catches everything": (
        "exec('while True:\\n try:\\n  1 / 0\\n except Exception:\\n  pass')",
        *BUSY,
    ),
    "a sleep": ("import time; time.sleep(10**6)", *IDLE),
    "a lock": ("import threading; threading.Lock().acquire() and threading.Event().wait()", *IDLE),
}


@pytest.mark.parametrize("endless", ENDLESS)
def test_a_check_that_never_ends_is_a_fault_at_its_line(tmp_path: Path, zygote: Zygote, endless: str) -> None:
    statement, watchdog, says = ENDLESS[endless]
    verdict = graded(tmp_path, zygote, statement, RIGHT, watchdog=watchdog)
    fault = verdict.first_failure

    assert (verdict.status, verdict.points) == (Status.FAULT, None)
    assert fault is not None
    assert fault.message.startswith(f"lessons/m9_1_scaling/scale.py:{LINE}: test_not_smaller does not finish"), fault
    assert f"even with the solution: it was stopped after {says}" in fault.message


def test_a_strategy_that_never_ends_is_a_fault(tmp_path: Path, zygote: Zygote) -> None:
    drawn = "@given(x=vectors().filter(lambda _: sum(0 for _ in iter(int, 1))), factor=numbers())\ndef test_twice"
    example = "@example(x=torch.tensor([1.0, 2.0, -4.0], dtype=torch.float64), factor=3.0)"
    whole = f"@given(x=vectors(), factor=numbers())\n{example}\ndef test_twice"
    lesson = write_lesson(tmp_path, code=(whole, drawn))
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(RIGHT)
    watchdog = Watchdog(processor_seconds=2.0)
    fault = grade(lesson, tmp_path / "exercises", zygote, watchdog=watchdog).lesson.exercises[0].first_failure

    assert fault is not None
    assert (fault.status, fault.name) == (Status.FAULT, "test_twice")
    assert fault.message.startswith("lessons/m9_1_scaling/scale.py:19: test_twice does not finish")


def test_a_student_who_is_waited_for_is_no_check_that_sleeps(tmp_path: Path, zygote: Zygote) -> None:
    watchdog = Watchdog(tick_seconds=0.1, max_ticks=6)
    code = "def scale(x, factor):\n    time.sleep(0.9)\n    return x * factor\n"

    assert graded(tmp_path, zygote, "scale(torch.ones(1), 2.0)", code, watchdog=watchdog).status is not Status.FAULT
    assert Channel.receive.__code__.co_filename == WAITING


def test_a_fault_has_no_score_in_any_report(tmp_path: Path, zygote: Zygote) -> None:
    verdict = graded(tmp_path, zygote, BUGS["the solution raises"][0], RIGHT)
    lesson = write_lesson(tmp_path / "again")
    report = report_on(lesson, tmp_path / "exercises", zygote)
    report = Report((type(report.lessons[0])("9.1", "m9_1_scaling", "Scaling", (verdict,)),), "confined")

    assert report.exit_code == 3
    assert '"points": null' in as_json.render(report)
    assert "lessons/m9_1_scaling/scale.py:28" in text.render(report, text.Style(), 0)
