"""Causes that are found by search: each is stated only where it gives every answer of the student's function."""

from dataclasses import replace
from pathlib import Path

import pytest

from grader.course.model import Course, Lesson
from grader.course.submission import Source
from grader.engine.grading import Graded, Grading, Options, Searched, Task, items_of, load
from grader.engine.reference import Asked, Raised, Reference, Returned
from grader.engine.search import MANY_LINES, Search
from grader.engine.student import Call, Student
from grader.sandbox.zygote import Zygote
from grader.verdict import Cause, ExerciseVerdict, Status
from tests.grading import grade
from tests.small_lesson import CODE, SOLUTION, TEXT, write_lesson

HEAD = "import torch\n\n"
FOUND = {
    "fixed": ("def scale(x, factor):\n    return x * 2.0", "fixed", "factor", "`factor` were always 2, whatever"),
    "cut": ("def scale(x, factor):\n    return x * int(factor)", "argument", "factor", "`factor` were cut to a whole"),
    "reversed": ("def scale(x, factor):\n    return x.flip(0) * factor", "argument", "x", "as if `x` were reversed"),
    "sorted": ("def scale(x, factor):\n    return x.sort().values * factor", "argument", "x", "as if `x` were sorted"),
    "opposite": ("def scale(x, factor):\n    return -x * factor", "argument", "x", "`x` had the opposite sign"),
    "one short": (
        "def scale(x, factor):\n    return x[:-1] * factor",
        "argument",
        "x",
        "the last entry of `x` were missing",
    ),
    "times N": ("def scale(x, factor):\n    return x * factor * len(x)", "result", "", "times N, the length of `x`."),
    "constant": ("def scale(x, factor):\n    return torch.zeros(1)", "constant", "", "whatever its arguments are"),
    "third": ("def scale(x, factor):\n    return x * factor / 3", "result", "", "0.3333 times the expected one"),
    "offset": ("def scale(x, factor):\n    return x * factor + 7", "result", "", "the expected one plus 7"),
    "root": (
        "def scale(x, factor):\n    return (x * factor).sqrt()",
        "result",
        "",
        "the square root of the expected one",
    ),
    "two changes": (
        "def scale(x, factor):\n    return x.flip(0) * factor + 7",
        "two",
        "argument x",
        "Two things at once",
    ),
    "standardised, and added": (
        "def scale(x, factor):\n    return (x - x.mean()) / (x.std(correction=0) + 1e-8) + factor",
        "two",
        "added",
        "The second: your function behaves as if `x` were standardised.",
    ),
    "summed": (
        "def scale(x, factor):\n    return (x * factor).cumsum(0)",
        "result",
        "",
        "the running sum of the expected",
    ),
    "kept": (
        "def scale(x, factor, seen=[]):\n    seen.append(1)\n    return x * factor + len(seen)",
        "state",
        "",
        "answers the same call in two ways",
    ),
    "mistake and argument": (
        "def scale(x, factor):\n    return x + int(factor)",
        "two",
        "added",
        "The second: your function behaves as if `factor` were cut to a whole number.",
    ),
    "random": (
        "def scale(x, factor):\n    return torch.rand(len(x))",
        "random",
        "",
        "The expected result depends on the arguments alone.",
    ),
    "random factor": (
        "import random\ndef scale(x, factor):\n    return x * random.random()",
        "random",
        "",
        "Your function draws random numbers",
    ),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return write_lesson(tmp_path_factory.mktemp("course"))


def graded(lesson: Lesson, code: str, zygote: Zygote) -> ExerciseVerdict:
    source = Source("exercises/m9_1_scaling.py", (HEAD + code).encode())
    return grade(lesson, source, zygote).lesson.exercises[0]


def cause_of(exercise: ExerciseVerdict) -> Cause | None:
    return exercise.first_failure.cause if exercise.first_failure is not None else None


@pytest.mark.parametrize("name", FOUND)
def test_what_gives_all_answers_is_found(name: str, small: Lesson, zygote: Zygote) -> None:
    code, kind, argument, says = FOUND[name]
    cause = cause_of(graded(small, code, zygote))

    assert cause is not None
    assert cause.kind == kind
    assert cause.argument.startswith(argument)
    assert says in cause.sentence


def test_the_sentence_is_what_the_student_reads(small: Lesson, zygote: Zygote) -> None:
    exercise = graded(small, FOUND["reversed"][0], zygote)
    wrong = [check for check in exercise.checks if check.status is Status.WRONG]

    assert {check.explanation for check in wrong} == {"Your function behaves as if `x` were reversed."}


@pytest.mark.parametrize(
    "code",
    [
        "def scale(x, factor):\n    return x * factor if len(x) < 3 else x * factor * 2",
        "def scale(x, factor):\n    return x * factor + (factor > 0)",
        "def scale(x, factor):\n    return x * factor ** 1.5",
    ],
)
def test_what_gives_only_some_answers_is_not_stated(code: str, small: Lesson, zygote: Zygote) -> None:
    cause = cause_of(graded(small, code, zygote))

    assert cause is None or cause.kind == "state"


def test_a_known_mistake_needs_no_search(small: Lesson, zygote: Zygote) -> None:
    exercise = graded(small, "def scale(x, factor):\n    return factor + x", zygote)

    assert exercise.first_failure is not None
    assert exercise.first_failure.mistake == "added"
    assert exercise.first_failure.cause is None


@pytest.mark.parametrize("value", ["None", "'text'", "{}", "[[]]", "float('nan')", "x[None]", "2**2000", "(1, 'a')"])
def test_values_of_any_kind_break_no_search(value: str, small: Lesson, zygote: Zygote) -> None:
    exercise = graded(small, f"def scale(x, factor):\n    return {value}", zygote)

    assert exercise.status is Status.WRONG


def test_the_same_file_gets_the_same_cause(small: Lesson, zygote: Zygote) -> None:
    causes = {cause_of(graded(small, FOUND["mistake and argument"][0], zygote)) for _ in range(3)}

    assert len(causes) == 1


def test_two_known_mistakes_at_once_are_told_by_both_sentences(course: Course, zygote: Zygote) -> None:
    lesson = course.find("1.4")
    code = (
        b"def compute_grid(x, y, w_values, b_values):\n"
        b"    errors = w_values[:, None, None] * x + b_values[:, None] - y\n"
        b"    return (errors**2).sum(-1).T\n"
    )
    source = Source("exercises/m1_4_loss_landscape.py", code)
    (exercise,) = grade(lesson, source, zygote, Options(("compute_grid",))).lesson.exercises
    cause = cause_of(exercise)

    assert cause is not None
    assert cause.kind == "two"
    assert "Your rows and columns are swapped" in cause.sentence
    assert "You add the squared errors" in cause.sentence


# ---- Where ----------------------------------------------------------------------------------------------------------


def of_lesson(lesson: Lesson, exercise: str, code: str, zygote: Zygote) -> ExerciseVerdict:
    """Return the verdict on one exercise of a file."""
    source = Source(f"exercises/{lesson.name}.py", (HEAD + code).encode())
    (verdict,) = grade(lesson, source, zygote, Options((exercise,))).lesson.exercises
    return verdict


BIAS_UP = """
def sgd_epoch(x, y, w, b, lr, order, batch_size):
    total = 0.0
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        error = w * x[batch] + b - y[batch]
        total += (error**2).sum().item()
        slope = 2 * (error * x[batch]).mean().item()
        {names} = w - lr * slope, b + lr * 2 * error.mean().item()
        {after}
    return w, b, total / len(order)
"""


@pytest.mark.parametrize(
    ("names", "after", "place"),
    [("w, b", "", "the line that computes `b`"), ("w, c", "b = c", "the line that computes `b`")],
)
def test_a_small_change_says_where_by_the_students_own_names(
    names: str, after: str, place: str, course: Course, zygote: Zygote
) -> None:
    code = BIAS_UP.format(names=names, after=after)
    cause = cause_of(of_lesson(course.find("1.3"), "sgd_epoch", code, zygote))

    assert cause is not None
    assert (cause.kind, cause.argument, cause.value) == ("where", place, "the sign of one term")
    assert cause.sentence == (
        "In every call, your function did what the solution would do with one change in the line that"
        " computes `b`: the sign of one term."
    )


SQUARES = "".join(
    f'''def test_{name}(scale: StudentFunction) -> None:
    """Every entry is multiplied, and its fourth power is added."""
    for value in (0.0, 1.0, {value}):
        assert_close(scale(torch.tensor([value]), {factor}), [value * {factor} + value**4])


'''
    for name, value, factor in (("one", 2.0, 3.0), ("two", -1.5, 0.5), ("three", 0.5, 2.0))
)


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("return x * factor + x**6", "an intermediate step"),
        ("once = x**3\n    return x * factor + once**2", "the line that computes `once`"),
        ("once = x**2\n    return x * factor + once**3", "the line that computes `once`"),
    ],
)
def test_two_changes_that_give_every_answer_are_both_named(
    code: str, place: str, tmp_path: Path, zygote: Zygote
) -> None:
    lesson = write_lesson(
        tmp_path,
        solution=("    return x * factor\n", "    once = x**2\n    return x * factor + once**2\n"),
        code=(CODE[CODE.index("@given") : CODE.index("@predict")], SQUARES),
    )
    cause = cause_of(graded(lesson, f"def scale(x, factor):\n    {code}", zygote))

    assert cause is not None
    assert cause.sentence == (
        "In every call, your function did what the solution would do with one of these changes: in"
        f" {place}: one number; or in the line that returns the result: one number."
    )


