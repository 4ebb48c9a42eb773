"""Judges that are ready at once, as `grade watch` and the pool use them; the processes behind them are in `forkserver`.

A judge does one job, writes what it finds out into a socket of its own, and ends: nothing of one job reaches the next,
and no judge grows. A job that nobody wants any more is killed together with its workers.
"""

import contextlib
import socket
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import msgspec

from grader.course.model import imports_of, read_course
from grader.engine.reading import last_read
from grader.errors import Fault
from grader.pool.job import Failing, Finding, Job
from grader.sandbox import ipc
from grader.sandbox.tempdirs import Scratch
from grader.sandbox.zygote import START_SECONDS

if TYPE_CHECKING:
    import subprocess


@dataclass
class Spare:
    """A judge that waits for a job."""

    pid: int
    channel: socket.socket
    folder: str
    """The one for its temporary files."""

    def begin(self, job: Job) -> "Judge":
        """Give it the job that it waits for; raises OSError where it has died."""
        self.channel.sendall(msgspec.json.encode(job) + b"\n")
        return Judge(job, self.pid, self.channel, self.folder)


@dataclass
class Judge:
    """A judge at work, as its client sees it."""

    job: Job
    pid: int
    channel: socket.socket
    folder: str
    _received: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        """Let nobody wait in `read`."""
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
        """Return what has arrived, or None where the judge has ended."""
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


class Warm:
    """The client's handle on the warm process; as a context manager it leaves no process and no file behind."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._scratch = Scratch()
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._folders = 0
        self._spares: dict[tuple[str, int], list[Spare]] = {}
        """By lesson and seed."""
        self._is_ready = False

    def __enter__(self) -> Self:
        """Return the handle; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self.close()
        self._complaints.close()
        self._scratch.__exit__()

    def start(self, lessons: Iterable[str] = (), *, many: bool = True) -> None:
        """Start the process and return at once, while it imports torch, and what some lessons need; none means all.

        Where it is to fork ``many`` judges, it takes half a second more to make each of them cheaper.
        """
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = ipc.launch("grader.pool.forkserver", theirs, self._complaints)
        wanted = set(lessons)
        imports = imports_of(each for each in read_course(self._root).lessons if not wanted or each.name in wanted)
        ipc.send(self._control, {"root": str(self._root), "imports": imports, "many": many})

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the process is ready, or has ended."""
        assert self._control is not None
        return self._control.fileno()

    def wait(self) -> None:
        """Wait until the process is ready; raises Fault where it is not."""
        if not self._is_ready:
            if self._control is None:
                raise Fault("The process that grades is not running.")
            self._control.settimeout(START_SECONDS)
            self._answer()
            self._is_ready = True

    def judge(self, job: Job, core: int | None = None) -> Judge:
        """Start a job and return the judge that does it; any number of them may be at work.

        A judge that is forked for it keeps to a processor if one is named.
        """
        spares = self._spares.get((job.lesson, job.options.seed), [])
        while spares:
            spare = spares.pop()
            try:
                return spare.begin(job)
            except OSError:  # it has died meanwhile
                self.end(spare)
        forked = self._fork(job.lesson, job.options.seed, msgspec.json.encode(job).decode(), core)
        assert forked is not None
        return Judge(job, forked.pid, forked.channel, forked.folder)

    def keep_ready(self, lesson: str, number: int, seed: int = 0) -> None:
        """Let so many judges of a lesson that is learned wait for their jobs, each with a worker; and no others."""
        for other in [key for key in self._spares if key != (lesson, seed)]:
            self._end_spares(other)
        spares = self._spares.setdefault((lesson, seed), [])
        while len(spares) < number and (spare := self._fork(lesson, seed, None)) is not None:
            spares.append(spare)

    def end(self, judge: Judge | Spare) -> None:
        """End a judge, whatever it is doing, and all that it has started."""
        judge.channel.close()
        with contextlib.suppress(Fault):
            self._ask({"do": "end", "pid": judge.pid})

    def learn(self, lesson: str, seed: int = 0) -> dict[str, float]:
        """Let the process work out the solution's answers to a lesson's checks: every later job is faster for it.

        Return how many seconds each exercise takes; it is empty for a lesson that cannot be graded.
        """
        return self._stand(lesson, seed, learns=True)

    def stand_by(self, lesson: str, seed: int = 0) -> None:
        """Let the process collect a lesson's checks, which each of its judges would have to do: for a few jobs only."""
        self._stand(lesson, seed, learns=False)

    def try_mistakes(self, lesson: str, seed: int = 0) -> None:
        """Let the process work out what a lesson's known mistakes answer to the calls that take long."""
        self._ask({"do": "mistakes", "lesson": lesson, "seed": seed})

    def close(self) -> None:
        """End the process and all judges."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None
        self._is_ready = False
        self._spares.clear()

    def _fork(self, lesson: str, seed: int, job: str | None, core: int | None = None) -> Spare | None:
        """Return a judge that has its job, or waits for one; None where nobody has learned the lesson to wait."""
        ours, theirs = socket.socketpair()
        wish = {"lesson": lesson, "seed": seed, "job": job, "core": core}
        folder = self._new_folder()
        request = {"do": "judge", "folder": folder, **wish}
        with theirs:
            try:
                answer = self._ask(request, [theirs.fileno()])
            except BaseException:
                ours.close()
                raise
        if "pid" not in answer:
            ours.close()
            return None
        return Spare(int(answer["pid"]), ours, folder)

    def _stand(self, lesson: str, seed: int, *, learns: bool) -> dict[str, float]:
        self._end_spares((lesson, seed))
        wish = {"lesson": lesson, "seed": seed, "learns": learns, "folder": self._new_folder()}
        seconds: dict[str, float] = self._ask({"do": "stand", **wish})
        return seconds

    def _end_spares(self, key: tuple[str, int]) -> None:
        for spare in self._spares.pop(key, []):
            self.end(spare)

    def _new_folder(self) -> str:
        """Return a folder for temporary files."""
        self._folders += 1
        folder = self._scratch.path / str(self._folders)
        folder.mkdir()
        return str(folder)

    def _ask(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any]:
        self.wait()
        assert self._control is not None
        try:
            ipc.send(self._control, request, descriptors)
            return self._answer()
        except OSError as error:
            raise self._dead() from error
        except BaseException:
            self.close()  # Ctrl-C has broken a message off: nobody could tell its rest from the next one
            raise

    def _answer(self) -> dict[str, Any]:
        assert self._control is not None
        try:
            received = ipc.receive(self._control)
        except OSError as error:
            raise self._dead() from error
        if received is None:
            raise self._dead()
        return received[0]

    def _dead(self) -> Fault:
        self._complaints.seek(0)
        last = self._complaints.read()[-2000:].decode(errors="replace").strip()
        self.close()
        return Fault(f"The process that grades has ended. {last}".strip())
