"""A stream of jobs on all cores: one fork server, and a check process forked from it for every job.

A check process that dies, breaks or never finishes is replaced, and so is the server; the job is retried once, and
then it is a fault. If two check processes die while reading an answer of the same exercise, the answer is to blame: the
job's other exercises are graded without it. Jobs are taken from the stream as processes become free, so it may have any
length.
"""

import os
import selectors
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from grader.engine.grading import Searched
from grader.errors import Fault
from grader.pool.client import CheckProcess, Client
from grader.pool.job import Finding, Job
from grader.verdict import LessonVerdict, Status

MAX_ATTEMPTS = 2
PROCESS_SECONDS = 3600.0
"""A check process that runs longer hangs in the grader's own code: the student's code has its own limits. It is long
because a busy machine may be many times slower."""
MANY = 16
"""Jobs of a lesson after which precomputing pays: as many more are likely."""
_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Outcome:
    """How a job ended: with a verdict, with its hook's answer, or with a fault."""

    job: Job
    lesson: LessonVerdict | None = None
    answer: Any = None
    fault: str = ""
    """Why there is no verdict, or why the verdict is a fault."""
    isolation: str = ""
    behaviours: dict[str, str] = field(default_factory=dict)
    """As in `grader.engine.grading.Graded`."""
    searched: tuple[Searched, ...] = ()
    """The same."""


@dataclass(frozen=True)
class _Attempt:
    """An attempt at a job, and what earlier attempts have shown."""

    job: Job
    number: int = 1
    suspects: tuple[str, ...] = ()
    """Exercises whose answers a check process was reading when it died."""
    unreadable: tuple[str, ...] = ()
    """Those for which this happened to a second check process."""

    def after(self, read: str) -> "_Attempt | None":
        """Return the next attempt, if any, after this one's process died while reading an answer of ``read``."""
        if read in self.suspects and read not in self.unreadable:
            return replace(self, unreadable=(*self.unreadable, read))
        if read and read not in self.suspects:
            return replace(self, suspects=(*self.suspects, read))
        return replace(self, number=self.number + 1) if self.number < MAX_ATTEMPTS else None


@dataclass
class _Work:
    """A check process at work and its finding."""

    process: CheckProcess
    attempt: _Attempt
    core: int | None
    """The core that it is pinned to."""
    started: float = field(default_factory=time.monotonic)
    finding: Finding | None = None


