"""An exercise that is a class: its checks and its docstring example run lines of Python beside it."""

from pathlib import Path

from grader.commands import repl
from grader.course.model import Lesson
from grader.course.solution import Example
from grader.engine import altered
from grader.engine.reference import Reference
from grader.reports import text
from grader.sandbox.zygote import Zygote
from grader.verdict import Report, Status
from tests.grading import grade

LESSON = "m9_2_counting"
SOLUTION = '''\
"""Exercises of lesson 9.2: counting."""

from torch import Tensor


class Counter:
    """A number that grows by what is added to it.

    >>> counter = Counter(2.0)
    >>> counter.add(3.0)
    >>> counter.total, counter.steps
    (5.0, 1)
    """

    def __init__(self, start: float, steps: int = 0) -> None:
        self.total = start
        self.steps = steps

    def add(self, number: float) -> None:
        """Add a number."""
        self.total = self.total + number
        self.steps += 1

    def mean(self, numbers: Tensor) -> float:
        """Add the numbers of a tensor, and return the total for each of the steps."""
        for number in numbers.tolist():
            self.add(number)
        return self.total / self.steps
'''
CODE = '''\
"""What must hold of Counter."""

import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, numbers, vectors


@given(start=numbers(), number=numbers())
@example(start=1.0, number=2.0)
def test_added(Counter: StudentFunction, start: float, number: float) -> None:
    """The total is the sum."""
    code = f"counter = Counter({start})\\ncounter.add({number})\\n[counter.total, counter.steps]"
    assert_close(Counter.run(code), [start + number, 1])


@given(x=vectors())
@example(x=torch.tensor([1.0, 2.0, 6.0]))
def test_mean(Counter: StudentFunction, x: Tensor) -> None:
    """The mean is the mean."""
    means = [Counter.run("Counter(0.0).mean(x)", x=x), Counter.run("Counter(0.0).mean(x)", x=x + 1)]
    mean = sum(x.tolist()) / len(x)
    assert_close(means, [mean, mean + 1])
'''
TEXT = """\
# Counter

## Hints

1. What is kept?
2. The total.
3. `self.total += number`

## Known mistakes

### replaced
- `self.total = self.total + number` becomes `self.total = number`

You keep the last number alone.
"""


def lesson_in(root: Path, code: str = CODE) -> Lesson:
    lesson = Lesson(root, LESSON)
    lesson.folder.mkdir(parents=True)
    (root / "solutions").mkdir()
    lesson.solution.write_text(SOLUTION, encoding="utf-8")
    (lesson.folder / "Counter.py").write_text(code, encoding="utf-8")
    (lesson.folder / "Counter.md").write_text(TEXT, encoding="utf-8")
    return lesson


def report_of(root: Path, zygote: Zygote, submission: str, code: str = CODE) -> tuple[Report, str]:
    lesson, folder = lesson_in(root, code), root / "submission"
    folder.mkdir()
    (folder / f"{LESSON}.py").write_text(submission, encoding="utf-8")
    graded = grade(lesson, folder, zygote)
    report = Report((graded.lesson,), graded.isolation, 0)
    return report, text.render(report, text.Style(), 0)


def test_the_solution_passes_and_so_does_a_class_with_other_arguments_of_its_own(
    tmp_path: Path, zygote: Zygote
) -> None:
    other = SOLUTION.replace("start: float, steps: int = 0", "start: float").replace(
        "self.steps = steps", "self.steps = 0"
    )

    report, shown = report_of(tmp_path, zygote, other)

    assert report.lessons[0].exercises[0].status is Status.PASSED, shown
    assert len(report.lessons[0].exercises[0].checks) == 4


def test_a_known_mistake_is_named_and_the_report_shows_the_lines_to_paste(tmp_path: Path, zygote: Zygote) -> None:
    wrong = SOLUTION.replace("self.total = self.total + number", "self.total = 0 + number")

    report, shown = report_of(tmp_path, zygote, wrong)

    first = report.lessons[0].exercises[0].first_failure
    assert first is not None
    assert first.mistake == "replaced"
    assert first.counterexample == "counter = Counter(2.0)\ncounter.add(3.0)\ncounter.total, counter.steps"
    assert "your code returned  (3., 1)" in shown


