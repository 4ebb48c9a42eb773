"""The engine of rounds: it grades a lesson at every save, and never lets a verdict on an earlier file through.

It does not wait, print or read keys. Its owner waits for the descriptors in `waits_for`, passes those that are ready
to `read` and the changed files to `changed`, and shows the events that come out. A save during a round kills the check
processes of that round and starts over.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, Self

from grader.course.model import Course, Lesson, read_course
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.grading import Options
from grader.engine.unwritten import unwritten, verdicts_of
from grader.errors import GraderError
from grader.live.events import (
    Done,
    Drawn,
    Event,
    Faulted,
    FirstFailure,
    Graded,
    Loaded,
    Loading,
    Reason,
    Started,
    Unusable,
)
from grader.pool.client import CheckProcess, Client
from grader.pool.job import Failing, Finding, Job
from grader.pool.pool import cores
from grader.progress.cache import Memory
from grader.progress.next_step import CURRENT
from grader.sandbox import confinement
from grader.verdict import PUBLIC, LessonVerdict, Status

_FAILED = frozenset([Status.WRONG, Status.RAISED, Status.TIMEOUT, Status.CRASHED])


class Descriptor(Protocol):
    """Something to wait for."""

    def fileno(self) -> int:
        """Return the descriptor."""


@dataclass
class _Round:
    """One grading of a lesson: which exercises wait, run, and are done."""

    lesson: Lesson
    source: Source | Unreadable
    """The file as it was when the round began: all exercises are graded from it."""
    waiting: list[str]
    started: float = field(default_factory=time.monotonic)
    processes: list[CheckProcess] = field(default_factory=list)
    found: dict[str, LessonVerdict] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)
    isolation: str = ""
    has_failed: bool = False
    """Whether a failing check was announced: only the first one is."""

    @property
    def is_running(self) -> bool:
        return bool(self.processes or self.waiting)

    def verdict(self) -> LessonVerdict | None:
        """Return the verdict on the whole lesson, or None while a part is missing."""
        parts = [self.found.get(exercise.name) for exercise in self.lesson.exercises]
        if not parts or None in parts:
            return None
        exercises = tuple(exercise for part in parts if part is not None for exercise in part.exercises)
        return LessonVerdict(self.lesson.id, self.lesson.name, self.lesson.title, exercises)


class Rounds:
    """The engine; as a context manager it leaves no processes behind."""

    def __init__(self, course: Course, submission: Path, memory: Memory) -> None:
        self.course = course
        self.lesson = course.lessons[0]
        """The lesson that is graded."""
        self._submission = submission
        self._memory = memory
        self._client = Client(course.root)
        self._round: _Round | None = None
        self._seconds: dict[str, float] = {}
        """How long the exercises of the lesson take."""
        self._picture: tuple[str, CheckProcess] | None = None
        """The exercise that is being drawn."""
        self._cores = cores()

    def __enter__(self) -> Self:
        """Begin to load torch in another process."""
        self._client.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End all processes, without waiting for what they do."""
        for process in self._processes():
            process.channel.close()
        self._client.__exit__()

    @property
    def is_running(self) -> bool:
        """Whether a round has exercises left to grade."""
        return self._round is not None and self._round.is_running

    def waits_for(self) -> list[Descriptor]:
        """Return what to wait for now."""
        loading: list[Descriptor] = [self._client] if self._client.is_busy else []
        return [*loading, *self._processes()]

    def read(self, ready: Collection[object], first: str = "") -> list[Event]:
        """Read what has come, and return what it tells; exercise ``first`` is graded before the others."""
        found: list[Event] = []
        if self._client in ready and self._client.is_busy:
            self._seconds = self._client.hear()
            if self._round is not None:
                self._round.started = time.monotonic()
            if self._client.is_busy:
                found.append(self._loading())
            else:
                self._client.share()
                found.append(Loaded())
                self._go_ahead(first)
        for process in self._processes():
            if process in ready:
                is_picture = self._picture is not None and process is self._picture[1]
                found += self._read_picture() if is_picture else self._read_verdict(process)
        return found

    def open(self, lesson: Lesson) -> list[Event]:
        """Go to a lesson and grade its file."""
        self._stop()
        self.lesson = lesson
        if self._memory.is_own:
            self._memory.store.note(CURRENT, lesson.name)
        return [*self._learn(), *self.begin(Reason.OPENED)]

    def changed(self, paths: Collection[Path], first: str = "") -> list[Event]:
        """Take notice of files that were written, made or removed: start over if they decide the verdict."""
        courses = {path for path in paths if self._submission not in path.parents}
        found = self._read_course_again() if courses else []
        for lesson in self.course.lessons:
            if self._submission / f"{lesson.name}.py" in paths:
                if lesson.name != self.lesson.name:
                    return [*found, *self.open(lesson)]
                return [*found, *self.begin(Reason.SAVED, first)]
        if any(map(self.lesson.decides, courses)):
            self._stop()
            return [*found, *self._learn(), *self.begin(Reason.LESSON_CHANGED, first)]
        return found

    def begin(self, reason: Reason, first: str = "") -> list[Event]:
        """Grade the present file; a running round is stopped and dropped.

        A verdict that is remembered is told at once, unless the student requested to grade again; so are the verdicts
        on exercises that the text alone proves unwritten.
        """
        replaced = self.is_running
        self._stop()
        lesson = self.lesson
        source = read_submission(self._submission, lesson.name)
        try:
            names = [exercise.name for exercise in lesson.exercises]
        except GraderError as error:
            self._round = None
            return [Unusable(str(error))]
        self._round = work = _Round(lesson, source, names)
        found: list[Event] = [Started(lesson, source, reason, replaced)]
        known = self._memory.recall(lesson, source) if reason is not Reason.REQUESTED else None
        if known is not None:
            work.waiting.clear()
            found += [Graded(exercise.name, replace(known, exercises=(exercise,))) for exercise in known.exercises]
            return [*found, Done(known, confinement.isolation(), time.monotonic() - work.started)]
        work.found = _of_unwritten(lesson, source)
        work.waiting = [name for name in names if name not in work.found]
        found += [Graded(name, verdict) for name, verdict in work.found.items()]
        if names and not work.waiting:
            found.append(Done(work.verdict(), confinement.isolation(), time.monotonic() - work.started))
        self._go_ahead(first)
        return found

    def draw(self, job: Job) -> bool:
        """Begin to draw a picture of the present file; return False while something else is being done."""
        if self._picture is not None or self.is_running or self._client.is_busy:
            return False
        self._picture = ", ".join(job.options.exercises), self._client.begin(job)
        return True

    def _processes(self) -> list[CheckProcess]:
        processes = list(self._round.processes) if self._round is not None else []
        return [*processes, self._picture[1]] if self._picture is not None else processes

    def _learn(self) -> list[Event]:
        self._seconds = {}
        is_first = self._client.is_busy
        self._client.begin_learning(self.lesson.name)
        return [Loading("PyTorch") if is_first else self._loading()]

    def _loading(self) -> Loading:
        return Loading(f"the checks of lesson {self.lesson.id}")

    def _go_ahead(self, first: str = "") -> None:
        """Begin as many check processes as there are cores, once everything is loaded."""
        work = self._round
        if work is None or self._client.is_busy:
            return
        if not work.is_running:
            # Started while the student reads, so that they wait for the next save.
            self._client.keep_ready(work.lesson.name, len(work.lesson.exercises))
        # The exercise that the student looks at, then the slowest.
        work.waiting.sort(key=lambda name: (name != first, -self._seconds.get(name, 0.0)))
        while work.waiting and len(work.processes) < self._cores:
            job = Job(work.lesson.name, work.source, Options((work.waiting.pop(0),), checks=PUBLIC))
            work.processes.append(self._client.begin(job))

    def _stop(self) -> None:
        """End the running check processes: their findings are about an earlier file."""
        for process in self._processes():
            self._client.end(process)
        self._picture = None
        if self._round is not None:
            self._round.processes.clear()
            self._round.waiting.clear()

    def _read_verdict(self, process: CheckProcess) -> list[Event]:
        work = self._round
        assert work is not None
        findings = process.read()
        found = [event for finding in findings or () for event in _noted(work, process.exercise, finding)]
        if findings is not None and not any(isinstance(finding, Finding) for finding in findings):
            return found
        work.processes.remove(process)
        read = process.last_read
        self._client.end(process)
        options = process.job.options
        is_known = process.exercise in work.found or process.exercise in work.faults
        if read and not is_known and not options.unreadable:
            # Reading an answer killed it: the next one does without that answer.
            job = replace(process.job, options=replace(options, unreadable=(read,)))
            work.processes.append(self._client.begin(job))
            return found
        if not is_known:
            work.faults.add(process.exercise)
            found.append(Faulted(process.exercise, "Its check process ended without a verdict."))
        if work.is_running:
            self._go_ahead(process.exercise)
            return found
        verdict = work.verdict()
        if verdict is not None:
            self._memory.remember(work.lesson, work.source, verdict, work.isolation)
        found.append(Done(verdict, work.isolation, time.monotonic() - work.started))
        self._go_ahead()
        return found

    def _read_picture(self) -> list[Event]:
        assert self._picture is not None
        exercise, process = self._picture
        findings = process.read()
        if findings is None:
            self._client.end(process)
            self._picture = None
            return [Drawn(exercise, fault="There is no picture: its check process ended.")]
        for finding in findings:
            if isinstance(finding, Finding):
                self._client.end(process)
                self._picture = None
                # The next save finds as many ready processes as before.
                self._client.keep_ready(self.lesson.name, len(self.lesson.exercises))
                return [Drawn(exercise, finding.answer, finding.fault)]
        return []

    def _read_course_again(self) -> list[Event]:
        try:
            course = read_course(self.course.root)
            self.lesson = next(lesson for lesson in course.lessons if lesson.name == self.lesson.name)
            self.course = course
        except (GraderError, StopIteration) as error:
            return [Unusable(f"The course cannot be read now, so its previous version stays in use: {error}")]
        return []


def _of_unwritten(lesson: Lesson, source: Source | Unreadable) -> dict[str, LessonVerdict]:
    """Return the verdicts that need no process, by exercise; none where the engine has something to report."""
    try:
        names = unwritten(lesson, source)
        verdicts = verdicts_of(lesson, source, names, PUBLIC) if names else {}
    except GraderError:
        return {}
    return {name: LessonVerdict(lesson.id, lesson.name, lesson.title, (verdict,)) for name, verdict in verdicts.items()}


def _noted(work: _Round, exercise: str, finding: Failing | Finding) -> Iterable[Event]:
    """Return what a finding tells, and note it."""
    if isinstance(finding, Failing):
        if not work.has_failed and finding.status in _FAILED:
            work.has_failed = True
            yield FirstFailure(exercise, finding.claim, finding.status)
    elif finding.lesson is not None:
        work.found[exercise], work.isolation = finding.lesson, finding.isolation
        yield Graded(exercise, finding.lesson)
    else:
        work.faults.add(exercise)
        yield Faulted(exercise, finding.fault)
