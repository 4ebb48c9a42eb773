"""One run on all cores: a job for every exercise, and the report assembled from their verdicts.

Each job has its own worker, so the exercises of a lesson do not share a student process.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Options
from grader.engine.unwritten import is_untouched, verdict_of
from grader.errors import Fault, GraderError
from grader.pool.job import Job
from grader.pool.pool import Outcome, Pool, cores
from grader.sandbox import confinement
from grader.sandbox.confinement import Limits
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility, unchecked

Tell = Callable[[str], None]
"""Shows what a run is doing."""

IMPATIENT = Limits(load_seconds=0.5)
"""For a file that has already failed to finish loading."""


def grade_abreast(  # noqa: PLR0913  what a run depends on, each by its name
    lessons: Sequence[Lesson],
    sources: Mapping[str, Source | Unreadable],
    exercises: Mapping[str, frozenset[str]],
    seeds: Mapping[str, int],
    checks: Collection[Visibility],
    *,
    tell: Tell = lambda _: None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Report:
    """Return the report of a submission, without its seeds; a lesson not in ``exercises`` is graded whole.

    ``sources`` holds the submission by lesson name, so that all jobs of a run use the same bytes. Checks of other
    visibilities than ``checks`` are only counted. ``tell`` hears what is going on, and ``meanwhile`` is called while
    the processes import torch. A lesson that is the untouched stub needs no process. Raises Fault if nothing can be
    graded.
    """
    known = {lesson.name: _of_stub(lesson, sources[lesson.name], exercises, checks) for lesson in lessons}
    left = [lesson for lesson in lessons if known[lesson.name] is None]
    tasks = [(lesson, name) for lesson in left for name in _names(lesson, exercises)]
    found: dict[tuple[str, str], Outcome] = {}
    if tasks:
        root, processes = lessons[0].root, min(cores(), len(tasks))
        with Pool(root, processes, lessons=[lesson.name for lesson in left], learns=False, borrows=True) as pool:
            pool.start()
            meanwhile()
            tell(_progress(tasks, found))
            for outcome in grade_tasks(pool, tasks, sources, seeds, checks):
                found[outcome.job.lesson, outcome.job.label] = outcome
                tell(_progress(tasks, found))
    isolation = next((outcome.isolation for outcome in found.values() if outcome.isolation), "none")
    verdicts = tuple(known[lesson.name] or _lesson_verdict(lesson, found) for lesson in lessons)
    return Report(verdicts, isolation if left else confinement.isolation(), seed=None)


def _of_stub(
    lesson: Lesson,
    source: Source | Unreadable,
    exercises: Mapping[str, frozenset[str]],
    checks: Collection[Visibility],
) -> LessonVerdict | None:
    """Return the verdict on an untouched stub, or None for another file and for a lesson that cannot be read."""
    try:
        if is_untouched(lesson, source):
            return verdict_of(lesson, source, _names(lesson, exercises), frozenset(checks))
    except GraderError:
        pass  # the engine reports it
    return None


def _progress(tasks: Sequence[tuple[Lesson, str]], found: Collection[tuple[str, str]]) -> str:
    """Return what is going on: PyTorch is loaded before the first exercise, which takes longest."""
    waiting = [(lesson, name) for lesson, name in tasks if (lesson.name, name) not in found]
    if not waiting:
        return "Writing the report..."
    lesson, name = waiting[0]
    what = f"Grading {lesson.id} {name}".rstrip()
    if not found:
        what = f"Loading PyTorch, then g{what.removeprefix('G')}"
    return f"{what}... ({len(found)} of {len(tasks)})" if len(tasks) > 1 else f"{what}..."


def grade_tasks(
    pool: Pool,
    tasks: Sequence[tuple[Lesson, str]],
    sources: Mapping[str, Source | Unreadable],
    seeds: Mapping[str, int],
    checks: Collection[Visibility],
) -> Iterator[Outcome]:
    """Grade exercises, each a lesson and a name, and yield their outcomes as they complete.

    The name is the job's label; an empty one stands for the whole lesson.
    """
    loads_never = set[str]()

    def jobs() -> Iterator[Job]:
        for lesson, name in tasks:
            limits = IMPATIENT if lesson.name in loads_never else Limits()
            options = Options((name,) if name else (), seeds[lesson.name], limits, frozenset(checks))
            yield Job(lesson.name, sources[lesson.name], options, label=name)

    for outcome in pool.run(jobs()):
        hung = [check for check in _checks(outcome) if check.status is Status.TIMEOUT]
        # If no call hung, loading the file did.
        if hung and not any(check.counterexample for check in hung):
            loads_never.add(outcome.job.lesson)
        yield outcome


def exercise_verdict(outcome: Outcome, lesson: Lesson, exercise: str) -> ExerciseVerdict:
    """Return the verdict on an exercise from the outcome of its job: a fault if it has no verdict."""
    if outcome.lesson is not None and outcome.lesson.exercises:
        return outcome.lesson.exercises[0]
    fault = outcome.fault or "The lesson was changed while it was graded. Try again."
    return ExerciseVerdict(exercise, lesson.exercise(exercise).bonus, (unchecked(fault, lesson.strictest),))


def _lesson_verdict(lesson: Lesson, found: Mapping[tuple[str, str], Outcome]) -> LessonVerdict:
    """Return the verdict on a lesson, assembled from those on its exercises in the order of its file."""
    if (outcome := found.get((lesson.name, ""))) is not None:
        if outcome.lesson is None:
            raise Fault(f"Lesson {lesson.id} cannot be graded. {outcome.fault}")
        return outcome.lesson
    outcomes = [(each.name, found.get((lesson.name, each.name))) for each in lesson.exercises]
    exercises = tuple(exercise_verdict(outcome, lesson, name) for name, outcome in outcomes if outcome is not None)
    return LessonVerdict(lesson.id, lesson.name, lesson.title, exercises)


def _names(lesson: Lesson, exercises: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the exercises to grade, in the order of the lesson."""
    try:
        names = [exercise.name for exercise in lesson.exercises]
    except GraderError:
        return [""]
    return [name for name in names if name in exercises.get(lesson.name, names)]


def _checks(outcome: Outcome) -> Iterator[CheckVerdict]:
    if outcome.lesson is not None:
        for exercise in outcome.lesson.exercises:
            yield from exercise.checks