def test_the_values_of_the_lines_are_shown_before_them(tmp_path: Path, zygote: Zygote) -> None:
    wrong = SOLUTION.replace("return self.total / self.steps", "return self.total")

    report, _ = report_of(tmp_path, zygote, wrong)

    first = report.lessons[0].exercises[0].first_failure
    assert first is not None
    assert first.counterexample == "x = torch.tensor([1.0, 2.0, 6.0])\nCounter(0.0).mean(x)"


def test_a_change_is_placed_by_its_method_and_attribute(tmp_path: Path, zygote: Zygote) -> None:
    wrong = SOLUTION.replace("return self.total / self.steps", "return self.total")

    _, shown = report_of(tmp_path, zygote, wrong)

    said = " ".join(shown.split())
    assert "In every call, your class did what the solution would do with" in said
    assert "in the line that returns the result in `mean`: a divisor that is left out." in said
    places = {each.difference.place for each in altered.singles(Lesson(tmp_path, LESSON), "Counter", {"self.total"})}
    assert "the line that computes `self.total` in `add`" in places
    assert "an intermediate step in `__init__`" in places


def test_a_method_that_is_still_to_do_leaves_the_others_their_points(tmp_path: Path, zygote: Zygote) -> None:
    begun = (
        SOLUTION[: SOLUTION.index("        for number in")]
        + '        raise NotImplementedError("TODO: Counter.mean")\n'
    )

    report, shown = report_of(tmp_path, zygote, begun)

    exercise = report.lessons[0].exercises[0]
    assert exercise.status is Status.TODO
    assert "Still to do: Counter.mean in" in shown
    assert exercise.points == 3


def test_a_number_that_is_used_like_an_object_of_the_class_is_told_whose_attribute_it_is(
    tmp_path: Path, zygote: Zygote
) -> None:
    wrong = SOLUTION.replace("self.total + number\n", "self.total + number.total\n")

    _, shown = report_of(tmp_path, zygote, wrong)

    said = " ".join(shown.split())
    assert "This value is a Python float; `total` belongs to objects of your class Counter." in said
    assert "make one of these objects of it first: Counter(...)." in said


def test_a_class_with_an_endless_name_makes_no_endless_report(tmp_path: Path, zygote: Zygote) -> None:
    wrong = f"class {'A' * 100_000}:\n    total: int = 0\n\n\n" + SOLUTION.replace("+ number\n", "+ number.total\n")

    report, _ = report_of(tmp_path, zygote, wrong)

    first = report.lessons[0].exercises[0].first_failure
    assert first is not None
    assert "belongs to objects of your class AAA" in first.explanation
    assert len(first.explanation) < 6000


def test_lines_that_show_nothing_are_a_fault_of_the_course(tmp_path: Path, zygote: Zygote) -> None:
    code = CODE.replace("Counter(0.0).mean(x)", "counter = Counter(0.0)")

    report, shown = report_of(tmp_path, zygote, SOLUTION, code)

    assert report.lessons[0].exercises[0].status is Status.FAULT
    assert "the last line must be an expression" in shown


def test_the_example_of_a_class_may_end_with_any_expression(tmp_path: Path) -> None:
    lesson = lesson_in(tmp_path)

    assert lesson.exercises[0].parameters == ("start",)
    assert lesson.exercises[0].is_class
    assert lesson.examples["Counter"] == Example(
        ("counter = Counter(2.0)\n", "counter.add(3.0)\n"), "counter.total, counter.steps", (9, 10, 11)
    )


def test_a_session_begins_with_the_example_of_a_class(tmp_path: Path) -> None:
    lesson = lesson_in(tmp_path)

    scene = repl.find_scene(lesson.exercises[0], None, Reference(lesson))

    assert scene.call is None
    assert scene.text.endswith("counter.total, counter.steps")
    assert scene.text in repl.banner(lesson, lesson.exercises[0], scene, ["Counter"])
