"""A class of students who differ: right in many styles, wrong in many ways, hanging, hostile, and nobody at home."""

import itertools
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.course.model import read_course
from tests.conftest import ROOT
from tests.small_lesson import THREE, THREE_SOLUTION

LESSON = "m1_4_loss_landscape"
EXERCISES = len(read_course(ROOT).find(LESSON).exercises)
"""How many verdicts a file gets."""
CASES = ROOT / "tests" / "cases"
SOLUTION = (ROOT / "solutions" / f"{LESSON}.py").read_text()
STUB = (ROOT / "exercises" / f"{LESSON}.py").read_text()
HANGING = "\n\ndef compute_grid(x, y, w_values, b_values):\n    while True:\n        pass\n"
SLEEPING = "\n\ndef fixed_bias_slice(x, y, w_values, b):\n    import time\n    time.sleep(60)\n"


def contents(number: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield (kind, file) for each student: 30 % right, 45 % wrong, 20 % hostile, 5 % hanging.

    Every file is another one, as in a class: nothing is saved by grading copies once.
    """
    chance = random.Random(seed)  # noqa: S311  the same class every time is what is wanted
    right, wrong, hostile = (
        sorted((CASES / kind).glob("*.py")) for kind in (f"right/{LESSON}", f"wrong/{LESSON}", "hostile")
    )
    for student in range(number):
        kind = chance.choices(("right", "wrong", "hostile", "hanging"), (30, 45, 20, 5))[0]
        mark = f"\n# student {student}\n".encode()
        if kind == "hostile":
            yield kind, chance.choice(hostile).read_bytes() + mark
        elif kind == "hanging":
            yield kind, (SOLUTION + chance.choice((HANGING, SLEEPING))).encode() + mark
        else:
            case = chance.choice(right if kind == "right" else wrong)
            yield kind, f"{SOLUTION}\n\n{case.read_text()}".encode() + mark


def make_class(folder: Path, number: int, seed: int = 0) -> None:
    """Write a class into a folder, one folder for each student."""
    _hand_in(folder, LESSON, (content for _, content in contents(number, seed)))


SMALL = {
    "right": THREE_SOLUTION,
    "slow": THREE_SOLUTION.replace(
        "    return x * factor", "    __import__('time').sleep(0.005)\n    return x * factor"
    ),
    "added": THREE_SOLUTION.replace("x * factor", "x + factor"),
    "averaged": THREE_SOLUTION.replace("x.sum()", "x.mean()"),
    "raises": THREE_SOLUTION.replace("x + offset", "x[99] + offset"),
    "ends": THREE_SOLUTION.replace("x.sum()", "__import__('os')._exit(0)"),
    "no Python": "def scale(:\n",
}


def make_small_class(folder: Path, number: int) -> None:
    """Write a class of the lesson of three exercises, which is graded soon: one file of each kind, again and again."""
    kinds = itertools.islice(itertools.cycle(SMALL.values()), number)
    _hand_in(folder, THREE, (f"{content}\n# student {student}\n".encode() for student, content in enumerate(kinds)))


def _hand_in(folder: Path, lesson: str, files: Iterable[bytes]) -> None:
    for student, content in enumerate(files):
        home = folder / f"student-{student:04d}"
        home.mkdir(parents=True)
        (home / f"{lesson}.py").write_bytes(content)
