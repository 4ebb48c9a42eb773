"""The client of the fork server, for `grade watch` and the pool; the server's side is in `forkserver`.

A check process does one job, writes its findings to its own socket, and exits: no state passes from one job to the
next, and memory does not grow. A job whose result is no longer needed is killed together with its workers.
"""

import contextlib
import itertools
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import msgspec

from grader.course.model import imports_of, read_course
from grader.engine.reading import last_read
from grader.errors import Fault
from grader.pool import messages, server
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
    """For its temporary files."""
    is_borrowed: bool = False
    """Whether a fork server that another program has started forked it."""

    def begin(self, job: Job) -> "CheckProcess":
        """Send it a job; raises OSError if it has died."""
        self.channel.sendall(msgspec.json.encode(job) + b"\n")
        return CheckProcess(job, self.pid, self.channel, self.folder)


@dataclass
class CheckProcess:
    """A check process at work, as its client sees it."""

    job: Job
    pid: int
    channel: socket.socket
    folder: str
    is_borrowed: bool = False
    _received: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        """Make `read` non-blocking."""
        self.channel.setblocking(False)  # noqa: FBT003  socket takes it by position

    @property
    def exercise(self) -> str:
        """The exercise of a job that has only one."""
        return self.job.options.exercises[0]

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.channel.fileno()

    @property
    def last_read(self) -> str:
        """The exercise whose answer it was reading when it died, or an empty string."""
        return last_read(self.folder)

    def read(self) -> list[Failing | Finding] | None:
        """Return what has arrived, or None if the process has ended."""
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
    """A client of the fork server; as a context manager it leaves no processes or files behind."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._scratch = Scratch()
        self._server = ipc.Helper("grader.pool.forkserver", "The fork server has ended")
        self._is_borrowed = False
        self._listener: server.Listener | None = None
        self._idle: dict[tuple[str, int], list[IdleProcess]] = {}
        """By lesson and seed."""

    def __enter__(self) -> Self:
        """Return the client; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self.close()
        self._scratch.__exit__()

    def start(self, lessons: Iterable[str] = (), *, many: bool = True) -> None:
        """Start the server and return while it imports torch and what these lessons need (empty: all lessons).

        With ``many``, it spends half a second more to make each check process cheaper.
        """
        wanted = set(lessons)
        imports = imports_of(each for each in read_course(self._root).lessons if not wanted or each.name in wanted)
        self._server.start()
        self._is_borrowed = False
        self._server.send(messages.Setup(str(self._root), imports, many, str(self._scratch.path)))

    def share(self) -> None:
        """Let other programs of this user borrow the server, unless this folder has a shared one already."""
        self.wait()
        with contextlib.suppress(OSError):
            self._listener = server.Listener(self._root)
            self._ask(messages.Share(), dict, [self._listener.socket.fileno()])

    def borrow(self) -> bool:
        """Use the shared server of a program that runs in this folder instead of starting one; return whether it can.

        It serves jobs only, and knows best which lessons to prepare.
        """
        channel = server.connect(self._root)
        if channel is not None:
            self._server.adopt(channel, server.PATIENCE_SECONDS)
            self._is_borrowed = True
        return self._is_borrowed

    @property
    def is_started(self) -> bool:
        """Whether there is a server to have jobs done by, as far as is known."""
        return self._server.is_started

    @property
    def is_borrowed(self) -> bool:
        """Whether the server is one that another program has started."""
        return self._is_borrowed

    def has_lost(self, process: "CheckProcess") -> bool:
        """Whether a process was forked by a borrowed server that has ended or does not answer any more."""
        if process.is_borrowed and self._is_borrowed:
            try:
                self._ask(messages.Ping(), dict)
            except Fault:
                self._is_borrowed = False
        return process.is_borrowed and not self._is_borrowed

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the server is ready, or has ended."""
        return self._server.fileno()

    def wait(self) -> None:
        """Wait until the server is ready; raises Fault if it does not get ready."""
        if not self._server.is_started:
            raise Fault("The fork server is not running.")
        self._server.catch_up(START_SECONDS)

    def begin(self, job: Job, core: int | None = None) -> CheckProcess:
        """Start a job and return its process; any number of them may run at once.

        A process that is forked for the job is pinned to ``core``, if given.
        """
        idle = self._idle.get((job.lesson, job.options.seed), [])
        while idle:
            process = idle.pop()
            try:
                return process.begin(job)
            except OSError:  # it has died
                self.end(process)
        forked = self._fork(job.lesson, job.options.seed, msgspec.json.encode(job).decode(), core)
        assert forked is not None
        return CheckProcess(job, forked.pid, forked.channel, forked.folder, forked.is_borrowed)

    def keep_ready(self, lesson: str, number: int, seed: int = 0) -> None:
        """Keep this many processes of a learned lesson, each with a worker, waiting for jobs; end those of others."""
        for other in [key for key in self._idle if key != (lesson, seed)]:
            self._end_idle(other)
        idle = self._idle.setdefault((lesson, seed), [])
        while len(idle) < number and (process := self._fork(lesson, seed, None)) is not None:
            idle.append(process)

    def end(self, process: CheckProcess | IdleProcess) -> None:
        """Kill a process and all that it has started."""
        process.channel.close()
        if process.is_borrowed and not self._is_borrowed:
            return  # it was lost, and its number may now be that of another process
        with contextlib.suppress(Fault):
            self._ask(messages.End(process.pid), dict)

    def learn(self, lesson: str, seed: int = 0) -> dict[str, float]:
        """Let a template process compute the solution's answers to a lesson's checks, which speeds up every later job.

        Return how many seconds each exercise takes; empty if the lesson cannot be graded.
        """
        return self._prepare(lesson, seed, learns=True)

    def begin_learning(self, lesson: str, seed: int = 0) -> None:
        """Do as `learn` does, but return at once, even before the server is ready; `hear` reads the answer."""
        if not self._server.is_started:
            raise Fault("The fork server is not running.")
        self._end_idle((lesson, seed))
        self._server.send(messages.Prepare(lesson, seed, learns=True))

    @property
    def is_busy(self) -> bool:
        """Whether the answer to `start` or `begin_learning` has still to come: until then, other requests wait."""
        return self._server.unread > 0

    def hear(self) -> dict[str, float]:
        """Read an answer that has come: as `learn` returns it; empty for `start`."""
        answer = self._server.hear_unread()
        return msgspec.convert(answer, messages.Prepared).seconds if answer else {}

    def load(self, lesson: str, seed: int = 0) -> None:
        """Let a template process load a lesson's checks once for all its check processes: enough for a few jobs."""
        self._prepare(lesson, seed, learns=False)

    def try_mistakes(self, lesson: str, seed: int = 0) -> None:
        """Let the template process precompute the known mistakes' answers to the calls that take long."""
        self._ask(messages.TryMistakes(lesson, seed), dict)

    def close(self) -> None:
        """End all check processes, and the server unless it is borrowed."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._server.close()
        for process in itertools.chain.from_iterable(self._idle.values()):
            process.channel.close()
        self._idle.clear()

    def _fork(self, lesson: str, seed: int, job: str | None, core: int | None = None) -> IdleProcess | None:
        """Return a process that has its job, or waits for one; None if no template process has learned the lesson."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                request = messages.Fork(lesson, seed, job, core)
                forked = self._ask(request, messages.Forked, [theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        if forked.pid is None:
            ours.close()
            return None
        return IdleProcess(forked.pid, ours, forked.folder, self._is_borrowed)

    def _prepare(self, lesson: str, seed: int, *, learns: bool) -> dict[str, float]:
        self._end_idle((lesson, seed))
        return self._ask(messages.Prepare(lesson, seed, learns), messages.Prepared).seconds

    def _end_idle(self, key: tuple[str, int]) -> None:
        for process in self._idle.pop(key, []):
            self.end(process)

    def _ask(
        self, request: messages.Request | messages.Ping, kind: type[ipc.Answer], descriptors: list[int] | None = None
    ) -> ipc.Answer:
        self.wait()
        return self._server.ask(request, kind, descriptors)
