"""Whole lessons in a few lines: one to be broken in one place, and one of three exercises."""

from pathlib import Path

from grader.course.model import Lesson
from grader.course.stub import derive_stub

SOLUTION = '''\
"""Exercises of lesson 9.1: scaling."""

from pathlib import Path

import torch
from torch import Tensor


def scale(x: Tensor, factor: float) -> Tensor:
    """Return every entry of `x`, times `factor`; both have shape (N,).

    >>> scale(torch.tensor([1.0, 2.0]), 3.0)
    tensor([3., 6.])
    """
    return x * factor


if __name__ == "__main__":
    try:
        scale(torch.ones(1), 1.0)
    except NotImplementedError:
        raise SystemExit("Write scale first.") from None
    Path("my_scaling.png").write_bytes(b"")
'''
CODE = '''\
"""What must hold of scale."""

from collections.abc import Callable

import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import StudentFunction, assert_at_most, assert_close, numbers, predict, variant, vectors


@given(x=vectors(), factor=numbers())
@example(x=torch.tensor([1.0, 2.0, -4.0], dtype=torch.float64), factor=3.0)
def test_every_entry(scale: StudentFunction, x: Tensor, factor: float) -> None:
    """Every entry is multiplied."""
    assert_close(scale(x, factor), [value * factor for value in x.tolist()])


@given(x=vectors(), factor=numbers())
@example(x=torch.tensor([1.0, 2.0, -4.0], dtype=torch.float64), factor=3.0)
def test_twice(scale: StudentFunction, x: Tensor, factor: float) -> None:
    """Twice the factor gives twice the result."""
    assert_close(scale(x, 2 * factor), 2 * scale(x, factor), scale=20)


def test_not_smaller(scale: StudentFunction) -> None:
    """A factor above 1 makes positive numbers larger."""
    x = torch.tensor([0.5, 3.0], dtype=torch.float64)
    assert_at_most(x, scale(x, 1.5), says="A number became smaller.")


@predict(answer="They turn round.", because="A negative factor changes signs.", otherwise={"Nothing.": "It does."})
def negative(scale: Callable[[Tensor, float], Tensor]) -> Tensor:
    """What does a factor of -1 do with positive numbers?"""
    result = scale(torch.ones(2), -1.0)
    assert bool((result < 0).all())
    return result


@variant
def loop(x: Tensor, factor: float) -> Tensor:
    """A loop over the entries."""
    return torch.tensor([value * factor for value in x.tolist()], dtype=x.dtype)
'''
TEXT = """\
# scale

## Hints

1. What happens to every entry when the factor is 2?
2. A tensor times a number multiplies every entry: see "Demonstration".
3. `return x * factor`

## Known mistakes

### added

- `x * factor` becomes `x + factor`

You add the factor, and it is to be multiplied.

### divided

- `x * factor` becomes `x / factor`

You divide by the factor, and it is to be multiplied.

### ignored

```python
def scale(x: Tensor, factor: float) -> Tensor:
    return x.clone()
```

You do not use the factor at all.
"""
README = f"""\
# 9.1 Scaling

## Introduction

We scale.

## ELI5

A photo becomes larger.

## Mathematical foundations

$$
z_i = c x_i
$$

Here $x_i$ is entry $i$ of the tensor, $c$ is the factor, and $z_i$ is the result.

## In-depth explanation

See [the demonstration](#demonstration) and [the hints](scale.md).

## Demonstration

```python
import torch
from torch import Tensor


def double(x: Tensor) -> Tensor:
    return 2 * x


print(double(torch.tensor([1.0])))
```

```text
tensor([2.])
```

## Exercises

### Exercise 1: scale

Fill in `scale(x, factor)`.

```bash
grade 9.1 scale
```

## Summary

Done.

## Key takeaways

- Scaling is multiplying.

## Solutions

### scale

```python
{SOLUTION.partition("def scale")[1]}{SOLUTION.partition("def scale")[2].partition("    return x * factor")[0]}\
    return x * factor
```
"""
FILES = {"code": "scale.py", "text": "scale.md", "README": "README.md"}
"""Where each part of the lesson stands, below its folder."""


