"""A whole lesson in a few lines, to be broken in one place."""

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
CHECKS = '''\
"""What must hold in lesson 9.1."""

from hypothesis import example, given
from torch import Tensor

from grader.authoring import StudentFunction, assert_at_most, assert_close, numbers, vectors
import torch


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
'''
MISTAKES = '''\
"""Known wrong answers of lesson 9.1."""

from torch import Tensor


def scale__added(x: Tensor, factor: float) -> Tensor:
    """You add the factor, and it is to be multiplied."""
    return x + factor


def scale__divided(x: Tensor, factor: float) -> Tensor:
    """You divide by the factor, and it is to be multiplied."""
    return x / factor


def scale__ignored(x: Tensor, factor: float) -> Tensor:
    """You do not use the factor at all."""
    return x.clone()
'''
VARIANTS = '''\
"""Right answers of lesson 9.1 in other styles."""

import torch
from torch import Tensor


def scale__loop(x: Tensor, factor: float) -> Tensor:
    """A loop over the entries."""
    return torch.tensor([value * factor for value in x.tolist()], dtype=x.dtype)
'''
HINTS = """\
# Hints

## scale

1. What happens to every entry when the factor is 2?
2. A tensor times a number multiplies every entry: see "Demonstration".
3. `return x * factor`
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

See [the demonstration](#demonstration) and [the hints](hints.md).

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
PREDICTIONS = '''\
"""What happens?"""

from collections.abc import Callable

import torch
from torch import Tensor

from grader.authoring import predict


@predict(answer="They turn round.", because="A negative factor changes signs.", otherwise={"Nothing.": "It does."})
def scale__negative(scale: Callable[[Tensor, float], Tensor]) -> Tensor:
    """What does a factor of -1 do with positive numbers?"""
    result = scale(torch.ones(2), -1.0)
    assert bool((result < 0).all())
    return result
'''
FILES = {
    "checks.py": CHECKS,
    "mistakes.py": MISTAKES,
    "variants.py": VARIANTS,
    "hints.md": HINTS,
    "README.md": README,
    "predictions.py": PREDICTIONS,
}


def write_lesson(root: Path, name: str = "m9_1_scaling", /, **changes: tuple[str, str]) -> Lesson:
    """Write the lesson below a folder; ``checks=("old", "new")`` replaces a text of checks.py, once and for sure."""
    lesson = Lesson(root, name)
    lesson.folder.mkdir(parents=True)
    for folder in ("solutions", "exercises"):
        (root / folder).mkdir(exist_ok=True)
    texts = {**FILES, "solution.py": SOLUTION, "stub.py": ""}
    for key, (old, new) in changes.items():
        file = next(file for file in texts if file.startswith(key))
        assert old in texts[file], f"{old!r} is not in {file}"
        texts[file] = texts[file].replace(old, new, 1)
    for file in FILES:
        (lesson.folder / file).write_text(texts[file].replace("9.1", lesson.id), encoding="utf-8")
    solution = texts["solution.py"].replace("9.1", lesson.id)
    lesson.solution.write_text(solution, encoding="utf-8")
    (root / "exercises" / f"{name}.py").write_text(texts["stub.py"] or derive_stub(solution), encoding="utf-8")
    return lesson
