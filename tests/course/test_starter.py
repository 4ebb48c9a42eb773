"""Exercises to be repaired: the stub is the solution with known mistakes, to do until it changes, and then graded."""

import ast
from pathlib import Path

import pytest

from grader.audit import wrong
from grader.audit.finding import Proof
from grader.audit.proving import QUICK
from grader.commands.reset import with_function
from grader.course import rules
from grader.course.derived import is_stub
from grader.course.model import Lesson
from grader.course.submission import Source
from grader.pool.pool import Outcome
from grader.sandbox import outline
from grader.sandbox.zygote import Zygote
from grader.verdict import Cause, ExerciseVerdict, Status
from tests.grading import grade
from tests.small_lesson import TEXT, write_lesson

RIGHT = """\
    # Every entry, the same factor.
    result = x * factor

    result = result + 0.0
    return result
"""
BROKEN = """\
    # Every entry, the same factor.
    result = x + factor

    return result * 2
"""
MISTAKES = """
### not_added

- `result = result + 0.0` becomes ``

You leave out a line.

### doubled

- `return result` becomes `return result * 2`

You double the result.

### tripled

- `result + 0.0` becomes `result + 2.0 * result`

You triple the result.
"""
STARTER = "\n## Starter\n\n- `added`\n- `not_added`\n- `doubled`\n"


def written(root: Path, starter: str = STARTER, mistakes: str = MISTAKES, right: str = RIGHT) -> Lesson:
    """Write the small lesson with an exercise to be repaired."""
    return write_lesson(root, text=(TEXT, TEXT + mistakes + starter), solution=("    return x * factor\n", right))


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return written(tmp_path)


def graded(lesson: Lesson, text: str, zygote: Zygote) -> ExerciseVerdict:
    return grade(lesson, Source("exercises/m9_1_scaling.py", text.encode()), zygote).lesson.exercises[0]


def cause_of(exercise: ExerciseVerdict) -> Cause:
    assert exercise.first_failure is not None
    assert exercise.first_failure.cause is not None
    return exercise.first_failure.cause


# ---- The stub --------------------------------------------------------------------------------------------------------


def test_the_stub_is_the_solution_with_all_the_mistakes(lesson: Lesson) -> None:
    todo = "    # TODO: scale: repair this code. As long as it is unchanged, it counts as to do.\n"

    assert lesson.stub == lesson.solution_text.replace(RIGHT, todo + BROKEN)


def test_an_untouched_stub_is_a_stub_and_a_repaired_one_is_a_students_work(lesson: Lesson) -> None:
    assert is_stub(lesson.stub, lesson.starters)
    assert not is_stub(lesson.stub.replace("x + factor", "x * factor"), lesson.starters)
    assert not is_stub(lesson.solution_text, lesson.starters)
    assert not is_stub("import torch\n", lesson.starters)


def test_a_reset_brings_the_code_to_be_repaired_again(lesson: Lesson) -> None:
    assert with_function(lesson.solution_text.encode(), lesson.stub, "scale", lesson.solution) == lesson.stub


@pytest.mark.parametrize(
    ("starter", "problem"),
    [
        ("- `lost`", "'lost' is not a known mistake of this file"),
        ("- `added`\n- `added`", "'added' is not a known mistake of this file"),
        ("- `ignored`", "ignored is a function, and functions cannot be combined"),
        ("- `added`\n- `divided`", "`x * factor` no longer occurs exactly once, after the edits before this one"),
        ("- `in_a_helper`", "a starter changes one function, scale, and this one changes _one"),
    ],
)
def test_a_starter_that_cannot_be_made_is_an_error_of_the_course(tmp_path: Path, starter: str, problem: str) -> None:
    helper = "    return x * factor * _one()\n\n\ndef _one():\n    return 1\n"
    mistakes = "\n### in_a_helper\n\n- `return 1` becomes `return 2`\n\nIt is 1.\n"
    lesson = written(tmp_path, f"\n## Starter\n\n{starter}\n", mistakes, helper)

    errors = [str(error) for error in rules.errors_of(lesson)]

    assert len(errors) == 1
    assert problem in errors[0]
    assert errors[0].startswith("lessons/m9_1_scaling/scale.md:")