def test_two_mistakes_are_found_where_they_raise_in_some_calls(course: Course, zygote: Zygote) -> None:
    code = (
        "def largest_stable_lr(x):\n"
        "    half = torch.tensor([[(x * x).mean(), x.mean()], [x.mean(), 1.0]], dtype=x.dtype)\n"
        "    return 1 / (2 * torch.linalg.eigvalsh(half)[0].item())  # the smallest may be 0\n"
    )
    exercise = of_lesson(course.find("1.2"), "largest_stable_lr", code, zygote)
    causes = {check.cause for check in exercise.checks if check.status is Status.WRONG}

    assert Status.RAISED in {check.status for check in exercise.checks}
    assert [each.argument for each in causes if each is not None] == ["half, smallest"]


# ---- Other exercises of the file ------------------------------------------------------------------------------------

WRONG_GRADIENTS = "def mse_gradients(x, y, w, b):\n    error = w * x + b - y\n    return {}\n\n"
STEP = """
def gradient_step(x, y, w, b, lr):
    slopes = mse_gradients(x, y, w, b)
    return w - lr * slopes[0], b {sign} lr * slopes[1]
"""
HALF = WRONG_GRADIENTS.format("(error * x).mean().item(), error.mean().item()")


@pytest.mark.parametrize(
    "wrong",
    [HALF, WRONG_GRADIENTS.format("error.mean().item()")],
    ids=["another value", "an error in the caller"],
)
def test_the_exercise_that_is_called_is_blamed(wrong: str, course: Course, zygote: Zygote) -> None:
    exercise = of_lesson(course.find("1.2"), "gradient_step", wrong + STEP.format(sign="-"), zygote)
    cause = cause_of(exercise)

    assert exercise.status is not Status.PASSED
    assert cause is not None
    assert (cause.kind, cause.argument) == ("calls", "mse_gradients")
    assert not any(check.mistake for check in exercise.checks)
    assert exercise.first_failure is not None
    assert exercise.first_failure.explanation == (
        "`gradient_step` calls `mse_gradients`, which is wrong: mend `mse_gradients` first. Given what it returns,"
        " `gradient_step` answered every call as the solution would."
    )