def write_settings(root: Path, text: str = 'title = "A small course"\n') -> None:
    """Mark a folder as the root of a course."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "course.toml").write_text(text, encoding="utf-8")


def write_lesson(root: Path, name: str = "m9_1_scaling", /, **changes: tuple[str, str]) -> Lesson:
    """Write the lesson below a folder; ``code=("old", "new")`` replaces a text of scale.py, once and for sure.

    The parts are code, text, README, solution and stub.
    """
    write_settings(root)
    lesson = Lesson(root, name)
    lesson.folder.mkdir(parents=True)
    for folder in ("solutions", "exercises"):
        (root / folder).mkdir(exist_ok=True)
    texts = {"code": CODE, "text": TEXT, "README": README, "solution": SOLUTION, "stub": ""}
    for part, (old, new) in changes.items():
        assert old in texts[part], f"{old!r} is not in {part}"
        texts[part] = texts[part].replace(old, new, 1)
    for part, file in FILES.items():
        (lesson.folder / file).write_text(texts[part].replace("9.1", lesson.id), encoding="utf-8")
    solution = texts["solution"].replace("9.1", lesson.id)
    lesson.solution.write_text(solution, encoding="utf-8")
    (root / "exercises" / f"{name}.py").write_text(texts["stub"] or derive_stub(solution), encoding="utf-8")
    return lesson


THREE = "m9_3_three"
"""The lesson of three exercises: what happens between exercises is tested with it, where grading takes no time."""
THREE_SOLUTION = '''\
"""Exercises of lesson 9.3: three ways to change numbers."""

import torch
from torch import Tensor


def scale(x: Tensor, factor: float) -> Tensor:
    """Return every entry of `x`, times `factor`; both have shape (N,).

    >>> scale(torch.tensor([1.0, 2.0]), 3.0)
    tensor([3., 6.])
    """
    return x * factor


def shift(x: Tensor, offset: float) -> Tensor:
    """Return every entry of `x`, plus `offset`; both have shape (N,).

    >>> shift(torch.tensor([1.0, 2.0]), 3.0)
    tensor([4., 5.])
    """
    return x + offset


def total(x: Tensor) -> float:
    """Return the sum of the entries of `x`, of shape (N,).

    >>> total(torch.tensor([1.0, 2.0]))
    3.0
    """
    return x.sum().item()
'''
THREE_HEAD = """\
import torch
from hypothesis import example, given
from torch import Tensor

from grader.authoring import StudentFunction, assert_close, numbers, vectors


