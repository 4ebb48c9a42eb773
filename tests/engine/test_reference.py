"""The solution is called as a student's function is: with the same seeds, the same arguments, and values as data."""

import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.course.model import Lesson
from grader.course.submission import Source
from grader.engine.reference import Asked, Raised, Reference, Returned, Unanswerable, load_exercises
from grader.engine.student import Student
from grader.engine.worker_session import Runner
from grader.errors import Fault
from grader.sandbox.wire import Opaque
from grader.sandbox.zygote import Zygote
from tests.small_lesson import write_lesson

RETURN = "    return x * factor"
IMPORT = "import torch\nfrom torch import Tensor\n"
IMPORT_DRIVER = ("import StudentFunction", "import driver, StudentFunction")
RANDOM = {
    "torch": ("torch.rand(len(x))", ""),
    "Python": ("torch.tensor([random.random() for _ in x])", "import random\n"),
    "NumPy": ("torch.from_numpy(np.random.rand(len(x)))", "import numpy as np\n"),
    "NumPy, by a name of its own": ("torch.from_numpy(rand(len(x)))", "from numpy.random import rand\n"),
    "a layer": ("torch.nn.Linear(1, len(x)).bias", ""),
    "a permutation": ("torch.randperm(len(x)).double()", ""),
}


def reference_of(root: Path, value: str, imports: str = "", drivers: str = "") -> Reference:
    """Return a reference whose scale returns a value."""
    lesson = write_lesson(root, code=IMPORT_DRIVER, solution=(RETURN, f"    return {value}"))
    lesson.solution.write_text(lesson.solution.read_text().replace(IMPORT, f"{imports}{IMPORT}"))
    if drivers:
        with lesson.code("scale").open("a") as file:
            file.write(f"\n\n{drivers}")
    return Reference(lesson)


def ask(reference: Reference, *args: object, driver: str | None = None) -> Returned | Raised:
    return reference.wanted(Asked.of("scale", driver, args, {}))


@pytest.mark.parametrize("source", RANDOM)
def test_the_same_random_code_agrees_in_every_call(tmp_path: Path, zygote: Zygote, source: str) -> None:
    value, imports = RANDOM[source]
    late = "@driver\ndef late(scale, x):\n    scale(x, 1.0)\n    return scale(x, 2.0)\n"
    reference = reference_of(tmp_path, value, imports, late)
    same = Source("exercises/same.py", reference.lesson.solution.read_bytes())
    student = Student(Runner(reference.lesson, same, zygote), reference)
    scale = student.function(reference.lesson.exercise("scale"))
    for n in (2, 3, 2, 5):
        scale(torch.ones(n), 1.0)
        scale.drive("late", torch.ones(n))
        torch.manual_seed(n)
        random.seed(n)
    student.close()

    assert len(student.history["scale"]) == 8
    assert all(call.is_right for call in student.history["scale"])


def test_the_lines_of_the_solution_that_a_call_runs_are_counted(tmp_path: Path) -> None:
    reference = reference_of(tmp_path, "torch.stack([helped(each) * factor for each in x])", "")
    text = "\n\ndef helped(each):\n    for _ in range(3):\n        each = each + 0\n    return each\n"
    with reference.lesson.solution.open("a") as file:
        file.write(text)
    short, again, long = (ask(reference, torch.ones(n), factor) for n, factor in ((1, 1.0), (1, 2.0), (9, 1.0)))
    assert isinstance(short, Returned)
    assert isinstance(again, Returned)
    assert isinstance(long, Returned)

    assert short.lines == again.lines > 0
    assert long.lines - short.lines >= 8 * 8, "eight more entries, each with more than eight lines"


def test_what_libraries_do_in_a_call_is_counted_but_what_they_import_is_not(tmp_path: Path) -> None:
    """A module that does much when it is imported, and much more in a call, is imported at the first call."""
    library = "def busy(n):\n    return sum(map(one, range(n)))\n\n\ndef one(_):\n    return 1\n\n\nbusy(1000)\n"
    (tmp_path / "busy_library.py").write_text(library)
    body = (
        f"__import__('sys').path.append({str(tmp_path)!r}) or x * factor * __import__('busy_library').busy(int(factor))"
    )
    reference = reference_of(tmp_path, body)
    first, again, long = (ask(reference, torch.ones(1), factor) for factor in (1.0, 1.5, 101.0))
    assert isinstance(first, Returned)
    assert isinstance(again, Returned)
    assert isinstance(long, Returned)

    assert first.lines == again.lines
    assert long.lines - first.lines == 100


