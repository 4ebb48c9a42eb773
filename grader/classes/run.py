"""One run over a class: collect the submissions, grade what is not known yet, write the results.

Every verdict is stored as soon as it is known, so the next run continues an interrupted one: it grades what is missing
and writes the same files as an uninterrupted run.
"""

import contextlib
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.classes import roster
from grader.classes.archive import UNSEEN
from grader.classes.cache_keys import exercise_keys, verdict_key
from grader.classes.collect import places, take
from grader.classes.database import NAME, Known, Ledger
from grader.classes.gradebooks import Tables, fill, look_at
from grader.classes.outputs import GRADES, STUDENTS, SUMMARY, Class, Form, tell
from grader.course.model import Course, Lesson
from grader.engine.grading import Options, Searched
from grader.engine.seeds import seed_of
from grader.errors import Fault, UsageError
from grader.pool.job import Job
from grader.pool.pool import Outcome, Pool
from grader.sandbox import confinement
from grader.verdict import PUBLIC, Status, Visibility

MAX_SEARCHES = 200
"""Searches of a lesson that a run keeps: each job carries them."""
Faults = dict[tuple[str, str, str], str]
"""By lesson, content and exercise: why there is no verdict."""
Work = Callable[[Iterable[Job]], contextlib.AbstractContextManager[Iterator[Outcome]]]
"""Runs jobs and yields each outcome as it comes."""


@dataclass(frozen=True)
class Wish:
    """The options of a run."""

    course: Course
    folder: Path
    out: Path
    lessons: tuple[str, ...] = ()
    """The lessons to grade, by name; empty for those with at least one submitted file."""
    seed: int | None = None
    """The seed of all examples; None draws fresh ones, from a secret kept in the results."""
    processes: int = 0
    """The number of processes at once; 0 for one per core."""
    may_be_unconfined: bool = False
    shown: Collection[Visibility] = PUBLIC
    """The checks that the students' reports show; all are run."""
    tables: Tables = field(default_factory=Tables)
    is_fresh: bool = False
    """Whether to grade known files again."""
    roster: Path | None = None
    """The table of the students' accounts, ids, addresses and names."""
    form: Form = field(default_factory=Form)
    """The form of the table of grades."""


@dataclass
class Progress:
    """The progress of a run; `left` is in seconds."""

    done: int
    total: int
    faults: int
    left: float | None


@dataclass(frozen=True)
class Seen:
    """Notes for the instructor."""

    noticed: tuple[str, ...] = ()
    """About the folder of the class."""
    tables: tuple[str, ...] = ()
    """About the filled tables."""
    gone: tuple[str, ...] = ()
    """Students of earlier results who are no longer in the class."""


@dataclass(frozen=True)
class Result:
    """What a run did."""

    students: int
    lessons: tuple[str, ...]
    graded: int
    """Files graded in this run; the same file of several students counts once."""
    known: int
    """Files whose verdicts were known before."""
    faults: Faults = field(default_factory=dict)
    faulty_students: tuple[str, ...] = ()
    seen: Seen = field(default_factory=Seen)


