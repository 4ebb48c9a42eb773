"""The processes behind `client`: the fork server and its template processes.

The server starts in a fresh interpreter. It imports torch and the course's libraries, forks the zygote while its memory
holds nothing that a student must not find, and then imports Hypothesis: all of them share one torch. A lesson's
template process is forked from it, computes the solution's answers if the lesson is to be learned, and loads the
checks, so that its check processes only have to call them. Check processes of other lessons are forked from the server.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec
from msgspec import structs

from grader.course.model import Lesson, read_course
from grader.course.submission import Source, Unreadable, read_submission
from grader.course.versions import lesson_version
from grader.engine.grading import Grading, LoadedLesson, Options, Task, faulty, load
from grader.engine.reading import keep_note
from grader.errors import Fault, GraderError
from grader.pool import messages
from grader.pool.job import Failing, Finding, Job
from grader.pool.server import Guests
from grader.sandbox import dynamo, hugepages, ipc
from grader.sandbox.confinement import Limits, set_check_limits
from grader.sandbox.tempdirs import remove
from grader.sandbox.zygote import Zygote, draw_ahead, import_ahead
from grader.verdict import CheckVerdict, Status

if TYPE_CHECKING:
    from grader.sandbox.connection import Channel


def main(descriptor: int) -> None:
    """Serve until the client disconnects; runs in a fresh interpreter."""
    gc.disable()  # hardly anything that imports leave is garbage, and to look for it takes a tenth of their time
    import torch

    torch.set_num_threads(1)
    dynamo.stand_in()
    channel = socket.socket(fileno=descriptor)
    received = ipc.receive(channel, messages.Setup)
    if received is None:
        return
    setup, _ = received
    for name in setup.imports:
        import_ahead(name)
    if setup.many:
        draw_ahead()
        gc.collect()
        hugepages.merge()
    zygote = Zygote.forked(setup.imports)
    from grader.sandbox import confinement

    confinement.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the client, which ends us
    server = _Server(zygote, channel, root=Path(setup.root), scratch=setup.scratch)
    server.prepare()
    with contextlib.suppress(OSError):
        ipc.send(channel, {})
        server.run()


@dataclass
class _Parent:
    """A process that forks check processes, with its channel to the process that requests them."""

    zygote: Zygote
    channel: socket.socket
    folders: dict[int, str] = field(default_factory=dict)
    """By check process: the folder for its temporary files."""
    killed: set[int] = field(default_factory=set)
    """Processes that may still be releasing their memory: nothing waits for them."""

    def fork(self, request: messages.Fork, descriptor: int, work: Callable[["_Handler"], None]) -> messages.Forked:
        """Fork a check process that does the work with a handler; the descriptor stays open here."""
        self._clean_up()
        zygote = self.zygote.connect()
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                from grader.sandbox import confinement

                confinement.die_with_parent()
                self.close_inherited()
                _keep_files_in(request.folder)
                if request.core is not None:
                    with contextlib.suppress(OSError):  # the core may no longer be available
                        os.sched_setaffinity(0, {request.core})
                handler = _Handler(socket.socket(fileno=descriptor), zygote, request.job)
                handler.finish(partial(work, handler))
            os._exit(0)
        zygote.close()
        self.folders[pid] = request.folder
        return messages.Forked(pid, request.folder)

    def close_inherited(self) -> None:
        """Close the channels of this process in one that was forked from it."""
        self.channel.close()

    def end(self, pid: int) -> None:
        """Kill a check process, and with it all that it has started."""
        os.kill(pid, signal.SIGKILL)
        self.killed.add(pid)

    def _clean_up(self) -> None:
        for pid in list(self.killed):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self.killed.discard(pid)
                remove(self.folders.pop(pid))


@dataclass(frozen=True)
class _Handle:
    """A template process, as the server sees it."""

    version: str
    """A digest of the lesson's files."""
    channel: socket.socket
    prepared: messages.Prepared
    pid: int
    learns: bool
    """Whether the lesson was learned."""

    def ask(
        self, request: messages.Request, kind: type[ipc.Answer], descriptors: list[int] | None = None
    ) -> ipc.Answer | None:
        """Return its answer, or None if it has ended."""
        with contextlib.suppress(OSError):
            ipc.send(self.channel, request, descriptors)
            if (received := ipc.receive(self.channel, kind)) is not None:
                answer: ipc.Answer = received[0]
                return answer
        return None


