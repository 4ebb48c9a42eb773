"""One run on all cores: the checks are collected once, and then a judge is forked for every exercise.

Each judge has a worker of its own, so the exercises of a lesson do not meet in the student's process. Once one of them
has hung, those that begin later are waited for less, as in a run on one core.
"""

import contextlib
import json
import os
import selectors
import signal
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from grader import confine
from grader.course import Lesson
from grader.errors import Fault
from grader.grading import carry_out, stand_by
from grader.plugin import Run
from grader.reference import Reference
from grader.verdict import ExerciseVerdict, LessonVerdict, Report, Status, exercise_from

Task = tuple[Lesson, str]
"""A lesson and the name of an exercise of it, which one judge grades."""


@dataclass
class _Judge:
    """A judge at work, as its parent sees it."""

    task: Task
    pid: int
    said: int
    """The descriptor on which it says its verdict."""
    heard: bytearray = field(default_factory=bytearray)


def grade_abreast(run: Run, lessons: Sequence[Lesson], judges: int) -> Report:
    """Do a run with so many judges at once; raises as `grader.grading.grade` does.

    It forks, so there must be no other thread.
    """
    tasks = [(lesson, name) for lesson in lessons for name in _selected(run, lesson)]
    if judges < 2 or len(tasks) < 2:
        return carry_out(run, lessons)
    bench = _Bench(run, lessons, tasks, judges)
    with tempfile.TemporaryDirectory(prefix="grade-hypothesis-") as notes:
        try:
            done = stand_by(run, lessons, bench.next_run, notes)
        except BaseException as error:
            if not bench.is_judge:
                raise
            bench.say(fault=f"{type(error).__name__}: {error}")
        else:
            if bench.is_judge and done is not None:
                (exercise,) = (each for lesson in done[1].lessons for each in lesson.exercises)
                bench.say(exercise=asdict(exercise))
    return Report(tuple(bench.verdict(lesson) for lesson in lessons), run.zygote.isolation, run.seed)


@dataclass
class _Bench:
    """The judges of a run and what they have found, and in a judge the way to say what it has found."""

    run: Run
    lessons: Sequence[Lesson]
    waiting: list[Task]
    judges: int
    at_work: list[_Judge] = field(default_factory=list)
    found: dict[Task, ExerciseVerdict] = field(default_factory=dict)
    has_hung: bool = False
    say_to: int = -1

    @property
    def is_judge(self) -> bool:
        """Whether this process is one of the judges."""
        return self.say_to >= 0

    def next_run(self) -> Run | None:
        """Fork the judges, and return in each with its run; in their parent, when all have ended."""
        self._prepare()
        try:
            while self.waiting or self.at_work:
                while self.waiting and len(self.at_work) < self.judges:
                    run = self._fork(self.waiting.pop(0))
                    if run is not None:
                        return run
                self._hear()
        finally:
            for judge in list(self.at_work):
                os.kill(judge.pid, signal.SIGKILL)
                self._clear(judge)
        return None

    def say(self, **what: object) -> None:
        """Say what a judge has found, and end it."""
        with contextlib.suppress(BaseException), os.fdopen(self.say_to, "w", encoding="utf-8") as parent:
            json.dump(what, parent)
        os._exit(0)

    def verdict(self, lesson: Lesson) -> LessonVerdict:
        """Return the verdict on a lesson, put together from those on its exercises."""
        names = _selected(self.run, lesson)
        if not names:
            return self.run.lesson_verdict(lesson)
        return LessonVerdict(lesson.id, lesson.name, lesson.title, tuple(self.found[lesson, name] for name in names))

    def _prepare(self) -> None:
        """Do here, while the zygote is getting ready, what every judge would have to do."""
        import torch

        torch.set_num_threads(1)
        _draw_once()
        for lesson in self.lessons:
            reference = self.run.references.setdefault(lesson.name, Reference(lesson))
            with contextlib.suppress(Fault):  # the judges say so
                reference.solution  # noqa: B018  loaded, with all that it imports

    def _fork(self, task: Task) -> Run | None:
        """Fork a judge and return None; in the judge, return its run."""
        lesson, exercise = task
        zygote = self.run.zygote.connect()
        said, say_to = os.pipe()
        # Ctrl-C reaches the parent, which ends the judge: it must not take itself for the parent for a moment.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        pid = os.fork()
        if pid:
            self.at_work.append(_Judge(task, pid, said))
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            zygote.close()
            os.close(say_to)
            return None
        self.say_to = say_to
        confine.die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for judge in self.at_work:
            os.close(judge.said)
        self.at_work.clear()
        selected = {each.name: frozenset([exercise] if each is lesson else []) for each in self.lessons}
        return replace(self.run, zygote=zygote, selected=selected, has_waited=self.has_hung)

    def _hear(self) -> None:
        """Wait until a judge says something or ends."""
        with selectors.DefaultSelector() as selector:
            for judge in self.at_work:
                selector.register(judge.said, selectors.EVENT_READ, judge)
            ready = [key.data for key, _ in selector.select()]
        for judge in ready:
            part = os.read(judge.said, 1 << 16)
            judge.heard += part
            if not part:
                self._clear(judge)

    def _clear(self, judge: _Judge) -> None:
        """Take what a judge has said that has ended."""
        os.close(judge.said)
        _, status = os.waitpid(judge.pid, 0)
        self.at_work.remove(judge)
        try:
            said = json.loads(judge.heard)
        except ValueError:
            said = {"fault": f"Its judge ended without a verdict (status {status})."}
        lesson, exercise = judge.task
        if "fault" in said:
            broken = replace(
                self.run, selected={lesson.name: frozenset([exercise])}, faults={lesson.name: said["fault"]}
            )
            (verdict,) = broken.lesson_verdict(lesson).exercises
        else:
            verdict = exercise_from(said["exercise"])
        self.found[judge.task] = verdict
        self.has_hung |= any(check.status is Status.TIMEOUT for check in verdict.checks)


def _draw_once() -> None:
    """Let Hypothesis do what it does at the first example that it draws, before there are many to do it."""
    import hypothesis
    from hypothesis import strategies as st

    @hypothesis.settings(max_examples=1, database=None)
    @hypothesis.given(st.integers())
    def draw(_number: int) -> None:
        pass

    draw()


def _selected(run: Run, lesson: Lesson) -> list[str]:
    """Return the exercises of a lesson that are to be graded; none of a lesson that cannot be."""
    try:
        lesson.checks, lesson.mistakes  # noqa: B018  read from files that may be missing
        return [exercise.name for exercise in lesson.exercises if run.is_selected(lesson, exercise.name)]
    except Fault:
        return []