def grade_class(
    wish: Wish, tell_progress: Callable[[Progress], None], tell_waiting: Callable[[], None], work: Work | None = None
) -> Result:
    """Grade a class and write the results; raises UsageError and Fault, without losing a verdict."""
    _refuse(wish)
    look_at(wish.tables)
    enrolled = roster.read(wish.roster) if wish.roster is not None else None
    found, noticed = places(wish.folder, wish.out, [lesson.name for lesson in wish.course.lessons])
    people: dict[str, roster.Person] = {}
    if wish.roster is not None and enrolled is not None:
        matched = roster.match(found, enrolled, wish.roster)
        found, people, noticed = matched.places, matched.people, noticed + matched.notes
    _make(wish.out)
    with _alone(wish.out, tell_waiting), Ledger(wish.out / NAME) as ledger:
        names = wish.lessons or tuple(lesson.name for lesson in wish.course.lessons)
        files = _files_of(wish.course)
        before = {row.student for row in ledger.students()}
        counted = ledger.enter((take(place, names, files) for place in found), wish.lessons)
        gone = before - {row.student for row in ledger.students()}
        lessons = [lesson for lesson in wish.course.lessons if lesson.name in counted]
        if not lessons:
            raise UsageError(
                f"{wish.folder} contains no exercise file. Exercise files are found by name, for example"
                f" {wish.course.lessons[0].name}.py, anywhere in a student's folder or zip."
            )
        isolation = _isolation(wish)
        secret = ledger.secret()
        seeds = {each.name: seed_of(secret, each.name) if wish.seed is None else wish.seed for each in lessons}
        keys = {lesson.name: exercise_keys(lesson, seeds[lesson.name], isolation) for lesson in lessons}
        ledger.forget_unrepeatable(everything=wish.is_fresh)
        graded, unread = 0, ledger.unread()
        while True:
            todo = [each for each in _missing(ledger, keys) if (each.lesson, each.content) not in unread]
            faults = {
                (lesson, content, name): why for (lesson, content), why in unread.items() for name in keys[lesson]
            }
            if todo:
                here = _here(wish, {each.lesson for each in todo})
                searches: Searches = {}
                with (work or here)(_jobs(ledger, todo, seeds, searches)) as outcomes:
                    faults |= _keep_all(ledger, todo, _noted(outcomes, searches), keys, tell_progress)
            graded += len(todo)
            shown = frozenset(wish.shown)
            course = Class(tuple(lessons), keys, faults, isolation, shown, tuple(noticed), people, wish.form)
            told = tell(ledger, course, wish.out)
            if not told.damaged:
                break
            # The ledger is damaged: grade again what cannot be read.
            ledger.forget(told.damaged)
        known = sum(1 for _ in ledger.contents()) - graded - len(unread)
        ids = tuple(lesson.id for lesson in lessons)
        tables = fill(wish.tables, course, ledger, wish.out, wish.shown)
        seen = Seen(tuple(noticed), tuple(tables), tuple(sorted(gone)))
        return Result(len(found), ids, graded, known, faults, tuple(told.faulty), seen)


@dataclass(frozen=True)
class _Todo:
    """A file and the exercises of it to grade."""

    lesson: str
    content: str
    exercises: tuple[str, ...]
    """Empty for all."""


def _missing(ledger: Ledger, keys: dict[str, dict[str, str]]) -> Iterator[_Todo]:
    for lesson, content, _ in ledger.contents():
        exercises = keys[lesson]
        missing = [name for name, key in exercises.items() if not ledger.has(verdict_key(key, content))]
        if missing:
            yield _Todo(lesson, content, () if len(missing) == len(exercises) else tuple(missing))


Searches = dict[str, dict[str, Searched]]
"""By lesson and question: what searches have found in this run."""


def _jobs(ledger: Ledger, todo: Iterable[_Todo], seeds: Mapping[str, int], searches: Searches) -> Iterator[Job]:
    """Yield the jobs lazily: only one file at a time is in memory, and each knows what the searches before it found."""
    for each in todo:
        known = tuple(searches.get(each.lesson, {}).values())
        options = Options(each.exercises, seeds[each.lesson], searched=known)
        yield Job(each.lesson, ledger.file(each.content), options, label=each.content)


def _noted(outcomes: Iterable[Outcome], searches: Searches) -> Iterator[Outcome]:
    """Yield outcomes, and note what they found for the jobs that come after them."""
    for outcome in outcomes:
        found = searches.setdefault(outcome.job.lesson, {})
        for searched in outcome.searched[: MAX_SEARCHES - len(found)]:
            found[searched.question] = searched
        yield outcome


