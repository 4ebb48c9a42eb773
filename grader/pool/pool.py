"""A stream of jobs on all cores: one fork server, and a check process forked from it for every job.

A check process that dies, breaks or never ends is replaced, and so is the server; the job is done once more, and then
it is a fault. Where two check processes have died while they read an answer of the same exercise, the answer is to
blame: the other exercises of the job are graded without it. Jobs are taken from the stream as processes become free,
so it may be of any length.
"""

import os
import selectors
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from grader.errors import Fault
from grader.pool.client import CheckProcess, Client
from grader.pool.job import Finding, Job
from grader.verdict import LessonVerdict, Status

MAX_ATTEMPTS = 2
PROCESS_SECONDS = 3600.0
"""A check process that has worked for so long hangs in our own code: the student's code has its own limits, and on a
busy machine what takes a minute may take many."""
MANY = 16
"""So many jobs of a lesson promise as many more: then what takes seconds to prepare pays."""
_LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Outcome:
    """How a job has ended: with a verdict, with the answer of its hook, or with a fault of ours."""

    job: Job
    lesson: LessonVerdict | None = None
    answer: Any = None
    fault: str = ""
    """Why there is no verdict, or why the verdict is a fault."""
    isolation: str = ""
    behaviours: dict[str, str] = field(default_factory=dict)
    """What `grader.engine.grading.Graded` says of them."""


@dataclass(frozen=True)
class _Attempt:
    """A job, and what became of the check processes that it had."""

    job: Job
    number: int = 1
    suspects: tuple[str, ...] = ()
    """The exercises of which a check process was reading an answer when it died."""
    unreadable: tuple[str, ...] = ()
    """Those of which another check process has died too."""

    def after(self, read: str) -> "_Attempt | None":
        """Return the attempt after this one, whose process died as it read an answer of ``read``, if there is one."""
        if read in self.suspects and read not in self.unreadable:
            return replace(self, unreadable=(*self.unreadable, read))
        if read and read not in self.suspects:
            return replace(self, suspects=(*self.suspects, read))
        return replace(self, number=self.number + 1) if self.number < MAX_ATTEMPTS else None


@dataclass
class _Work:
    """A check process and what it has said."""

    process: CheckProcess
    attempt: _Attempt
    core: int | None
    """The processor that it keeps to."""
    started: float = field(default_factory=time.monotonic)
    finding: Finding | None = None


class Pool:
    """Judges for a course; as a context manager it leaves no process and no file behind."""

    def __init__(self, root: Path, processes: int = 0, *, lessons: Iterable[str] = (), learns: bool = True) -> None:
        """Make it with so many check processes (0: one for each core).

        The jobs may be of any lesson; what those of ``lessons`` import (none: of all) is there from the start.
        Where it ``learns``, all is made ready for many jobs first, and a lesson's solution is graded: every job is done
        in half the time.
        """
        self._client = Client(root)
        self._lessons, self._learns = tuple(lessons), learns
        self._number = processes or cores()
        # A check process and its worker take turns: on one processor neither has to be woken on another, which saves a
        # fifth of the time. With fewer processes than processors the system knows better which of them are free.
        is_full = self._number == cores() and hasattr(os, "sched_getaffinity")
        self._cores: list[int | None] = [*os.sched_getaffinity(0)] if is_full else [None] * self._number
        """Those that no check process keeps to at present."""
        self._is_started = False
        self._stands: set[tuple[str, int]] = set()
        """By lesson and seed: what the server has a template for."""
        self._started: Counter[tuple[str, int]] = Counter()
        """How many jobs of each."""

    def __enter__(self) -> Self:
        """Return the pool; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._client.__exit__()

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Do the jobs and yield each outcome as it comes, in no particular order.

        At most as many jobs as there are processes are taken from the stream before their outcomes are yielded. Raises
        Fault where no check process can be started at all.
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
        """Start a check process; where the server has died, another one is started first."""
        job = replace(attempt.job, options=replace(attempt.job.options, unreadable=attempt.unreadable))
        for is_last in (False, True):
            try:
                if not self._is_started:
                    self._client.start(self._lessons, many=self._learns)
                    self._is_started = True
                # What a hook does is done once: to learn its answers before would be to do it twice.
                key = job.lesson, job.options.seed
                if not job.hook and key not in self._stands:
                    prepare = self._client.learn if self._learns else self._client.load
                    prepare(*key)
                    self._stands.add(key)
                self._started[key] += 1
                if self._learns and self._started[key] == MANY:
                    self._client.try_mistakes(*key)
                return _Work(self._client.begin(job, self._cores[-1]), attempt, self._cores.pop())
            except Fault:
                self._is_started = False
                self._stands.clear()
                if is_last:
                    raise
        raise AssertionError

    def _ended(self, at_work: list[_Work]) -> list[_Work]:
        """Wait for the check processes, hear what they say, and return those that have ended or have to."""
        with selectors.DefaultSelector() as selector:
            for work in at_work:
                selector.register(work.process, selectors.EVENT_READ, work)
            ready = [key.data for key, _ in selector.select(_LOOK_SECONDS)]
        ended = [work for work in ready if not _hear(work)]
        late = time.monotonic() - PROCESS_SECONDS
        return ended + [work for work in at_work if work not in ended and work.started < late]


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _hear(work: _Work) -> bool:
    """Keep the last word of a check process; return whether it may still say something."""
    findings = work.process.read()
    for finding in findings or ():
        if isinstance(finding, Finding):
            work.finding = finding
    return findings is not None


def _outcome(work: _Work) -> Outcome:
    said, job = work.finding, work.attempt.job
    if said is None:
        return Outcome(job, fault="The process of this job ended without a verdict.")
    if said.lesson is None:
        return Outcome(job, None, said.answer, said.fault)
    return Outcome(job, said.lesson, None, _fault_of(said.lesson), said.isolation, said.behaviours)


def _fault_of(lesson: LessonVerdict) -> str:
    """Return the message of the first fault in a verdict, or an empty string."""
    checks = (check for exercise in lesson.exercises for check in exercise.checks if check.status is Status.FAULT)
    return next((check.message or check.claim for check in checks), "")
