"""Lessons of NumPy: arrays go in, arrays come out, and the report says "array" where it says "tensor" elsewhere."""

from pathlib import Path

import pytest

from grader.course.model import Lesson, read_course
from grader.engine.fingerprint import name_of
from grader.engine.grading import Options
from grader.reports import text
from grader.sandbox.zygote import Zygote
from grader.verdict import Status
from tests.grading import grade, report_on
from tests.small_lesson import write_arrays

RIGHT = "def parts(x):\n    return {'sum': x.sum(), 'products': np.outer(x, x), 'positive': x > 0}\n"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return read_course(write_arrays(tmp_path_factory.mktemp("arrays")).root).lessons[0]


def said(lesson: Lesson, zygote: Zygote, folder: Path, code: str, exercise: str = "scale") -> str:
    """Return the report on a file with this code, on one line."""
    (folder / f"{lesson.name}.py").write_text(f"import numpy as np\n{code}")
    return " ".join(text.render(report_on(lesson, folder, zygote, Options((exercise,))), text.Style(), 0.0).split())


@pytest.mark.parametrize(
    "code",
    [
        "return x * factor",
        "x = x.copy()\n    x *= factor\n    return x",
        "return np.array([a * factor for a in x])",
        "return np.broadcast_to(factor, x.shape) * x",
        "return (x[::-1] * factor)[::-1]",
        "return (x * factor).astype(np.float32)",
    ],
)
def test_a_right_answer_passes_in_any_style(lesson: Lesson, zygote: Zygote, tmp_path: Path, code: str) -> None:
    assert "passed scale 4 of 4 points" in said(lesson, zygote, tmp_path, f"def scale(x, factor):\n    {code}\n")


WRONG = {
    "return [a * factor for a in x]": "returned a list, expected an array. Use `np.array(...)`.",
    "import torch; return torch.from_numpy(x) * factor": (
        "returned a tensor, expected an array. Convert it with `.numpy()`."
    ),
    "return (x * factor)[:, None]": "Your result has shape (2, 1), expected (2,).",
    "return (x * factor).astype(int)": "Your result has dtype int64, expected float64. Here the numbers are right.",
    "return (x * factor).astype(object)": (
        "returned an array of dtype object, expected an array of plain numbers. Convert it, for example with"
        " `.astype(float)`."
    ),
    "return np.asmatrix(x * factor)": "returned a numpy.matrix, expected an array. Convert it with `np.asarray(...)`.",
    "return x * factor * factor": (
        "scale(x=np.array([1.0, 2.0]), factor=3.0) your code returned [9., 18.] expected [3., 6.] Your function"
    ),
    "return x + factor": "You add the factor.",
    "return (x * factor)[::-1]": "reversed.",
    "return np.broadcast_to(x[:1], (10**9,))": "holds an array of shape (1000000000,), which is too large to send.",
    "x *= factor; return x": (
        "It leaves its arguments and global settings unchanged. Your function changed its argument `x` in place. The"
        " caller still needs the original: work on a copy, such as x.copy() of an array or list(x) of a list."
    ),
    "return abs(x) * factor": "unction behaves as if `x` were its absolute value.",
    "return np.full_like(x, np.nan)": "nan",
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_answer_is_explained(lesson: Lesson, zygote: Zygote, tmp_path: Path, code: str) -> None:
    report = said(lesson, zygote, tmp_path, f"def scale(x, factor):\n    {code}\n")

    assert "WRONG scale" in report
    assert WRONG[code] in report
    assert "tensor" not in report.replace("a tensor, expected an array", "")


def test_parts_of_a_dict_are_arrays_too(lesson: Lesson, zygote: Zygote, tmp_path: Path) -> None:
    assert "passed parts 2 of 2 points" in said(lesson, zygote, tmp_path, RIGHT, "parts")
    report = said(lesson, zygote, tmp_path, RIGHT.replace("np.outer(x, x)", "2 * np.outer(x, x)"), "parts")
    assert 'In "products": Here every value is 2 times the expected one.' in report
    report = said(lesson, zygote, tmp_path, RIGHT.replace("x > 0", "[bool(a > 0) for a in x]"), "parts")
    assert "Your function returned a list at ['positive'], expected an array." in report
    report = said(lesson, zygote, tmp_path, RIGHT.replace("x.sum()", "x"), "parts")
    assert "Your function returned an array of shape (3,) at ['sum'], expected a float." in report


def test_files_that_behave_alike_have_one_fingerprint(lesson: Lesson, zygote: Zygote, tmp_path: Path) -> None:
    behaviours = []
    for code in ("x * factor + np.sin(x)", "np.sin(x) + factor * np.float32(x)", "x - np.cos(x)"):
        (tmp_path / f"{lesson.name}.py").write_text(f"import numpy as np\ndef scale(x, factor):\n    return {code}\n")
        graded = grade(lesson, tmp_path, zygote, Options(("scale",)))
        assert graded.lesson.exercises[0].status is Status.WRONG
        behaviours.append(graded.behaviours["scale"])
    assert behaviours[0] == behaviours[1] != behaviours[2]
    assert name_of([]) == ""