# ---- To do, until it changes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "is_stub"),
    [
        (("# Every entry, the same factor.", "# mine"), True),
        (("x + factor", "( x  +  factor )"), True),
        (("Return every entry", "Give every entry"), True),
        (("x + factor", "x - factor"), False),
        (("x + factor", "factor + x"), False),
        (("result * 2", "result * 2.0"), False),
        (("result * 2\n", "result * 2\n    pass\n"), False),
        (("def scale", "def scaled"), False),
    ],
)
def test_only_other_code_is_a_change(lesson: Lesson, change: tuple[str, str], is_stub: bool) -> None:
    assert change[0] in lesson.stub
    tree = ast.parse(lesson.stub.replace(*change, 1))

    (definition,) = next(iter(outline.read(tree, lesson.starters).definitions.values()))

    assert definition.is_stub is is_stub


def test_a_deep_tree_is_compared_without_recursion() -> None:
    deep = "0" + " + 1" * 900
    found = outline.read(ast.parse(f"def scale(x, factor):\n    return {deep}\n"), {"scale": f"    return {deep}"})

    assert found.definitions["scale"][0].is_stub


def test_the_untouched_code_is_to_do_and_earns_nothing(lesson: Lesson, zygote: Zygote) -> None:
    exercise = graded(lesson, lesson.stub, zygote)

    assert (exercise.status, exercise.points) == (Status.TODO, 0)


def test_what_is_left_is_told_one_mistake_at_a_time(tmp_path: Path, zygote: Zygote) -> None:
    three = "- `added`\n- `doubled`\n- `tripled`\n"
    lesson = written(tmp_path, f"\n## Starter\n\n{three}")

    cause = cause_of(graded(lesson, lesson.stub.replace("return result", "pass; return result"), zygote))
    assert cause.sentence.endswith("with three of its mistakes left. You add the factor, and it is to be multiplied.")

    cause = cause_of(graded(lesson, lesson.stub.replace("result * 2\n", "result\n"), zygote))
    assert cause.sentence.endswith("with two of its mistakes left. You add the factor, and it is to be multiplied.")
    assert "triple" not in cause.sentence

    exercise = graded(lesson, lesson.stub.replace("result * 2\n", "result\n").replace("x + f", "x * f"), zygote)
    assert exercise.first_failure is not None
    assert exercise.first_failure.mistake == "tripled"


def test_the_repaired_code_passes(lesson: Lesson, zygote: Zygote) -> None:
    repaired = lesson.stub.replace("x + factor", "x * factor").replace("result * 2", "result")

    assert graded(lesson, repaired, zygote).status is Status.PASSED


# ---- The audit -------------------------------------------------------------------------------------------------------


def proved(lesson: Lesson, zygote: Zygote) -> Proof:
    """Return the proof about wrong answers."""
    proving = wrong.prove(lesson, QUICK)
    outcomes = [Outcome(job, grade(lesson, job.source, zygote, job.options).lesson) for job in next(proving)]
    try:
        proving.send(outcomes)
    except StopIteration as ended:
        proof: Proof = ended.value[0]
        return proof
    raise AssertionError("it has no end")


def test_half_a_repair_that_passes_is_a_finding(tmp_path: Path, zygote: Zygote) -> None:
    """The two mistakes undo one another."""
    halved = "\n### halved\n\n- `result + 0.0` becomes `result / 2`\n\nYou halve the result.\n"
    pair = "\n## Starter\n\n- `doubled`\n- `halved`\n"
    doubled = "\n### doubled\n\n- `return result` becomes `return result * 2`\n\nYou double the result.\n"

    proof = proved(written(tmp_path, pair, doubled + halved), zygote)

    (finding,) = (each for each in proof.findings if "starter" in each.text)
    assert "scale__doubled_and_halved, left of the starter, does not fail" in finding.text


def test_half_repairs_that_fail_are_counted(tmp_path: Path, zygote: Zygote) -> None:
    three = "\n## Starter\n\n- `added`\n- `doubled`\n- `tripled`\n"
    # Leaving out a line that does nothing is not a mistake.
    mistakes = "\n### doubled" + MISTAKES.partition("### doubled")[2]

    proof = proved(written(tmp_path, three, mistakes), zygote)

    assert [each.text for each in proof.findings] == []
    assert "4 half-repaired starters fail" in proof.facts