"""
THREE_CODES = {
    "scale": '''\
@given(x=vectors(), factor=numbers())
@example(x=torch.tensor([1.0, 2.0, -4.0]), factor=3.0)
def test_scaled(scale: StudentFunction, x: Tensor, factor: float) -> None:
    """Every entry is multiplied."""
    assert_close(scale(x, factor), [value * factor for value in x.tolist()])


def test_zero(scale: StudentFunction) -> None:
    """A factor of 0 makes every entry 0."""
    assert_close(scale(torch.tensor([0.5, 3.0]), 0.0), torch.zeros(2))
''',
    "shift": '''\
@given(x=vectors(), offset=numbers())
@example(x=torch.tensor([1.0, 2.0, -4.0]), offset=3.0)
def test_shifted(shift: StudentFunction, x: Tensor, offset: float) -> None:
    """The offset is added to every entry."""
    assert_close(shift(x, offset), [value + offset for value in x.tolist()])
''',
    "total": '''\
@given(x=vectors())
@example(x=torch.tensor([1.0, 2.0, -4.0]))
def test_sum(total: StudentFunction, x: Tensor) -> None:
    """All entries are added."""
    assert_close(total(x), sum(x.tolist()), scale=20)
''',
}
THREE_MISTAKES = {
    "scale": ("added", "`x * factor` becomes `x + factor`", "You add the factor, and it is to be multiplied."),
    "shift": ("scaled", "`x + offset` becomes `x * offset`", "You multiply by the offset, and it is to be added."),
    "total": ("averaged", "`x.sum()` becomes `x.mean()`", "You divide the sum by the number of entries."),
}


def write_three(root: Path) -> Lesson:
    """Write the lesson of three exercises below a folder, with its solution and its stub."""
    write_settings(root)
    lesson = Lesson(root, THREE)
    lesson.folder.mkdir(parents=True)
    for name, code in THREE_CODES.items():
        claim = f'"""What must hold of {name}."""\n\n'
        lesson.code(name).write_text(claim + THREE_HEAD + code, encoding="utf-8")
        mistake, edit, sentence = THREE_MISTAKES[name]
        text = f"# {name}\n\n## Hints\n\n1. One.\n2. Two.\n3. Three.\n\n## Known mistakes\n\n"
        lesson.text(name).write_text(f"{text}### {mistake}\n\n- {edit}\n\n{sentence}\n", encoding="utf-8")
    readme = README.partition("## Solutions")[0].replace("9.1 Scaling", "9.3 Three")
    (lesson.folder / "README.md").write_text(readme, encoding="utf-8")
    for folder in ("solutions", "exercises"):
        (root / folder).mkdir(exist_ok=True)
    lesson.solution.write_text(THREE_SOLUTION, encoding="utf-8")
    (root / "exercises" / f"{THREE}.py").write_text(derive_stub(THREE_SOLUTION), encoding="utf-8")
    return lesson


ARRAYS_SOLUTION = '''\
"""Exercises with arrays."""

import numpy as np


def scale(x: np.ndarray, factor: float) -> np.ndarray:
    """Return every entry of `x`, times `factor`; both have shape (N,).

    >>> scale(np.array([1.0, 2.0]), 3.0)
    array([3., 6.])
    """
    return x * factor


def parts(x: np.ndarray) -> dict[str, np.ndarray]:
    """Return the sum of `x`, of shape (N,), the products of its entries, of shape (N, N), and which are positive.

    >>> parts(np.array([1.0, 2.0]))["sum"]
    3.0
    """
    return {"sum": x.sum(), "products": np.outer(x, x), "positive": x > 0}
'''
ARRAYS_CODES = {
    "scale": '''\
@given(x=vectors(dtype=np.float64), factor=numbers())
@example(x=np.array([1.0, 2.0, -4.0]), factor=3.0)
def test_scaled(scale: StudentFunction, x: np.ndarray, factor: float) -> None:
    """Every entry is multiplied."""
    assert_close(scale(x, factor), x * factor)


def test_added(scale: StudentFunction) -> None:
    """Of a sum, both parts are multiplied."""
    x, y = row(1.0, 2.0, dtype=np.float64), row(4.0, -1.0, dtype=np.float64)
    assert_close(scale(x + y, 2.0), scale(x, 2.0) + scale(y, 2.0))
''',
    "parts": '''\
@given(x=vectors(dtype=np.float64))
@example(x=np.array([1.0, 2.0, -4.0]))
def test_all_parts(parts: StudentFunction, x: np.ndarray) -> None:
    """All parts are right."""
    found = parts(x)
    assert_close(found["products"], x[:, None] * x, scale=20)
    assert_close(found["sum"], sum(x.tolist()), scale=20)
    assert (found["positive"] == (x > 0)).all()
''',
}


def write_arrays(root: Path) -> Lesson:
    """Write a lesson of NumPy below a folder: two exercises, whose one has a known mistake."""
    write_settings(root, 'title = "Arrays"\narrays = "numpy"\n')
    lesson = Lesson(root, "vectors")
    lesson.folder.mkdir(parents=True)
    for folder in ("solutions", "exercises"):
        (root / folder).mkdir(exist_ok=True)
    for name, code in ARRAYS_CODES.items():
        head = THREE_HEAD.replace("import torch\n", "import numpy as np\n").replace("from torch import Tensor\n", "")
        head = head.replace("numbers, vectors", "numbers, row, vectors")
        lesson.code(name).write_text(f'"""What must hold of {name}."""\n\n{head}{code}', encoding="utf-8")
        lesson.text(name).write_text(f"# {name}\n\n## Hints\n\n1. One.\n2. Two.\n3. Three.\n", encoding="utf-8")
    mistake = "\n## Known mistakes\n\n### added\n\n- `x * factor` becomes `x + factor`\n\nYou add the factor.\n"
    with lesson.text("scale").open("a", encoding="utf-8") as file:
        file.write(mistake)
    (lesson.folder / "README.md").write_text("# Vectors\n", encoding="utf-8")
    lesson.solution.write_text(ARRAYS_SOLUTION, encoding="utf-8")
    (root / "exercises" / "vectors.py").write_text(derive_stub(ARRAYS_SOLUTION), encoding="utf-8")
    return lesson
