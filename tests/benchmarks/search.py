"""What the search for causes costs, and what a class saves by asking each question once; prints a Markdown table.

uv run python tests/benchmarks/search.py [submissions] [lesson ...]

Each submission is the solution of a lesson with one or two changes by the audit's operators in one exercise, so most of
them are mistakes that the lesson does not know. Each class is graded three times, without the search, with it, and with
what was found before, as `grade class` does.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from grader.audit.edits import single_edits  # noqa: E402  the script may be started from anywhere
from grader.course.definitions import replaced  # noqa: E402
from grader.course.exercise_text import editable, edited  # noqa: E402
from grader.course.model import Lesson, read_course  # noqa: E402
from grader.course.submission import Source  # noqa: E402
from grader.engine.grading import Options, Searched  # noqa: E402
from grader.pool.job import Job  # noqa: E402
from grader.pool.pool import Pool  # noqa: E402
from grader.verdict import ExerciseVerdict, Status  # noqa: E402
from tests.benchmarks.klass import descendants, processor_seconds  # noqa: E402

DOUBLE = 0.4
"""The share of submissions with two changes."""


@dataclass
class Run:
    """What grading a class has cost and found."""

    seconds: float
    """Of the processor, of all processes together."""
    verdicts: list[ExerciseVerdict]
    searches: int


def main() -> None:
    """Measure each lesson and print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    course = read_course(ROOT)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {len(os.sched_getaffinity(0))} cores, {number} wrong submissions a lesson\n")
    print(
        "| lesson | without, s | with, s | each question once, s | searches | more for each search | fail, no mistake |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in sys.argv[2:] or ["1.4"]:
        lesson = course.find(name)
        jobs = list(submissions(lesson, number))
        without = graded([replace(job, options=replace(job.options, explains=False)) for job in jobs], keeps=False)
        alone, kept = graded(jobs, keeps=False), graded(jobs, keeps=True)
        causes = [[check.cause for check in verdict.checks] for verdict in alone.verdicts]
        assert causes == [[check.cause for check in verdict.checks] for verdict in kept.verdicts], (
            "once is not the same"
        )
        unnamed = sum(
            verdict.status is Status.WRONG and not any(check.mistake for check in verdict.checks)
            for verdict in alone.verdicts
        )
        each = (alone.seconds - without.seconds) / max(1, unnamed)
        print(
            f"| {lesson.id} | {without.seconds:.1f} | {alone.seconds:.1f} | {kept.seconds:.1f} | {kept.searches} of"
            f" {unnamed} | {each:.2f} s | {unnamed} |"
        )
        kinds = Counter(check.cause.kind for verdict in alone.verdicts for check in verdict.checks[:1] if check.cause)
        print(f"\nFirst checks with a cause, by kind: {dict(kinds)}\n")


def submissions(lesson: Lesson, number: int) -> Iterator[Job]:
    """Yield a job for each submission; the same ones every time."""
    chance = random.Random(lesson.name)  # noqa: S311  the same class every time
    edits = {each.name: list(single_edits(lesson, each.name)) for each in lesson.exercises if not each.bonus}
    while number:
        exercise = chance.choice(list(edits))
        chosen = chance.sample(edits[exercise], 2 if chance.random() < DOUBLE else 1)
        texts = editable(lesson.solution_module, exercise)
        changed = edited(texts, tuple(edit for each in chosen for edit in each))
        if not isinstance(changed, dict):
            continue
        try:
            content = replaced(lesson.solution_module, changed)
            compile(content, "submission", "exec", dont_inherit=True)
        except SyntaxError:
            continue
        number -= 1
        source = Source(f"exercises/{lesson.name}.py", f"{content}\n# {number}\n".encode())
        yield Job(lesson.name, source, Options((exercise,)), label=str(number))


def graded(jobs: list[Job], *, keeps: bool) -> Run:
    """Grade a class."""
    found: dict[str, Searched] = {}

    def stream() -> Iterator[Job]:
        for job in jobs:
            known = tuple(found.values()) if keeps else None
            yield replace(job, options=replace(job.options, searched=known))

    verdicts: dict[str, ExerciseVerdict] = {}
    searches = 0
    with Pool(ROOT, lessons={job.lesson for job in jobs}) as pool:
        for outcome in pool.run(stream()):
            if outcome.lesson is None:
                raise SystemExit(outcome.fault)
            (verdicts[outcome.job.label],) = outcome.lesson.exercises
            searches += len(outcome.searched)
            found |= {each.question: each for each in outcome.searched}
        time.sleep(0.2)
        seconds = sum(map(processor_seconds, descendants(os.getpid())))
    return Run(seconds, [verdicts[job.label] for job in jobs], searches)


if __name__ == "__main__":
    main()
