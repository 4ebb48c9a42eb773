"""The processes behind `client`: one that holds torch and the course's libraries, and a stand for each lesson.

The host starts in a fresh interpreter. It imports torch and the course's libraries, forks the zygote off while there is
nothing in its memory that a student must not find, and then imports Hypothesis: all of them share one torch. The stand
of a lesson is forked from it, works out the solution's answers where the lesson is to be learned, and loads the checks:
a judge that is forked there only has to call them. Judges of other lessons are forked from the host.
"""

import contextlib
import gc
import hashlib
import importlib
import os
import signal
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from grader.course.model import Lesson, read_course
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.grading import Grading, LoadedLesson, Options, Task, faulty, load
from grader.engine.reading import keep_note
from grader.errors import Fault, GraderError
from grader.pool.job import Failing, Finding, Job
from grader.sandbox import hugepages, ipc
from grader.sandbox.confinement import Limits, set_judge_limits
from grader.sandbox.tempdirs import remove
from grader.sandbox.zygote import Zygote, draw_ahead, import_ahead
from grader.verdict import CheckVerdict, Status

if TYPE_CHECKING:
    from grader.sandbox.connection import Channel


def main(descriptor: int) -> None:
    """Serve until the client goes; runs in a fresh interpreter."""
    import torch

    torch.set_num_threads(1)
    channel = socket.socket(fileno=descriptor)
    received = ipc.receive(channel)
    if received is None:
        return
    wish, _ = received
    for name in wish["imports"]:
        import_ahead(name)
    if wish["many"]:
        draw_ahead()
        gc.collect()
        hugepages.merge()
    zygote = Zygote.forked(wish["imports"])
    from grader.sandbox import confinement

    confinement.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the client, which ends us
    host = _Host(zygote, channel, root=Path(wish["root"]))
    host.prepare()
    with contextlib.suppress(OSError):
        ipc.send(channel, {})
        while (received := ipc.receive(channel)) is not None:
            ipc.send(channel, host.answer(*received))


@dataclass
class _Judges:
    """The judges that a process has forked, and its channel to whoever asks for them."""

    zygote: Zygote
    channel: socket.socket
    folders: dict[int, str] = field(default_factory=dict)
    """By judge: the folder for its temporary files."""
    killed: set[int] = field(default_factory=set)
    """Judges that still give their memory back: nobody has to wait for that."""

    def fork(self, request: dict[str, Any], descriptor: int) -> "_Desk | int":
        """Return the judge's process id, and in the judge its desk."""
        self._clean_up()
        zygote = self.zygote.connect()
        pid = os.fork()
        if pid == 0:
            from grader.sandbox import confinement

            confinement.die_with_parent()
            self.channel.close()
            _keep_files_in(request["folder"])
            if request["core"] is not None:
                with contextlib.suppress(OSError):  # it may have been taken from us meanwhile
                    os.sched_setaffinity(0, {request["core"]})
            return _Desk(socket.socket(fileno=descriptor), zygote, request["job"])
        zygote.close()
        os.close(descriptor)
        self.folders[pid] = request["folder"]
        return pid

    def end(self, pid: int) -> None:
        """End a judge, and all that it has started."""
        os.kill(pid, signal.SIGKILL)
        self.killed.add(pid)

    def _clean_up(self) -> None:
        for pid in list(self.killed):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self.killed.discard(pid)
                remove(self.folders.pop(pid))


@dataclass(frozen=True)
class _Handle:
    """A stand, as the host sees it."""

    version: str
    """Of the files of the lesson."""
    channel: socket.socket
    seconds: dict[str, float]
    """By exercise, how long its checks take; empty for a lesson that was not learned."""
    pid: int
    learns: bool
    """Whether the lesson was learned."""

    def ask(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any] | None:
        """Return its answer, or None where it is no more."""
        with contextlib.suppress(OSError):
            ipc.send(self.channel, request, descriptors)
            if (received := ipc.receive(self.channel)) is not None:
                return received[0]
        return None


