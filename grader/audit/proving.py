"""How a proof works: it yields jobs, is sent their outcomes, and returns its findings."""

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
    """How thorough an audit is."""

    seeds: int
    """The number of seeds with which the solution is graded on fresh examples."""
    repeats: int
    """How often each file is graded to compare its verdicts."""
    mutants: int
    """How many mutants of each function are graded at most."""
    runs_readme: bool = True
    """Whether the code of the README is run: that takes half as long as the rest of a quick audit."""
    judges_time: bool = True
    """Whether a slow call is a finding."""


FULL = Thoroughness(seeds=50, repeats=20, mutants=10_000)
QUICK = Thoroughness(seeds=3, repeats=2, mutants=6, runs_readme=False, judges_time=False)
"""For CI, where the lessons' tests run the code of the README: the course takes some minutes on two cores."""

PATIENT = Limits(
    call_seconds=20.0,
    long_call_seconds=20.0,
    load_seconds=20.0,
    cpu_seconds=600,
    lesson_seconds=500.0,
    check_seconds=600,
)
"""For right answers: proof 8 judges the time of calls, and the other proofs must not fail for it."""

Proving = Generator[Sequence[Job], Sequence[Outcome], tuple[Proof, ...]]
"""A running proof: it yields its jobs, is sent their outcomes in the same order, and returns."""


def submission(lesson: Lesson, content: str | bytes) -> Source:
    """Return a text as the file of a submission."""
    return Source(f"{lesson.name}.py", content.encode() if isinstance(content, str) else content)
