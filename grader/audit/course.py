"""Run all proofs of several lessons: one stream of jobs on all cores, and a result as soon as a lesson is done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from grader.audit import mutants, reading, right, wrong
from grader.audit.finding import Finding, Proof, finding
from grader.audit.proving import Proving, Thoroughness
from grader.course import rules
from grader.course.model import Lesson
from grader.errors import CourseError, GraderError, UsageError
from grader.pool.job import Job
from grader.pool.pool import Outcome, Pool

Prove = Callable[[Lesson, Thoroughness], Proving]

PROOFS: tuple[Prove, ...] = (
    # The slowest single job comes first, so that it does not delay the end.
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
    """The results of all proofs of a lesson."""

    lesson: Lesson
    proofs: tuple[Proof, ...]

    @property
    def holds(self) -> bool:
        """Whether every proof holds."""
        return all(proof.holds for proof in self.proofs)


@dataclass
class _Attempt:
    """A running proof."""

    lesson: Lesson
    proving: Proving
    asked: int = 0
    """The number of its jobs."""
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    """By the index of the job."""
    proofs: tuple[Proof, ...] | None = None


OnProgress = Callable[[Lesson, int, int], None]


def audit(lessons: Sequence[Lesson], how: Thoroughness, pool: Pool, on_progress: OnProgress) -> Iterator[LessonAudit]:
    """Yield the audit of each lesson, in no particular order.

    ``on_progress`` is called for every finished job: with the lesson, its number of finished jobs, and their total.
    Raises Fault if no check process can be started, and UsageError if a library is missing.
    """
    work = _Work(lessons, how)
    for outcome in pool.run(work.jobs()):
        on_progress(*work.take(outcome))
        yield from work.finished()
    yield from work.finished()


class _Work:
    """The proofs of all lessons: each waits for the outcomes of its own jobs."""

    def __init__(self, lessons: Sequence[Lesson], how: Thoroughness) -> None:
        self._lessons = lessons
        self._how = how
        self._open: dict[str, list[_Attempt]] = {}
        """By lesson; removed when all of its proofs have ended."""
        self._places: dict[int, tuple[_Attempt, int]] = {}
        """By the `id` of a job, because two jobs may be equal."""

    def jobs(self) -> Iterator[Job]:
        """Yield the jobs lesson by lesson; a lesson's proofs begin when its turn comes."""
        for lesson in self._lessons:
            attempts = [_Attempt(lesson, prove(lesson, self._how)) for prove in _proofs(lesson)]
            asked = [_begin(attempt) for attempt in attempts]
            self._open[lesson.name] = attempts
            for attempt, its_jobs in zip(attempts, asked, strict=True):
                for place, job in enumerate(its_jobs):
                    self._places[id(job)] = attempt, place
                    yield job

    def take(self, outcome: Outcome) -> tuple[Lesson, int, int]:
        """Give an outcome to its proof; return the lesson, its number of finished jobs, and their total."""
        attempt, place = self._places.pop(id(outcome.job))
        attempt.outcomes[place] = outcome
        if len(attempt.outcomes) == attempt.asked:
            _end(attempt)
        siblings = self._open[attempt.lesson.name]
        return attempt.lesson, sum(len(each.outcomes) for each in siblings), sum(each.asked for each in siblings)

    def finished(self) -> Iterator[LessonAudit]:
        """Yield the lessons whose proofs have all ended since the last call."""
        for lesson in self._lessons:
            attempts = self._open.get(lesson.name, [])
            if attempts and all(each.proofs is not None for each in attempts):
                del self._open[lesson.name]
                proofs: list[Proof] = []
                for proof in (proof for each in attempts for proof in each.proofs or ()):
                    # What stops one proof stops most of them: report it once.
                    if proof not in proofs:
                        proofs.append(proof)
                yield LessonAudit(lesson, tuple(sorted(proofs, key=lambda proof: proof.number)))


def _proofs(lesson: Lesson) -> tuple[Prove, ...]:
    """Return the proofs to run; for a lesson that cannot be read, only the one that says why."""
    return PROOFS if _definitions_hold(lesson).holds else (_prove_definitions,)


def _prove_definitions(lesson: Lesson, _how: Thoroughness) -> Proving:
    yield ()
    return (_definitions_hold(lesson),)


def _definitions_hold(lesson: Lesson) -> Proof:
    """Read the files that define a lesson; find broken conventions and missing parts."""
    found = [Finding(error.file, error.line, error.problem) for error in rules.errors_of(lesson)]
    for read in (lambda: lesson.exercises, lambda: lesson.checks, lambda: lesson.mistakes):
        try:
            read()
        except GraderError as error:
            found += [each for each in _broken(lesson, error).findings if each not in found]
    return Proof(0, "the lesson can be read", tuple(found))


def _begin(attempt: _Attempt) -> Sequence[Job]:
    """Return the jobs of a proof; none if it has already ended."""
    try:
        asked = next(attempt.proving)
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001  a file of one lesson must not end the audit of the others
        attempt.proofs = (_broken(attempt.lesson, error),)
        return ()
    attempt.asked = len(asked)
    if not asked:
        _end(attempt)
    return asked


def _end(attempt: _Attempt) -> None:
    """Give a proof its outcomes and store its result."""
    try:
        attempt.proving.send([attempt.outcomes[place] for place in range(attempt.asked)])
    except StopIteration as end:
        attempt.proofs = end.value
    except Exception as error:  # noqa: BLE001  as above
        attempt.proofs = (_broken(attempt.lesson, error),)
    assert attempt.proofs is not None, "a proof yields jobs once"


def _broken(lesson: Lesson, error: Exception) -> Proof:
    """Return the failed proof for an error."""
    if isinstance(error, CourseError):
        found = Finding(error.file, error.line, error.problem)
    elif isinstance(error, GraderError):
        found = finding(lesson, lesson.solution, 1, str(error))
    elif isinstance(error, UnicodeDecodeError):
        found = finding(lesson, lesson.folder, 1, f"a file of this lesson is not UTF-8: {error}.")
    else:
        found = finding(
            lesson, lesson.folder, 1, f"the audit failed: {type(error).__name__}: {error}. Please report it."
        )
    return Proof(0, "the lesson can be read", (found,))