@dataclass
class _Server(_Parent):
    """The fork server's end of the client's channel."""

    root: Path = field(kw_only=True)
    scratch: str = field(kw_only=True)
    """The folder for the temporary files of all processes."""
    templates: dict[tuple[str, int], _Handle] = field(default_factory=dict)
    """By lesson and seed."""
    owners: dict[int, _Handle] = field(default_factory=dict)
    """By check process: the template process that forked it, if any."""
    guests: Guests = field(init=False)

    def __post_init__(self) -> None:
        """Expect no guests yet."""
        self.guests = Guests(self._fork, self._end)

    def run(self) -> None:
        """Answer the client until it disconnects, and its guests."""
        while True:
            ready = select.select([self.channel, *self.guests.sources], [], [], self.guests.patience)[0]
            if self.channel in ready:
                received = ipc.receive(self.channel, messages.Request)
                if received is None:
                    return
                ipc.send(self.channel, self._answer(*received))
            else:
                self.guests.hear(ready)

    def prepare(self) -> None:
        """Import what every check process needs."""
        import hypothesis.strategies  # noqa: F401
        import markdown_it  # noqa: F401

        from grader.engine import diagnosis, fingerprint, grading, replay, student  # noqa: F401
        from grader.feedback import describe, tensor_diff  # noqa: F401

        gc.freeze()
        gc.enable()

    def close_inherited(self) -> None:
        """Close the channels of this process in one that was forked from it."""
        self.guests.close_inherited()
        for channel in (self.channel, *(template.channel for template in self.templates.values())):
            channel.close()

    def _answer(self, request: messages.Request, descriptors: list[int]) -> object:
        """Do what the client requests, and return the answer."""
        match request:
            case messages.Share():
                self.guests.listen(descriptors[0])
            case messages.Fork():
                forked = self._fork(request, descriptors[0])
                os.close(descriptors[0])
                return forked
            case messages.End(pid):
                self._end(pid)
            case messages.Prepare():
                return self._prepare(request)
            case messages.TryMistakes(lesson, seed) if (template := self.templates.get((lesson, seed))) is not None:
                if template.ask(request, dict) is None:
                    self._forget((lesson, seed))
        return {}

    def _end(self, pid: int) -> None:
        """Kill a check process; one of an earlier server has ended with it."""
        if pid in self.owners:
            self.owners.pop(pid).ask(messages.End(pid), dict)
        elif pid in self.folders:
            self.end(pid)

    def _fork(self, request: messages.Fork, descriptor: int) -> messages.Forked:
        key = request.lesson, request.seed
        template = self.templates.get(key)
        if template is None and request.job is None:
            return messages.Forked()
        request = structs.replace(request, folder=self._new_folder())
        if template is not None:
            forked = template.ask(request, messages.Forked, [descriptor])
            if forked is not None:
                assert forked.pid is not None
                self.owners[forked.pid] = template
                return forked
            self._forget(key)
        if request.job is None:
            return messages.Forked()
        return self.fork(request, descriptor, lambda handler: handler.do(_lesson(self.root, request.lesson)))

    def _new_folder(self) -> str:
        return tempfile.mkdtemp(dir=self.scratch)

    def _prepare(self, request: messages.Prepare) -> messages.Prepared:
        """Fork a lesson's template process, unless there is one; return how long its exercises take."""
        lesson, key = _lesson(self.root, request.lesson), (request.lesson, request.seed)
        template, version = self.templates.get(key), lesson_version(lesson)
        if template is not None and template.version == version and template.learns >= request.learns:
            return template.prepared
        self._forget(key)
        ours, theirs = socket.socketpair()
        zygote = self.zygote.connect()
        pid = os.fork()
        if pid == 0:
            from grader.sandbox import confinement

            confinement.die_with_parent()
            with contextlib.suppress(BaseException):
                self.close_inherited()
                ours.close()
                _keep_files_in(self._new_folder())
                _Template(zygote, theirs, lesson=lesson, version=version, request=request).run()
            os._exit(0)
        theirs.close()
        zygote.close()
        received = ipc.receive(ours, messages.Prepared)
        prepared: messages.Prepared = received[0] if received is not None else messages.Prepared({})
        self.templates[key] = _Handle(version, ours, prepared, pid, learns=request.learns)
        if received is None:  # grading the student's file will report the lesson's fault
            self._forget(key)
        return prepared

    def _forget(self, key: tuple[str, int]) -> None:
        """Kill a lesson's template process, and with it its check processes."""
        template = self.templates.pop(key, None)
        if template is not None:
            template.channel.close()
            os.kill(template.pid, signal.SIGKILL)
            os.waitpid(template.pid, 0)
            self.owners = {pid: owner for pid, owner in self.owners.items() if owner is not template}


