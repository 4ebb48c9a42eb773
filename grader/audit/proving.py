"""How a proof works: it asks for gradings, waits for their outcomes, and says what it has found."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from grader.audit.finding import Proof
from grader.course.model import Lesson
from grader.course.submission import Source
from grader.pool.job import Job
from grader.pool.pool import Outcome
from grader.sandbox.confinement import Limits


@dataclass(frozen=True)
class Thoroughness:
    """How much is tried."""

    seeds: int
    """With how many seeds the solution draws fresh examples."""
    repeats: int
    """How often the same file is graded."""
    mutants: int
    """How many mutants of each exercise are graded at most."""
    runs_readme: bool = True
    """Whether the code of the README is run: that takes half as long as all the rest of a quick audit."""
    judges_time: bool = True
    """Whether a call that takes long is a finding."""


FULL = Thoroughness(seeds=50, repeats=20, mutants=10_000)
QUICK = Thoroughness(seeds=3, repeats=2, mutants=6, runs_readme=False, judges_time=False)
"""For CI, where the tests of the lessons run the code of the README: the whole course in some minutes on two cores."""

PATIENT = Limits(
    call_seconds=20.0,
    long_call_seconds=20.0,
    load_seconds=20.0,
    cpu_seconds=600,
    lesson_seconds=500.0,
    check_seconds=600,
)
"""For what is right: one proof looks at what calls use, and the others must not fail for it."""

Proving = Generator[Sequence[Job], Sequence[Outcome], tuple[Proof, ...]]
"""A proof at work: it yields the jobs that it needs, is sent their outcomes in the same order, and returns."""


def submission(lesson: Lesson, content: str | bytes) -> Source:
    """Return a text as the file that a student hands in."""
    return Source(f"{lesson.name}.py", content.encode() if isinstance(content, str) else content)