def _keep_all(
    ledger: Ledger,
    todo: Sequence[_Todo],
    outcomes: Iterator[Outcome],
    keys: dict[str, dict[str, str]],
    tell_progress: Callable[[Progress], None],
) -> Faults:
    """Store every verdict as it comes; return the faults, which are not stored, so that the next run tries again."""
    faults: Faults = {}
    clock = _Clock(len(todo), tell_progress)
    left = {(each.lesson, each.content): each.exercises for each in todo}
    for outcome in outcomes:
        lesson, content = outcome.job.lesson, outcome.job.label
        del left[lesson, content]
        verdicts = outcome.lesson.exercises if outcome.lesson is not None else ()
        good = [verdict for verdict in verdicts if verdict.status is not Status.FAULT]
        ledger.keep(
            lesson,
            content,
            [
                (
                    verdict_key(keys[lesson][verdict.name], content),
                    Known(verdict, outcome.behaviours.get(verdict.name, "")),
                )
                for verdict in good
            ],
        )
        for name in set(outcome.job.options.exercises or keys[lesson]) - {verdict.name for verdict in good}:
            faults[lesson, content, name] = outcome.fault or "There is no verdict on this exercise."
        clock.tick(len(faults))
    for (lesson, content), exercises in left.items():
        faults |= {(lesson, content, name): "It was not graded." for name in exercises or keys[lesson]}
    return faults


class _Clock:
    """Reports the progress; estimates the time left from the rate of the run so far."""

    def __init__(self, total: int, tell_progress: Callable[[Progress], None]) -> None:
        self._total, self._tell = total, tell_progress
        self._done, self._started = 0, time.monotonic()
        tell_progress(Progress(0, total, 0, None))

    def tick(self, faults: int) -> None:
        """Count one file."""
        self._done += 1
        left = (time.monotonic() - self._started) / self._done * (self._total - self._done)
        self._tell(Progress(self._done, self._total, faults, left))


def _here(wish: Wish, lessons: Collection[str]) -> Work:
    """Return a function that runs jobs of some lessons on the cores of this machine."""

    @contextlib.contextmanager
    def work(jobs: Iterable[Job]) -> Iterator[Iterator[Outcome]]:
        with Pool(wish.course.root, wish.processes, lessons=lessons) as pool:
            yield pool.run(jobs)

    return work


def _isolation(wish: Wish) -> str:
    because = confinement.missing()
    if because and not wish.may_be_unconfined:
        raise UsageError(
            f"This machine cannot confine students' code ({because}): it could read and write whatever you can."
            " Grade on Linux 6.2 or newer with libseccomp, or pass --allow-unconfined if you trust all students."
        )
    return "process" if because else "confined"


def _refuse(wish: Wish) -> None:
    """Raise UsageError if the results would mix with the submissions or overwrite other files."""
    folder, out = wish.folder.resolve(), wish.out.resolve()
    if folder == out or folder.is_relative_to(out / STUDENTS):
        raise UsageError(
            f"--out {wish.out} would put the results among the submissions of {wish.folder}. Choose another folder."
        )
    if not (out / NAME).exists():
        mine = next(
            (name for name in (GRADES, f"{SUMMARY}.md", f"{SUMMARY}.json", STUDENTS) if (out / name).exists()), ""
        )
        if mine:
            raise UsageError(
                f"--out {wish.out} contains {mine}, which grade class did not write: there is no {NAME} beside it."
                " Choose a new or an empty folder."
            )


def _files_of(course: Course) -> frozenset[str]:
    """Return the paths of the course's own files, relative to the course."""
    found: set[str] = set()
    for folder, folders, files in os.walk(course.root):
        folders[:] = [name for name in folders if name not in UNSEEN]
        found.update((Path(folder) / name).relative_to(course.root).as_posix() for name in files)
    return frozenset(found)


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {out} cannot be created: {error.strerror or error}. Choose another folder.") from error


@contextlib.contextmanager
def _alone(out: Path, tell_waiting: Callable[[], None]) -> Iterator[None]:
    """Wait until no other run uses this folder; the lock ends with its process."""
    try:
        import fcntl
    except ImportError:  # not on Windows; there, only the transactions of SQLite separate two runs
        yield
        return
    try:
        file = (out / ".lock").open("w")
    except OSError as error:
        raise Fault(
            f"{out} cannot be written ({error.strerror or error}). Make room, or choose another --out."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            tell_waiting()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lessons_of(course: Course, words: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the lessons that these words refer to."""
    found: list[Lesson] = [course.find(word) for word in words]
    return tuple(lesson.name for lesson in found)