def test_what_follows_the_calls_before_still_does_afterwards(tmp_path: Path) -> None:
    reference = reference_of(tmp_path, "x * factor")

    def follow(*_: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(follow)
    try:
        ask(reference, torch.ones(1), 1.0)
        assert sys.gettrace() is follow
    finally:
        sys.settrace(before)


def test_the_generators_of_the_grader_are_left_as_they_were(tmp_path: Path) -> None:
    reference = reference_of(
        tmp_path, "torch.rand(1) + random.random() + np.random.rand()", "import random\nimport numpy as np\n"
    )

    def draw() -> list[float]:
        return [torch.rand(1).item(), random.random(), np.random.rand()]  # noqa: S311, NPY002  the global ones

    def state(seed: int) -> None:
        torch.manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002  the global one

    state(7)
    undisturbed = draw() + draw()
    state(7)
    first = draw()
    ask(reference, torch.ones(1), 1.0)
    ask(reference, "text", 1.0)

    assert first + draw() == undisturbed


def test_a_solution_that_breaks_leaves_the_generators_alone_too(tmp_path: Path) -> None:
    reference = reference_of(tmp_path, "torch.rand(3) @ x")
    torch.manual_seed(7)
    undisturbed = torch.rand(1)
    torch.manual_seed(7)

    assert isinstance(ask(reference, torch.ones(2), 1.0), Raised)
    assert torch.rand(1) == undisturbed


@pytest.mark.parametrize(
    ("value", "imports", "plain"),
    [
        ("np.float64(2.5)", "import numpy as np\n", 2.5),
        ("torch.nn.Parameter(torch.ones(1)).detach()", "", torch.ones(1)),
        ("[(1, {'a': None})]", "", [(1, {"a": None})]),
    ],
)
def test_what_the_solution_returns_has_crossed_the_wire(
    tmp_path: Path, value: str, imports: str, plain: object
) -> None:
    answer = ask(reference_of(tmp_path, value, imports), torch.ones(1), 1.0)

    assert isinstance(answer, Returned)
    assert type(answer.value) is type(plain)
    assert answer.value == plain


@pytest.mark.parametrize("value", ["object()", "len", "[{'a': (x, len)}]", "torch", "x.to_sparse()"])
def test_a_solution_that_returns_no_data_has_no_answer(tmp_path: Path, value: str) -> None:
    answer = ask(reference_of(tmp_path, value), torch.ones(1), 1.0)

    assert isinstance(answer, Raised)
    assert isinstance(answer.error, Unanswerable)
    assert "the solution of scale returns a value that is not data: " in str(answer.error)


def test_a_solution_that_returns_too_much_has_no_answer(tmp_path: Path) -> None:
    answer = ask(reference_of(tmp_path, "torch.zeros(10**7)"), torch.ones(1), 1.0)

    assert isinstance(answer, Raised)
    assert str(answer.error).startswith("the solution of scale returns a value that holds a tensor of shape (100000")


def test_an_opaque_argument_is_no_data_either(tmp_path: Path) -> None:
    answer = ask(reference_of(tmp_path, "x"), [Opaque("set")], 1.0)

    assert isinstance(answer, Raised)
    assert "an argument that is not data" in str(answer.error)


def test_the_solution_gets_a_copy_of_the_arguments(tmp_path: Path) -> None:
    x = torch.ones(2)
    ask(reference_of(tmp_path, "x.mul_(3)"), x, 1.0)

    assert x.tolist() == [1, 1]


HALF = '''\
def half(x: Tensor) -> Tensor:
    """Return half of every entry of `x`."""
    return x / 2


if __name__'''
IMPORTS = "import torch\n\nfrom grader.authoring import driver\n"
DRIVER = "\n\n@driver\ndef of_ones(function, n, *more):\n    return function(torch.ones({n}), *more)\n"
SHARED = f"{IMPORTS}\nTWO = 2\n{DRIVER.format(n='TWO * n')}"
IMPORTED = "from .shared import of_ones\n"


def with_half(root: Path, of_scale: str, of_half: str) -> Lesson:
    """Write a lesson of two exercises, with these drivers."""
    lesson = write_lesson(root, code=IMPORT_DRIVER, solution=("if __name__", HALF))
    with lesson.code("scale").open("a") as file:
        file.write(of_scale)
    check = '\n\ndef test_half(half):\n    """It is half."""\n'
    lesson.code("half").write_text(f"{IMPORTS}{of_half}{check}")
    lesson.shared.write_text(SHARED)
    return lesson


@pytest.mark.parametrize(
    ("of_scale", "of_half", "threes", "halves"),
    [
        (DRIVER.format(n="n"), DRIVER.format(n="n + 1"), 1, 2),
        (DRIVER.format(n="n"), IMPORTED, 1, 2),
        (IMPORTED, IMPORTED, 2, 2),
        (IMPORTED, DRIVER.format(n="n + 2"), 2, 3),
    ],
    ids=["one each", "one shared", "both shared", "the other shared"],
)
def test_each_exercise_has_its_own_drivers_and_those_that_it_imports(  # noqa: PLR0913, PLR0917  a row of the table
    tmp_path: Path, zygote: Zygote, of_scale: str, of_half: str, threes: int, halves: int
) -> None:
    """Two exercises may have drivers of one name; the solution and the student's function are driven alike."""
    lesson = with_half(tmp_path, of_scale, of_half)
    reference = Reference(lesson)
    student = Student(Runner(lesson, Source("exercises/same.py", lesson.solution.read_bytes()), zygote), reference)
    scaled = student.function(lesson.exercise("scale")).drive("of_ones", 1, 3.0)
    halved = student.function(lesson.exercise("half")).drive("of_ones", 1)
    student.close()

    assert (scaled.tolist(), halved.tolist()) == ([3.0] * threes, [0.5] * halves)
    assert all(call.is_right for call in [*student.history["scale"], *student.history["half"]])


def test_an_exercise_is_not_driven_by_a_driver_of_another(tmp_path: Path) -> None:
    reference = Reference(with_half(tmp_path, DRIVER.format(n="n"), ""))
    answer = reference.wanted(Asked.of("half", "of_ones", (1,), {}))

    assert isinstance(ask(reference, 1, 3.0, driver="of_ones"), Returned)
    assert isinstance(answer, Raised)
    assert "drives half with 'of_ones', which is not a @driver in lessons/m9_1_scaling/half.py" in str(answer.error)


def test_a_function_that_is_not_a_driver_drives_nothing(tmp_path: Path) -> None:
    reference = Reference(with_half(tmp_path, DRIVER.format(n="n").replace("@driver\n", ""), ""))
    answer = ask(reference, 1, 3.0, driver="of_ones")

    assert isinstance(answer, Raised)
    assert "drives scale with 'of_ones', which is not a @driver in lessons/m9_1_scaling/scale.py" in str(answer.error)


def test_each_lesson_has_its_own_shared_file_and_it_is_read_afresh(tmp_path: Path) -> None:
    lessons = [write_lesson(tmp_path), write_lesson(tmp_path, "m9_2_scaling")]
    for number, lesson in enumerate(lessons):
        lesson.shared.write_text(f"NUMBER = {number}\n")
        lesson.code("scale").write_text(f"from .shared import NUMBER\n{lesson.code('scale').read_text()}")
    loaded = [load_exercises(lesson)["scale"].NUMBER for lesson in lessons]
    lessons[0].shared.write_text("NUMBER = 100\n")

    assert loaded == [0, 1]
    assert load_exercises(Lesson(tmp_path, lessons[0].name))["scale"].NUMBER == 100


def test_a_name_that_the_lesson_does_not_share_is_a_fault_of_its_file(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    lesson.shared.write_text("")
    lesson.code("scale").write_text(f"from .shared import nothing\n{lesson.code('scale').read_text()}")

    with pytest.raises(Fault, match=r"scale\.py does not load: ImportError: cannot import name 'nothing'"):
        load_exercises(lesson)


def test_only_a_marked_function_adds_to_a_picture(tmp_path: Path) -> None:
    drawn = "\n\n@picture\ndef axes_of_scale(axes, **_):\n    axes.set_xlabel('entry')\n"
    with_picture = write_lesson(tmp_path, code=("import StudentFunction", "import picture, StudentFunction"))
    with_picture.code("scale").write_text(with_picture.code("scale").read_text() + drawn)
    add = Reference(with_picture).picture("scale")

    assert add is not None
    assert add.__name__ == "axes_of_scale"
    assert Reference(write_lesson(tmp_path, "m9_2_scaling")).picture("scale") is None
