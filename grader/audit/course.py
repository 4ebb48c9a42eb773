"""All proofs of several lessons at once: one stream of jobs on all cores, and a result as soon as a lesson is done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from grader.audit import mutants, reading, right, wrong
from grader.audit.finding import Finding, Proof, finding
from grader.audit.proving import Proving, Thoroughness
from grader.course import Lesson
from grader.errors import CourseError, GraderError, UsageError
from grader.pool import Outcome, Pool
from grader.warm import Job

PROOFS: tuple[Callable[[Lesson, Thoroughness], Proving], ...] = (
    # The slowest single job comes first, so that nobody waits for it at the end.
    reading.prove,
    right.prove_solution,
    right.prove_nothing,
    wrong.prove,
    mutants.prove,
    right.prove_variants,
    right.prove_same,
)


@dataclass(frozen=True)
class LessonAudit:
    """What all proofs have found out about a lesson."""

    lesson: Lesson
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool:
        """Whether every proof holds."""
        return all(proof.holds for proof in self.proofs)


@dataclass
class _Attempt:
    """A proof at work."""

    lesson: Lesson
    proving: Proving
    waiting: int = 0
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    """By the place of the job."""
    proofs: tuple[Proof, ...] | None = None


def audit(
    lessons: Sequence[Lesson], how: Thoroughness, pool: Pool, on_progress: Callable[[Lesson, int, int], None]
) -> Iterator[LessonAudit]:
    """Yield what is found out about each lesson, in no particular order.

    ``on_progress`` is told of every job that is done: the lesson, how many of its jobs are done, and how many it has.
    Raises Fault where no judge can be started, and UsageError where a library is missing.
    """
    attempts: dict[str, list[_Attempt]] = {}
    places: dict[int, tuple[_Attempt, int]] = {}
    done: dict[str, int] = {}
    total: dict[str, int] = {}
    finished: list[LessonAudit] = []

    def conclude(lesson: Lesson) -> None:
        mine = attempts.get(lesson.name, ())
        if mine and all(each.proofs is not None for each in mine):
            proofs: list[Proof] = []
            for proof in (proof for each in mine for proof in each.proofs or ()):
                # What forbids one proof forbids most of them, and is said once.
                if proof not in proofs:
                    proofs.append(proof)
            finished.append(LessonAudit(lesson, tuple(sorted(proofs, key=lambda proof: proof.number))))
            del attempts[lesson.name]

    def jobs() -> Iterator[Job]:
        for lesson in lessons:
            mine = [_Attempt(lesson, prove(lesson, how)) for prove in PROOFS]
            started = [(attempt, _begin(attempt)) for attempt in mine]
            attempts[lesson.name] = mine
            done[lesson.name] = 0
            total[lesson.name] = sum(len(asked) for _, asked in started)
            for attempt, asked in started:
                for place, job in enumerate(asked):
                    places[id(job)] = attempt, place
                    yield job
            conclude(lesson)

    for outcome in pool.run(jobs()):
        attempt, place = places.pop(id(outcome.job))
        attempt.outcomes[place] = outcome
        attempt.waiting -= 1
        done[attempt.lesson.name] += 1
        on_progress(attempt.lesson, done[attempt.lesson.name], total[attempt.lesson.name])
        if not attempt.waiting:
            _end(attempt)
            conclude(attempt.lesson)
        yield from finished
        finished.clear()
    yield from finished


def _begin(attempt: _Attempt) -> Sequence[Job]:
    """Return the jobs that a proof asks for; none where it has ended already."""
    try:
        asked = next(attempt.proving)
    except UsageError:
        raise
    except GraderError as error:
        attempt.proofs = (_broken(attempt.lesson, error),)
        return ()
    attempt.waiting = len(asked)
    if not asked:
        _end(attempt)
    return asked


def _end(attempt: _Attempt) -> None:
    """Give a proof its outcomes, and keep what it returns."""
    try:
        attempt.proving.send([attempt.outcomes[place] for place in sorted(attempt.outcomes)])
    except StopIteration as end:
        attempt.proofs = end.value
    except GraderError as error:
        attempt.proofs = (_broken(attempt.lesson, error),)
    assert attempt.proofs is not None, "a proof asks once"


def _broken(lesson: Lesson, error: GraderError) -> Proof:
    """Return the proof that a course error forbids."""
    if isinstance(error, CourseError):
        found = Finding(error.file, error.line, error.problem)
    else:
        found = finding(lesson, lesson.solution, 1, str(error))
    return Proof(0, "the lesson can be read", (found,))