@pytest.mark.parametrize(
    "code",
    [
        HALF + STEP.format(sign="+"),
        WRONG_GRADIENTS.format("2 * (error * x).mean().item(), 2 * error.mean().item()") + STEP.format(sign="+"),
        HALF
        + STEP.format(sign="-").replace("mse_gradients(x, y, w, b)", "halves(x, y, w, b)")
        + HALF.replace("mse_gradients", "halves"),
    ],
    ids=["both are wrong", "the one that is called is right", "it is not called"],
)
def test_no_exercise_is_blamed_without_proof(code: str, course: Course, zygote: Zygote) -> None:
    exercise = of_lesson(course.find("1.2"), "gradient_step", code, zygote)

    assert exercise.status is Status.WRONG
    assert not any(check.cause is not None and check.cause.kind == "calls" for check in exercise.checks)


def test_a_right_answer_has_no_cause(small: Lesson, zygote: Zygote) -> None:
    exercise = graded(small, "def scale(x, factor):\n    return torch.stack([value * factor for value in x])", zygote)

    assert [check.cause for check in exercise.checks] == [None] * len(exercise.checks)


def test_what_is_no_data_is_not_called_always_the_same(small: Lesson, zygote: Zygote) -> None:
    exercise = graded(small, "def scale(x, factor):\n    return (x * factor).numpy()", zygote)

    assert exercise.status is Status.WRONG
    assert cause_of(exercise) is None


