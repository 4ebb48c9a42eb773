"""The solution is called as a student's function is: with the same seeds, the same arguments, and values as data."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.course.submission import Source
from grader.engine.diagnosis import is_right
from grader.engine.reference import Asked, Raised, Reference, Returned, Unanswerable
from grader.engine.student import Student
from grader.engine.worker_session import Runner
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
    assert all(map(is_right, student.history["scale"]))


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


@pytest.mark.parametrize("value", ["object()", "len", "x.numpy()", "[{'a': (x, x.numpy())}]", "torch", "x.to_sparse()"])
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
