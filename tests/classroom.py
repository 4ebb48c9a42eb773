"""A class of students who differ: right in many styles, wrong in many ways, hanging, hostile, and nobody at home."""

import random
from collections.abc import Iterator
from pathlib import Path

from grader.course.model import read_course
from tests.conftest import ROOT

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
    for student, (_, content) in enumerate(contents(number, seed)):
        home = folder / f"student-{student:04d}"
        home.mkdir(parents=True)
        (home / f"{LESSON}.py").write_bytes(content)