class Pool:
    """The check processes of a course; as a context manager it leaves no processes or files behind."""

    def __init__(
        self,
        root: Path,
        processes: int = 0,
        *,
        lessons: Iterable[str] = (),
        learns: bool = True,
        borrows: bool = False,
    ) -> None:
        """Create a pool with this many check processes (0: one per core).

        Jobs may be of any lesson; the imports of ``lessons`` (empty: of all) are loaded at the start. With ``learns``,
        the pool prepares for many jobs and first grades a lesson's solution, which halves the time of every job.
        With ``borrows``, the jobs are done by the warm processes of a `grade watch` of this folder while one runs.
        """
        self._client = Client(root)
        self._lessons, self._learns, self._borrows = tuple(lessons), learns, borrows
        self._number = processes or cores()
        # A check process and its worker take turns: on one core neither has to be woken on another, which saves a fifth
        # of the time. With fewer processes than cores, the system knows better which of them are free.
        is_full = self._number == cores() and hasattr(os, "sched_getaffinity")
        self._cores: list[int | None] = [*os.sched_getaffinity(0)] if is_full else [None] * self._number
        """Cores that no check process is pinned to."""
        self._stands: set[tuple[str, int]] = set()
        """By lesson and seed: what the server has a template process for."""
        self._started: Counter[tuple[str, int]] = Counter()
        """How many jobs of each have been started."""

    def __enter__(self) -> Self:
        """Return the pool; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._client.__exit__()

    def start(self) -> None:
        """Start the server, unless it runs, and return while it imports torch; raises Fault if that is impossible."""
        if not self._client.is_started:
            self._start_server()

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Do the jobs and yield their outcomes as they complete, in any order.

        Takes at most as many jobs ahead of their outcomes as there are processes. Raises Fault if no check process can
        be started at all.
        """
        waiting = iter(jobs)
        again: list[_Attempt] = []
        at_work: list[_Work] = []
        is_exhausted = False
        try:
            while True:
                while len(at_work) < self._number and (again or not is_exhausted):
                    if again:
                        at_work.append(self._start(again.pop()))
                    elif (job := next(waiting, None)) is not None:
                        at_work.append(self._start(_Attempt(job)))
                    else:
                        is_exhausted = True
                if not at_work:
                    return
                for work in self._ended(at_work):
                    at_work.remove(work)
                    if work.finding is None and self._client.has_lost(work.process):
                        # Nothing went wrong with the job: its processes ended with the program that lent them.
                        self._end(work)
                        again.append(work.attempt)
                        continue
                    read = work.process.last_read if work.finding is None else ""
                    self._end(work)
                    outcome = _outcome(work)
                    following = work.attempt.after(read) if outcome.fault else None
                    if following is not None:
                        again.append(following)
                    else:
                        yield outcome
        finally:
            for work in at_work:
                self._end(work)

    def _end(self, work: _Work) -> None:
        self._client.end(work.process)
        self._cores.append(work.core)

    def _start(self, attempt: _Attempt) -> _Work:
        """Start a check process; if the server has died, start another one first."""
        job = replace(attempt.job, options=replace(attempt.job.options, unreadable=attempt.unreadable))
        for is_last in (False,) * (MAX_ATTEMPTS - 1 + self._borrows) + (True,):
            try:
                self.start()
                # A hook runs once: learning the solution's answers beforehand would do the work twice.
                key = job.lesson, job.options.seed
                if not (job.hook or self._client.is_borrowed or key in self._stands):
                    prepare = self._client.learn if self._learns else self._client.load
                    prepare(*key)
                    self._stands.add(key)
                self._started[key] += 1
                if self._learns and self._started[key] == MANY:
                    self._client.try_mistakes(*key)
                return _Work(self._client.begin(job, self._cores[-1]), attempt, self._cores.pop())
            except Fault:
                self._client.close()
                if is_last:
                    raise
        raise AssertionError

    def _start_server(self) -> None:
        """Borrow a server if that has not been tried, or start one."""
        self._stands.clear()
        is_borrowed = self._borrows and self._client.borrow()
        self._borrows = False
        if not is_borrowed:
            self._client.start(self._lessons, many=self._learns)

    def _ended(self, at_work: list[_Work]) -> list[_Work]:
        """Wait for check processes, receive their findings, and return those that have ended or must be ended."""
        with selectors.DefaultSelector() as selector:
            for work in at_work:
                selector.register(work.process, selectors.EVENT_READ, work)
            ready = [key.data for key, _ in selector.select(_LOOK_SECONDS)]
        ended = [work for work in ready if not _hear(work)]
        late = time.monotonic() - PROCESS_SECONDS
        others = [work for work in at_work if work not in ended]
        lost = [work for work in others if not ready and self._client.has_lost(work.process)]
        return ended + lost + [work for work in others if work not in lost and work.started < late]


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _hear(work: _Work) -> bool:
    """Record the finding of a check process; return whether more may follow."""
    findings = work.process.read()
    for finding in findings or ():
        if isinstance(finding, Finding):
            work.finding = finding
    return findings is not None


def _outcome(work: _Work) -> Outcome:
    said, job = work.finding, work.attempt.job
    if said is None:
        return Outcome(job, fault="The check process ended without a verdict.")
    if said.lesson is None:
        return Outcome(job, None, said.answer, said.fault)
    return Outcome(job, said.lesson, None, _fault_of(said.lesson), said.isolation, said.behaviours, said.searched)


def _fault_of(lesson: LessonVerdict) -> str:
    """Return the message of the first fault in a verdict, or an empty string."""
    checks = (check for exercise in lesson.exercises for check in exercise.checks if check.status is Status.FAULT)
    return next((check.message or check.claim for check in checks), "")
