"""Judges that are ready at once, as `grade watch` and the pool use them; the processes behind them are in `forkserver`.

A judge does one job, writes what it finds out into a socket of its own, and ends: nothing of one job reaches the next,
and no judge grows. A job that nobody wants any more is killed together with its workers.
"""

import base64
import contextlib
import json
import socket
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from grader.course.model import imports_of, read_course
from grader.course.submission import Source, Unreadable
from grader.engine.reading import last_read
from grader.errors import Fault
from grader.sandbox import ipc
from grader.sandbox.confinement import Limits
from grader.sandbox.tempdirs import Scratch
from grader.sandbox.zygote import START_SECONDS
from grader.verdict import EVERYTHING, LessonVerdict, Visibility, lesson_from

if TYPE_CHECKING:
    import subprocess


@dataclass(frozen=True)
class Job:
    """What a judge is to do: grade some exercises of a lesson, or whatever the hook does with them."""

    lesson: str
    submission: Path | Source | Unreadable
    """A folder, or what has been read from one."""
    exercises: tuple[str, ...] = ()
    """Which to grade; none means all."""
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    shrinks: bool = True
    stops_early: bool = False
    """The last two are what `grader.engine.pytest_plugin.Run` says of them."""
    checks: frozenset[Visibility] = EVERYTHING
    """Which checks are run, by who may see them."""
    hook: str = ""
    """``module:function`` of ours, called in the judge with the Run and the Lesson instead of grading; what it returns
    must be plain JSON."""
    unreadable: tuple[str, ...] = ()
    """The exercises whose answers nothing can look at: check processes have died of them."""
    label: str = ""
    """What the client calls it."""


@dataclass(frozen=True)
class Finding:
    """What a judge has to say."""

    failed_claim: str = ""
    """The claim of the first check that does not hold: said at once, while the other checks still run."""
    status: str = ""
    """How that check ended."""
    lesson: LessonVerdict | None = None
    """The verdict on the exercises of the job: said last."""
    fault: str = ""
    """Why there is no verdict."""
    answer: Any = None
    """What the hook returned, where the job has one."""
    isolation: str = ""
    behaviours: dict[str, str] = field(default_factory=dict)
    """What `grader.engine.pytest_plugin.Run` says of them."""

    @property
    def is_last(self) -> bool:
        """Whether the judge has no more to say."""
        return not self.failed_claim


@dataclass
class Spare:
    """A judge that waits for a job."""

    pid: int
    channel: socket.socket
    folder: str
    """The one for its temporary files."""

    def begin(self, job: Job) -> "Judge":
        """Give it the job that it waits for; raises OSError where it has died."""
        self.channel.sendall(json.dumps(plain_job(job)).encode() + b"\n")
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
        return self.job.exercises[0]

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.channel.fileno()

    @property
    def last_read(self) -> str:
        """The exercise of which it was reading an answer when it died without a word, or nothing."""
        return last_read(self.folder)

    def read(self) -> list[Finding] | None:
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
        return [_finding(json.loads(line)) for line in lines]


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
        spares = self._spares.get((job.lesson, job.seed), [])
        while spares:
            spare = spares.pop()
            try:
                return spare.begin(job)
            except OSError:  # it has died meanwhile
                self.end(spare)
        forked = self._fork(job.lesson, job.seed, plain_job(job), core)
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

    def _fork(self, lesson: str, seed: int, job: dict[str, Any] | None, core: int | None = None) -> Spare | None:
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


def _finding(said: dict[str, Any]) -> Finding:
    match said:
        case {"lesson": lesson, "isolation": isolation, "behaviours": behaviours}:
            return Finding(lesson=lesson_from(lesson), isolation=isolation, behaviours=behaviours)
        case {"answer": answer}:
            return Finding(answer=answer)
        case {"fault": fault}:
            return Finding(fault=fault)
    return Finding(failed_claim=said["claim"], status=said["status"])


def plain_job(job: Job) -> dict[str, Any]:
    """Return a job as JSON; a student's file is base64 in it, which no parser can stumble over."""
    plain = {**asdict(job), "submission": str(job.submission), "checks": sorted(job.checks)}
    if isinstance(job.submission, Source):
        content = base64.b64encode(job.submission.content).decode()
        plain["submission"] = {"shown": job.submission.shown, "content": content}
    elif isinstance(job.submission, Unreadable):
        plain["submission"] = {"shown": job.submission.shown, "reason": job.submission.reason}
    return plain


def job_from(plain: dict[str, Any]) -> Job:
    """Return the job that `plain_job` made JSON of."""
    submission: Path | Source | Unreadable
    match plain["submission"]:
        case {"content": content, "shown": shown}:
            submission = Source(shown, base64.b64decode(content))
        case {"reason": reason, "shown": shown}:
            submission = Unreadable(shown, reason)
        case folder:
            submission = Path(folder)
    changes = {
        "submission": submission,
        "exercises": tuple(plain["exercises"]),
        "unreadable": tuple(plain["unreadable"]),
        "limits": Limits(**plain["limits"]),
        "checks": frozenset(map(Visibility, plain["checks"])),
    }
    return Job(**{**plain, **changes})
