"""Speed, as ratios of things measured side by side in one run; prints a Markdown table.

uv run python tests/benchmarks/run.py
"""

import gc
import json
import multiprocessing
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import torch

from grader.course.model import read_course
from grader.course.submission import Source, read_submission
from grader.engine.reference import Reference
from grader.engine.student import Student
from grader.engine.worker_session import Runner
from grader.sandbox import hugepages
from grader.sandbox.zygote import Zygote

ROOT = Path(__file__).parent.parent.parent
GRADE = [str(Path(sys.executable).with_name("grade"))]
ROUNDS = 5
HANGING = """
def compute_grid(x, y, w_values, b_values):
    while True: pass
def run_descent(x, y, w_start, b_start, lr, steps):
    while True: pass
def fixed_bias_slice(x, y, w_values, b):
    while True: pass
"""


def main() -> None:
    """Measure everything and print the table."""
    rows = [*one_shot(), start_of_a_worker(), start_where_there_are_many(), call(), hanging()]
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()},"
        f" torch {torch.__version__}\n"
    )
    print("| what | measured | goal |")
    print("| --- | --- | --- |")
    for what, measured, wanted in rows:
        print(f"| {what} | {measured} | {wanted} |")


def one_shot() -> list[tuple[str, str, str]]:
    """Measure a whole run of the command against importing torch, alternating, so that both meet the same noise.

    What is no check is measured with one exercise, for several are graded at once.
    """
    imports, overheads, wholes = [], [], []
    command = [*GRADE, "1.4", "--submission", "solutions", "--format", "json"]
    for _ in range(ROUNDS):
        imports.append(seconds(lambda: subprocess.run([sys.executable, "-c", "import torch"], check=True, cwd=ROOT)))
        started = time.perf_counter()
        run = subprocess.run([*command, "fixed_bias_slice"], check=True, cwd=ROOT, capture_output=True)
        whole = time.perf_counter() - started
        exercises = json.loads(run.stdout)["lessons"][0]["exercises"]
        checks = sum(check["duration_ms"] for exercise in exercises for check in exercise["checks"]) / 1000
        overheads.append(whole - checks)
        wholes.append(seconds(lambda: subprocess.run(command, check=True, cwd=ROOT, capture_output=True)))

    def ratio(times: list[float]) -> float:
        return statistics.median(each / imported for each, imported in zip(times, imports, strict=True))

    return [
        ("`import torch`", f"{statistics.median(imports):.2f} s", ""),
        ("`grade 1.4`, all that is no check / `import torch`", f"{ratio(overheads):.2f}", "at most 1.5"),
        ("the whole of `grade 1.4`, with its 44 checks", f"{statistics.median(wholes):.2f} s", ""),
    ]


def start_of_a_worker() -> tuple[str, str, str]:
    """Measure a worker's start as in a run of `grade`."""
    with Zygote() as zygote:
        return _start("fork + confine + load", zygote)


def start_where_there_are_many() -> tuple[str, str, str]:
    """Measure a worker's start as in `grade watch` and `grade class`, which hold torch in huge pages."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_start_from_huge_pages)


def _start_from_huge_pages() -> tuple[str, str, str]:
    gc.collect()
    hugepages.merge()
    with Zygote.forked() as zygote:
        return _start("the same in `grade watch` and `grade class`, where torch is held in huge pages", zygote)


def _start(what: str, zygote: Zygote) -> tuple[str, str, str]:
    imported = statistics.median(
        seconds(lambda: subprocess.run([sys.executable, "-c", "import torch"], check=True, cwd=ROOT)) for _ in range(3)
    )
    reference = Reference(read_course(ROOT).find("1.4"))

    def start() -> float:
        student = _solution(zygote, reference)
        passed = seconds(lambda: student.standing(student.lesson.exercises[0]))
        student.close()
        return passed

    start()
    started = statistics.median(start() for _ in range(20))
    return (f"{what} / `import torch`", f"1 / {imported / started:.0f} ({1000 * started:.0f} ms)", "at most 1 / 100")


def call() -> tuple[str, str, str]:
    """Measure a call of a worker."""
    with Zygote() as zygote:
        student = _solution(zygote, Reference(read_course(ROOT).find("1.4")))
        compute_grid = student.function(student.lesson.exercises[0])
        values = torch.linspace(-1, 1, 10)
        compute_grid(values, values, values, values)
        calls = []
        for _ in range(500):
            student.runner.spent.clear()
            calls.append(seconds(lambda: compute_grid(values, values, values, values)))
        student.close()
    return (
        "one call of a (10,) x (10,) grid over the wire",
        f"{1000 * statistics.median(calls):.2f} ms",
        "at most 0.5 ms",
    )


def _solution(zygote: Zygote, reference: Reference) -> Student:
    source = read_submission(ROOT / "solutions", reference.lesson.name)
    assert isinstance(source, Source)
    return Student(Runner(reference.lesson, source, zygote), reference)


def hanging() -> tuple[str, str, str]:
    """Measure a submission in which every exercise hangs."""
    with tempfile.TemporaryDirectory() as folder:
        text = (ROOT / "solutions" / "m1_4_loss_landscape.py").read_text() + HANGING
        (Path(folder) / "m1_4_loss_landscape.py").write_text(text)
        command = [*GRADE, "1.4", "--submission", folder]
        whole = seconds(lambda: subprocess.run(command, check=False, cwd=ROOT, capture_output=True))
    return ("a submission in which all three exercises hang", f"{whole:.1f} s", "at most 5 s")


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
