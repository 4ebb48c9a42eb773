"""The handle on the processes that grade, as `grade watch` and the pool use it; they themselves are in `forkserver`.

A check process does one job, writes what it finds out into a socket of its own, and ends: nothing of one job reaches
the next, and none of them grows. A job whose result is no longer needed is killed together with its workers.
"""

import contextlib
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import msgspec

from grader.course.model import imports_of, read_course
from grader.engine.reading import last_read
from grader.errors import Fault
from grader.pool import messages
from grader.pool.job import Failing, Finding, Job
from grader.sandbox import ipc
from grader.sandbox.tempdirs import Scratch
from grader.sandbox.zygote import START_SECONDS


@dataclass
class IdleProcess:
    """A check process that waits for a job."""

    pid: int
    channel: socket.socket
    folder: str
    """The one for its temporary files."""

    def begin(self, job: Job) -> "CheckProcess":
        """Give it the job that it waits for; raises OSError where it has died."""
        self.channel.sendall(msgspec.json.encode(job) + b"\n")
        return CheckProcess(job, self.pid, self.channel, self.folder)


@dataclass
class CheckProcess:
    """A process that does a job, as its client sees it."""

    job: Job
    pid: int
    channel: socket.socket
    folder: str
    _received: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        """Let `read` return at once."""
        self.channel.setblocking(False)  # noqa: FBT003  the name of socket's own argument is flag

    @property
    def exercise(self) -> str:
        """The exercise of a job that has only one."""
        return self.job.options.exercises[0]

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.channel.fileno()

    @property
    def last_read(self) -> str:
        """The exercise of which it was reading an answer when it died without a word, or nothing."""
        return last_read(self.folder)

    def read(self) -> list[Failing | Finding] | None:
        """Return what has arrived, or None where the process has ended."""
        try:
            part = self.channel.recv(65536)
        except BlockingIOError:
            return []
        except OSError:
            part = b""
        if not part:
            return None
        self._received += part
        *lines, rest = bytes(self._received).split(b"\n")
        self._received = bytearray(rest)
        return [msgspec.json.decode(line, type=Failing | Finding) for line in lines]


class Client:
    """The handle on the fork server; as a context manager it leaves no process and no file behind."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._scratch = Scratch()
        self._server = ipc.Helper("grader.pool.forkserver", "The process that grades has ended")
        self._folders = 0
        self._idle: dict[tuple[str, int], list[IdleProcess]] = {}
        """By lesson and seed."""
        self._is_ready = False

    def __enter__(self) -> Self:
        """Return the handle; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self.close()
        self._scratch.__exit__()

    def start(self, lessons: Iterable[str] = (), *, many: bool = True) -> None:
        """Start the server and return at once, while it imports torch, and what some lessons need; none means all.

        Where it is to fork ``many`` check processes, it takes half a second more to make each of them cheaper.
        """
        wanted = set(lessons)
        imports = imports_of(each for each in read_course(self._root).lessons if not wanted or each.name in wanted)
        self._is_ready = False
        self._server.start()
        self._server.send(messages.Setup(str(self._root), imports, many))

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the server is ready, or has ended."""
        return self._server.fileno()

    def wait(self) -> None:
        """Wait until the server is ready; raises Fault where it is not."""
        if not self._is_ready:
            if not self._server.is_started:
                raise Fault("The process that grades is not running.")
            self._server.catch_up(START_SECONDS)
            self._is_ready = True

    def begin(self, job: Job, core: int | None = None) -> CheckProcess:
        """Start a job and return the process that does it; any number of them may be at work.

        A process that is forked for it keeps to a processor if one is named.
        """
        idle = self._idle.get((job.lesson, job.options.seed), [])
        while idle:
            process = idle.pop()
            try:
                return process.begin(job)
            except OSError:  # it has died meanwhile
                self.end(process)
        forked = self._fork(job.lesson, job.options.seed, msgspec.json.encode(job).decode(), core)
        assert forked is not None
        return CheckProcess(job, forked.pid, forked.channel, forked.folder)

    def keep_ready(self, lesson: str, number: int, seed: int = 0) -> None:
        """Let so many processes of a lesson that is learned wait for jobs, each with a worker, and of no other."""
        for other in [key for key in self._idle if key != (lesson, seed)]:
            self._end_idle(other)
        idle = self._idle.setdefault((lesson, seed), [])
        while len(idle) < number and (process := self._fork(lesson, seed, None)) is not None:
            idle.append(process)

    def end(self, process: CheckProcess | IdleProcess) -> None:
        """End a process, whatever it is doing, and all that it has started."""
        process.channel.close()
        with contextlib.suppress(Fault):
            self._ask(messages.End(process.pid), dict)

    def learn(self, lesson: str, seed: int = 0) -> dict[str, float]:
        """Let a template work out the solution's answers to a lesson's checks: every later job is faster for it.

        Return how many seconds each exercise takes; it is empty for a lesson that cannot be graded.
        """
        return self._prepare(lesson, seed, learns=True)

    def load(self, lesson: str, seed: int = 0) -> None:
        """Let a template collect a lesson's checks, which each process would have to do: for a few jobs only."""
        self._prepare(lesson, seed, learns=False)

    def try_mistakes(self, lesson: str, seed: int = 0) -> None:
        """Let the template work out what a lesson's known mistakes answer to the calls that take long."""
        self._ask(messages.TryMistakes(lesson, seed), dict)

    def close(self) -> None:
        """End the server and all check processes."""
        self._server.close()
        self._is_ready = False
        self._idle.clear()

    def _fork(self, lesson: str, seed: int, job: str | None, core: int | None = None) -> IdleProcess | None:
        """Return a process that has its job, or waits for one; None where no template has learned the lesson."""
        ours, theirs = socket.socketpair()
        folder = self._new_folder()
        with theirs:
            try:
                request = messages.Fork(lesson, seed, folder, job, core)
                forked = self._ask(request, messages.Forked, [theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        if forked.pid is None:
            ours.close()
            return None
        return IdleProcess(forked.pid, ours, folder)

    def _prepare(self, lesson: str, seed: int, *, learns: bool) -> dict[str, float]:
        self._end_idle((lesson, seed))
        return self._ask(messages.Prepare(lesson, seed, self._new_folder(), learns), messages.Prepared).seconds

    def _end_idle(self, key: tuple[str, int]) -> None:
        for process in self._idle.pop(key, []):
            self.end(process)

    def _new_folder(self) -> str:
        """Return a folder for temporary files."""
        self._folders += 1
        folder = self._scratch.path / str(self._folders)
        folder.mkdir()
        return str(folder)

    def _ask(
        self, request: messages.Request, kind: type[ipc.Answer], descriptors: list[int] | None = None
    ) -> ipc.Answer:
        self.wait()
        return self._server.ask(request, kind, descriptors)