@dataclass
class _Host(_Judges):
    """The warm process's end."""

    root: Path = Path()
    stands: dict[tuple[str, int], _Handle] = field(default_factory=dict)
    """By lesson and seed."""
    owners: dict[int, _Handle] = field(default_factory=dict)
    """By judge: the process that has forked it, where that is another one."""

    def prepare(self) -> None:
        """Import what every judge needs."""
        import hypothesis.strategies  # noqa: F401

        from grader.engine import diagnosis, fingerprint, grading, replay, student  # noqa: F401
        from grader.feedback import describe, tensor_diff  # noqa: F401

        gc.freeze()

    def answer(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        """Do what the client asks."""
        match request["do"]:
            case "judge":
                return self._judge(request, descriptors)
            case "end" if request["pid"] in self.owners:
                self.owners.pop(request["pid"]).ask(request, [])
            case "end" if request["pid"] in self.folders:  # else it was a judge of the process before this one
                self.end(request["pid"])
            case "stand":
                return self._stand(request)
            case "mistakes" if (stand := self.stands.get((request["lesson"], request["seed"]))) is not None:
                if stand.ask(request, []) is None:
                    self._forget((request["lesson"], request["seed"]))
        return {}

    def _judge(self, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        key = request["lesson"], request["seed"]
        stand = self.stands.get(key)
        if stand is not None:
            answer = stand.ask(request, descriptors)
            if answer is not None:
                os.close(descriptors[0])
                self.owners[answer["pid"]] = stand
                return answer
            self._forget(key)
        if request["job"] is None:
            os.close(descriptors[0])
            return {}
        judge = self.fork(request, descriptors[0])
        if isinstance(judge, _Desk):
            judge.finish(lambda: judge.do(_lesson(self.root, key[0])))
        return {"pid": judge}

    def _stand(self, request: dict[str, Any]) -> dict[str, float]:
        """Fork the stand of a lesson, unless there is one; return how long its exercises take."""
        lesson, key = _lesson(self.root, request["lesson"]), (request["lesson"], request["seed"])
        stand, version, learns = self.stands.get(key), _version(lesson), request["learns"]
        if stand is not None and stand.version == version and stand.learns >= learns:
            return stand.seconds
        self._forget(key)
        ours, theirs = socket.socketpair()
        zygote = self.zygote.connect()
        pid = os.fork()
        if pid == 0:
            from grader.sandbox import confinement

            confinement.die_with_parent()
            for channel in (self.channel, ours, *(other.channel for other in self.stands.values())):
                channel.close()
            _keep_files_in(request["folder"])
            with contextlib.suppress(BaseException):
                _Stand(zygote, theirs, lesson=lesson, version=version, seed=request["seed"], learns=learns).run()
            os._exit(0)
        theirs.close()
        zygote.close()
        received = ipc.receive(ours)
        seconds = received[0] if received is not None else {}
        self.stands[key] = _Handle(version, ours, seconds, pid, learns=learns)
        if received is None:  # a lesson that cannot be graded says so when the student's file is
            self._forget(key)
        return seconds

    def _forget(self, key: tuple[str, int]) -> None:
        """End the stand of a lesson; its judges go with it."""
        stand = self.stands.pop(key, None)
        if stand is not None:
            stand.channel.close()
            os.kill(stand.pid, signal.SIGKILL)
            os.waitpid(stand.pid, 0)
            self.owners = {pid: owner for pid, owner in self.owners.items() if owner is not stand}


@dataclass
class _Stand(_Judges):
    """The process of a lesson: it collects its checks and forks its judges."""

    lesson: Lesson = field(kw_only=True)
    """Read once: its files need not be parsed again while they are the same."""
    version: str = field(kw_only=True)
    seed: int = field(kw_only=True)
    learns: bool = field(kw_only=True)
    """Whether to grade the solution first: that takes longer than a judge, and saves the half of every later one."""
    loaded: LoadedLesson = field(init=False)

    def run(self) -> None:
        """Get ready, say how long the exercises take, and fork a judge at every request."""
        ipc.send(self.channel, self._learn() if self.learns else self._load())
        gc.collect()
        gc.freeze()
        while (received := ipc.receive(self.channel)) is not None:
            request, descriptors = received
            answer: dict[str, Any] = {}
            if request["do"] == "judge":
                judge = self.fork(request, descriptors[0])
                if isinstance(judge, _Desk):
                    judge.finish(partial(self._judge, judge))
                answer["pid"] = judge
            elif request["do"] == "mistakes":
                self._try_mistakes()
            elif request["pid"] in self.folders:
                self.end(request["pid"])
            ipc.send(self.channel, answer)

    def _judge(self, desk: "_Desk") -> None:
        """Do the job of a judge when it is there: that may be long after the judge was forked."""
        desk.wait()
        if _version(self.lesson) == self.version:
            desk.do(self.lesson, self.loaded)
        else:
            desk.do(_lesson(self.lesson.root, self.lesson.name))

    def _try_mistakes(self) -> None:
        from grader.engine.mistake_worker import Mistaken

        Mistaken(self.loaded.reference, self.zygote).try_costly()
        gc.freeze()

    def _load(self) -> dict[str, float]:
        """Load the checks, the solution, and all that they import."""
        from grader.engine.replay import draw_once

        draw_once()
        self.loaded = load(self.lesson)
        self.loaded.reference.solution  # noqa: B018
        return {}

    def _learn(self) -> dict[str, float]:
        """Grade the solution, and keep its answers and the examples that were drawn."""
        from grader.engine.replay import Examples

        first = load(self.lesson, examples=Examples())
        graded = Grading(Task(first, _solution(self.lesson), self.zygote, Options(seed=self.seed))).run()
        if graded.lesson.status is Status.FAULT:
            raise Fault(f"Lesson {self.lesson.id} cannot be graded.")
        exercises = graded.lesson.exercises
        assert first.examples is not None
        # A solution that fails a check was not shown all of its examples, and no verdict may depend on that.
        first.examples.is_complete = all(each.status is Status.PASSED for each in exercises)
        self.loaded = load(self.lesson, first.reference, first.examples)
        return {each.name: sum(check.duration_ms for check in each.checks) / 1000 for each in exercises}


@dataclass
class _Desk:
    """What a judge works with: the channel on which it gets its job, unless it has one, and says what it finds out."""

    channel: socket.socket
    zygote: Zygote
    document: str | None
    """The job, as JSON."""
    worker: "Channel | None" = None
    """Started while there was nothing else to do."""
    has_failed: bool = False

    def wait(self) -> None:
        """Wait for the job, with a worker that is ready for it."""
        from grader.sandbox.connection import Channel

        if self.document is None:
            with contextlib.suppress(Fault):  # whoever needs a worker tries again, and says it
                self.worker = Channel.start(self.zygote, Limits())
            line = self.channel.makefile("rb").readline()
            if not line:
                os._exit(0)  # this judge is not needed any more
            self.document = line.decode()

    @cached_property
    def job(self) -> Job:
        """The job, when it is there."""
        assert self.document is not None
        return msgspec.json.decode(self.document, type=Job)

    def say(self, what: Failing | Finding) -> None:
        """Send a finding."""
        self.channel.sendall(msgspec.json.encode(what) + b"\n")

    def finish(self, work: Callable[[], None]) -> NoReturn:
        """Do the work, say what goes wrong with it, and end the judge."""
        with contextlib.suppress(BaseException):
            try:
                work()
            except Exception as error:  # noqa: BLE001  whatever breaks here is our fault, and must be said
                self.say(Finding(fault=_explained(error)))
        os._exit(0)

    def do(self, lesson: Lesson, loaded: LoadedLesson | None = None) -> None:
        """Do the job: call its hook, or grade and say the verdict; the lesson is loaded now where it has not been."""
        job = self.job
        keep_note(tempfile.gettempdir())
        if job.hook:
            module, _, name = job.hook.partition(":")
            hook = getattr(importlib.import_module(module), name)
            self.say(Finding(answer=hook(self._task(loaded or load(lesson)))))
            return
        set_judge_limits(job.options.limits)
        try:
            task = self._task(loaded or load(lesson))
        except GraderError as fault:
            self.say(Finding(faulty(lesson, job.options, fault), self.zygote.isolation))
            return
        graded = Grading(task).run()
        self.say(Finding(graded.lesson, graded.isolation, graded.behaviours))

    def _task(self, loaded: LoadedLesson) -> Task:
        return Task(loaded, self.job.source, self.zygote, self.job.options, self.worker, self._hear)

    def _hear(self, check: CheckVerdict) -> None:
        if not self.has_failed and check.status is not Status.PASSED:
            self.has_failed = True
            self.say(Failing(check.claim, check.status))


def _keep_files_in(folder: str) -> None:
    """Let this process keep its temporary files, and Hypothesis its notes, in a folder."""
    from hypothesis.configuration import set_hypothesis_home_dir

    tempfile.tempdir = folder
    set_hypothesis_home_dir(folder)


def _solution(lesson: Lesson) -> Source | Unreadable:
    """Return the solution as a submission."""
    return read_submission(lesson.solution.parent, lesson.name)


def _explained(error: Exception) -> str:
    return str(error) if isinstance(error, GraderError) else f"The grader broke: {type(error).__name__}: {error}"


def _lesson(root: Path, name: str) -> Lesson:
    """Return a lesson of a course as its files are now."""
    return next(lesson for lesson in read_course(root).lessons if lesson.name == name)


def _version(lesson: Lesson) -> str:
    """Return a digest of the files of a lesson."""
    digest = hashlib.sha256()
    for path in (*lesson.deciding, lesson.folder / "README.md"):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(path.name.encode())
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