@dataclass
class _Template(_Parent):
    """A lesson's template process: it loads the checks, and forks the check processes that call them."""

    lesson: Lesson = field(kw_only=True)
    """Read once: unchanged files need not be parsed again."""
    version: str = field(kw_only=True)
    request: messages.Prepare = field(kw_only=True)
    loaded: LoadedLesson = field(init=False)

    def run(self) -> None:
        """Prepare, send how long the exercises take, and fork check processes on request."""
        ipc.send(self.channel, self._learn() if self.request.learns else self._load())
        gc.collect()
        gc.freeze()
        while (received := ipc.receive(self.channel, messages.Request)) is not None:
            ipc.send(self.channel, self._answer(*received))

    def _answer(self, request: messages.Request, descriptors: list[int]) -> object:
        match request:
            case messages.Fork():
                forked = self.fork(request, descriptors[0], self._do)
                os.close(descriptors[0])
                return forked
            case messages.TryMistakes():
                self._try_mistakes()
            case messages.End(pid) if pid in self.folders:
                self.end(pid)
        return {}

    def _do(self, handler: "_Handler") -> None:
        """Do a job when it arrives, which may be long after the fork: the lesson may have changed since."""
        handler.wait()
        if lesson_version(self.lesson) == self.version:
            handler.do(self.lesson, self.loaded)
        else:
            handler.do(_lesson(self.lesson.root, self.lesson.name))

    def _try_mistakes(self) -> None:
        from grader.engine.mistake_worker import Mistaken

        Mistaken(self.loaded.reference, self.zygote).try_costly()
        gc.freeze()

    def _load(self) -> messages.Prepared:
        """Load the checks, the solution and their imports."""
        from grader.engine.replay import draw_once

        draw_once()
        self.loaded = load(self.lesson)
        self.loaded.reference.solution  # noqa: B018
        return messages.Prepared({})

    def _learn(self) -> messages.Prepared:
        """Grade the solution, and keep its answers and the drawn examples."""
        from grader.engine.replay import Examples

        first = load(self.lesson, examples=Examples())
        task = Task(first, _solution(self.lesson), self.zygote, Options(seed=self.request.seed))
        graded = Grading(task).run()
        if graded.lesson.status is Status.FAULT:
            raise Fault(f"Lesson {self.lesson.id} cannot be graded.")
        exercises = graded.lesson.exercises
        assert first.examples is not None
        # A solution that fails a check has not seen all of its examples, and no verdict may depend on that.
        first.examples.is_complete = all(each.status is Status.PASSED for each in exercises)
        self.loaded = load(self.lesson, first.reference, first.examples)
        return messages.Prepared(
            {each.name: sum(check.duration_ms for check in each.checks) / 1000 for each in exercises}
        )


@dataclass
class _Handler:
    """Does the job of a check process and sends the findings; without a job, it first receives one over its channel."""

    channel: socket.socket
    zygote: Zygote
    document: str | None
    """The job, as JSON."""
    worker: "Channel | None" = None
    """Started while waiting for the job."""
    has_failed: bool = False

    def wait(self) -> None:
        """Start a worker and wait for the job."""
        from grader.sandbox.connection import Channel

        if self.document is None:
            with contextlib.suppress(Fault):  # the job starts its worker again, and reports the Fault
                self.worker = Channel.start(self.zygote, Limits())
            line = self.channel.makefile("rb").readline()
            if not line:
                os._exit(0)  # this process is no longer needed
            self.document = line.decode()

    @cached_property
    def job(self) -> Job:
        """The job, once it has arrived."""
        assert self.document is not None
        return msgspec.json.decode(self.document, type=Job)

    def say(self, what: Failing | Finding) -> None:
        """Send a finding."""
        self.channel.sendall(msgspec.json.encode(what) + b"\n")

    def finish(self, work: Callable[[], None]) -> NoReturn:
        """Do the work, send any error, and end the process."""
        with contextlib.suppress(BaseException):
            try:
                work()
            except Exception as error:  # noqa: BLE001  any error here is a bug of the grader, and must be reported
                self.say(Finding(fault=_explained(error)))
        os._exit(0)

    def do(self, lesson: Lesson, loaded: LoadedLesson | None = None) -> None:
        """Do the job: call its hook, or grade and send the verdict; loads the lesson unless ``loaded`` is given."""
        job = self.job
        keep_note(tempfile.gettempdir())
        if job.hook:
            module, _, name = job.hook.partition(":")
            hook = getattr(importlib.import_module(module), name)
            self.say(Finding(answer=hook(self._task(loaded or load(lesson)), **job.data)))
            return
        set_check_limits(job.options.limits)
        try:
            task = self._task(loaded or load(lesson))
        except GraderError as fault:
            self.say(Finding(faulty(lesson, job.options, fault), self.zygote.isolation))
            return
        graded = Grading(task).run()
        self.say(Finding(graded.lesson, graded.isolation, graded.behaviours, graded.searched))

    def _task(self, loaded: LoadedLesson) -> Task:
        return Task(loaded, self.job.source, self.zygote, self.job.options, self.worker, self._hear)

    def _hear(self, check: CheckVerdict) -> None:
        if not self.has_failed and check.status is not Status.PASSED:
            self.has_failed = True
            self.say(Failing(check.claim, check.status))


def _keep_files_in(folder: str) -> None:
    """Put this process's temporary files and Hypothesis's storage into a folder."""
    from hypothesis.configuration import set_hypothesis_home_dir

    tempfile.tempdir = folder
    set_hypothesis_home_dir(folder)


def _solution(lesson: Lesson) -> Source | Unreadable:
    """Return the solution as a submission."""
    return read_submission(lesson.solution.parent, lesson.name)


def _explained(error: Exception) -> str:
    return str(error) if isinstance(error, GraderError) else f"Error in the grader: {type(error).__name__}: {error}"


def _lesson(root: Path, name: str) -> Lesson:
    """Return a lesson of a course, read from its current files."""
    return next(lesson for lesson in read_course(root).lessons if lesson.name == name)