def checked(lesson: Lesson, code: str, zygote: Zygote) -> Student:
    """Return a student after all checks, before anything is concluded from them."""
    grading = Grading(Task(load(lesson), Source("exercises/m9_1_scaling.py", (HEAD + code).encode()), zygote))
    for item in items_of(lesson, Options()):
        grading.run_check(item)
    return grading.student


@pytest.mark.parametrize(("value", "is_asked"), [("str(x.tolist())", False), ("0.3 * x * x", True)])
def test_an_answer_without_numbers_is_asked_of_no_other_arguments(
    small: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch, value: str, *, is_asked: bool
) -> None:
    student, exercise = checked(small, f"def scale(x, factor):\n    return {value}", zygote), small.exercise("scale")
    asked: list[Asked] = []
    answer_once = Reference.answer_once

    def noting(reference: Reference, call: Asked) -> Returned | Raised:
        asked.append(call)
        return answer_once(reference, call)

    monkeypatch.setattr(Reference, "answer_once", noting)
    try:
        Search(student, exercise).find()
        known = {call.key for call in student.history["scale"]}
        assert any(call.key not in known for call in asked) == is_asked
    finally:
        student.close()


def test_a_right_answer_that_a_check_calls_wrong_has_no_cause(small: Lesson, zygote: Zygote) -> None:
    student, exercise = checked(small, "def scale(x, factor):\n    return factor * x", zygote), small.exercise("scale")
    call = next(call for call in student.history["scale"] if len(call.returned) == 2)
    assert isinstance(call.wanted, Returned)
    wrong = replace(call, wanted=replace(call.wanted, value=call.wanted.value + 1))
    student.history["scale"] = [wrong if each is call else each for each in student.history["scale"]]
    try:
        assert not all(call.is_right for call in student.history["scale"])
        assert Search(student, exercise).find() is None
    finally:
        student.close()


def test_a_call_that_runs_many_lines_is_asked_after_the_short_ones(small: Lesson, zygote: Zygote) -> None:
    student, exercise = checked(small, "def scale(x, factor):\n    return 0 * x", zygote), small.exercise("scale")
    first = min(student.history["scale"], key=lambda call: (call.is_right, len(call.payload)))

    def counted(call: Call) -> Call:
        assert isinstance(call.wanted, Returned)
        lines = MANY_LINES if call is first else MANY_LINES - 1
        return replace(call, wanted=replace(call.wanted, lines=lines))

    student.history["scale"] = list(map(counted, student.history["scale"]))
    try:
        wrong = [call for call in Search(student, exercise).calls if not call.is_right]
        assert wrong[-1].key == first.key
        assert [len(call.payload) for call in wrong[:-1]] == sorted(len(call.payload) for call in wrong[:-1])
    finally:
        student.close()


def asked(lesson: Lesson, code: str, zygote: Zygote, *known: Searched) -> Graded:
    source = Source("exercises/m9_1_scaling.py", (HEAD + code).encode())
    return grade(lesson, source, zygote, Options(searched=known))


def test_a_clock_decides_nothing_of_a_search(small: Lesson, zygote: Zygote) -> None:
    """The kernel of some machines counts CPU time in steps that are longer than a call."""
    student, exercise = checked(small, "def scale(x, factor):\n    return 0 * x", zygote), small.exercise("scale")
    try:
        before = Search(student, exercise)
        order, question = [call.key for call in before.calls], before.question()
        for seconds in (0.0, 0.004, 40.0):
            student.history["scale"] = [
                replace(call, wanted=replace(call.wanted, seconds=seconds * (number % 2)))
                for number, call in enumerate(student.history["scale"])
                if isinstance(call.wanted, Returned)
            ]
            again = Search(student, exercise)
            assert ([call.key for call in again.calls], again.question()) == (order, question)
    finally:
        student.close()


@pytest.mark.parametrize("name", ["reversed", "nothing"])
def test_a_class_asks_the_same_search_once(
    name: str, small: Lesson, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other code with the same answers gets what was found, be it a cause or none, and nothing is searched again."""
    nothing = "def scale(x, factor):\n    return x * factor if len(x) < 3 else x * factor * 2"
    code, other = {
        "reversed": (FOUND["reversed"][0], "def scale(x, factor):\n    return factor * torch.flip(x, (0,))"),
        "nothing": (nothing, nothing.replace("x * factor if", "factor * x if")),
    }[name]
    first = asked(small, code, zygote)
    assert len(first.searched) == 1
    assert (first.searched[0].cause is not None) == (name == "reversed")

    monkeypatch.setattr(Search, "find", lambda _: pytest.fail("it was searched again"))
    again = asked(small, other, zygote, *first.searched)
    assert again.searched == ()
    assert cause_of(again.lesson.exercises[0]) == first.searched[0].cause


def test_other_answers_are_another_question(small: Lesson, zygote: Zygote) -> None:
    first = asked(small, FOUND["reversed"][0], zygote)
    other = asked(small, FOUND["sorted"][0], zygote, *first.searched)

    assert other.searched[0].question != first.searched[0].question
    assert cause_of(other.lesson.exercises[0]) == other.searched[0].cause


def test_without_the_search_the_points_are_the_same(small: Lesson, zygote: Zygote) -> None:
    source = Source("exercises/m9_1_scaling.py", (HEAD + FOUND["third"][0]).encode())
    one, other = (grade(small, source, zygote, Options(explains=each)).lesson for each in (True, False))

    assert (one.points, one.status) == (other.points, other.status)
    assert cause_of(one.exercises[0]) is not None
    assert cause_of(other.exercises[0]) is None


def test_no_solution_and_no_right_variant_has_a_cause(course: Course, zygote: Zygote) -> None:
    lesson, name = course.find("1.2"), "gradient_step"
    variants = [lesson.varied(each) for each in lesson.variants if each.exercise == name]
    for text in (lesson.solution_text, *variants):
        source = Source("exercises/m1_2.py", text.encode())
        (exercise,) = grade(lesson, source, zygote, Options((name,))).lesson.exercises
        assert exercise.status is Status.PASSED
        assert [check.cause for check in exercise.checks] == [None] * len(exercise.checks)


# ---- Dicts of tensors, and results of several tensors ----------------------------------------------------------------

LAYER = '''\
"""Exercises of lesson 9.1: scaling."""

import torch
from torch import Tensor


def scale(x: Tensor, params: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Return `x` of shape (N, D) times "w" of shape (D,) plus "b" of shape (1,), and "w".

    >>> scale(torch.tensor([[1.0, 2.0]]), {"w": torch.tensor([1.0, 3.0]), "b": torch.tensor([0.5])})
    (tensor([7.5000]), tensor([1., 3.]))
    """
    return x @ params["w"] + params["b"], params["w"].clone()


if __name__ == "__main__":
    print("Nothing to draw.")
'''
LAYER_CODE = '''\
"""What must hold of scale."""

import torch
from hypothesis import given
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, matrices, vectors


@given(x=matrices((1, 3), 2), w=vectors(2, 2), b=vectors(1, 1))
def test_value(scale: StudentFunction, x: Tensor, w: Tensor, b: Tensor) -> None:
    """The result is a weighted sum."""
    assert_close(scale(x, {"w": w, "b": b}), (x @ w + b, w), scale=50)
'''
LAYER_TEXT = """\
# scale

## Hints

1. What is multiplied?
2. A row with the weights: see "Demonstration".
3. `return x @ params["w"] + params["b"], params["w"].clone()`

## Known mistakes

### forgotten

- `x @ params["w"] + params["b"]` becomes `x @ params["w"]`

The bias is missing.
"""


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ('x @ params["w"] - params["b"], params["w"]', 'as if `params["b"]` had the opposite sign.'),
        ('2 * (x @ params["w"]) + params["b"], 2 * params["w"]', 'as if `params["w"]` were twice as large.'),
        ('x @ params["w"].flip(0) + params["b"], params["w"].flip(0)', 'as if `params["w"]` were reversed.'),
        ('x @ params["w"] + params["b"], 2 * params["w"]', "In your result only entry 1 is wrong: it is always twice"),
    ],
)
def test_an_entry_of_a_dict_and_a_part_of_a_result_are_named(
    tmp_path: Path, code: str, says: str, zygote: Zygote
) -> None:
    whole = {"solution": (SOLUTION, LAYER), "code": (CODE, LAYER_CODE), "text": (TEXT, LAYER_TEXT)}
    cause = cause_of(graded(write_lesson(tmp_path, **whole), f"def scale(x, params):\n    return {code}", zygote))

    assert cause is not None
    assert says in cause.sentence


COUNTED = SOLUTION.replace("-> Tensor", "-> int").replace("return x * factor", "return int(x.sum() * factor)")
COUNTED = COUNTED.replace("every entry of `x`, times `factor`; both have shape (N,).", "a whole number.")
COUNTED = COUNTED.replace("tensor([3., 6.])", "9")
COUNTED_CODE = '''\
"""What must hold of scale."""

import torch

from grader.authoring import StudentFunction, assert_close
''' + "".join(
    f'''

def test_whole_{number}(scale: StudentFunction) -> None:
    """The result is a whole number."""
    assert_close(scale(torch.tensor([1, {number}]), {number}), {number * (number + 1)})
'''
    for number in range(2, 8)
)


def test_where_only_the_type_is_wrong_no_change_of_values_is_told(tmp_path: Path, zygote: Zygote) -> None:
    """Two changes that cancel give right values, too: the opposite sign of an argument, and of the result."""
    text = TEXT.replace("`x * factor` becomes `x + factor`", "`x.sum() * factor` becomes `x.sum() + factor`")
    text = text.replace("`x * factor` becomes `x / factor`", "`x.sum() * factor` becomes `x.sum() / factor`")
    text = text.replace("Tensor:\n    return x.clone()", "int:\n    return int(x.sum())")
    lesson = write_lesson(tmp_path, solution=(SOLUTION, COUNTED), code=(CODE, COUNTED_CODE), text=(TEXT, text))
    student = checked(lesson, "def scale(x, factor):\n    return float(int(x.sum() * factor))", zygote)
    try:
        assert not any(call.is_right for call in student.history["scale"])
        assert Search(student, lesson.exercise("scale"), allowed=10_000).find() is None
    finally:
        student.close()
