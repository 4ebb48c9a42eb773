"""Judges that are ready at once: a process that holds torch and the course's libraries, and forks a judge per job.

Both ends are here. `grade watch` and the pool start the process; it imports torch, forks the zygote off while there is
nothing in its memory that a student must not find, and then imports pytest and Hypothesis. All of them share one torch.
A judge does one job, writes what it finds out into a socket of its own, and ends: nothing of one job reaches the next,
and no judge grows. A job that nobody wants any more is killed together with its workers.
"""

import base64
import contextlib
import gc
import hashlib
import importlib
import json
import os
import shutil
import signal
import socket
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from grader import control
from grader.audience import EVERYTHING
from grader.confine import Limits
from grader.course import Course, Lesson, imports_of, read_course
from grader.errors import Fault, GraderError
from grader.submission import Source, Unreadable
from grader.verdict import LessonVerdict, Status, Visibility, lesson_from
from grader.zygote import START_SECONDS, Zygote

if TYPE_CHECKING:
    import subprocess

    from grader.examples import Examples
    from grader.reference import Reference


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
    """The last two are what `grader.plugin.Run` says of them."""
    checks: frozenset[Visibility] = EVERYTHING
    """Which checks are run, by who may see them."""
    hook: str = ""
    """``module:function`` of ours, called in the judge with the Run and the Lesson instead of grading; what it returns
    must be plain JSON."""
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
    """What `grader.plugin.Run` says of them."""


@dataclass
class Judge:
    """A judge at work, as its client sees it."""

    job: Job
    pid: int
    channel: socket.socket
    _received: bytearray = field(default_factory=bytearray)

    @property
    def exercise(self) -> str:
        """The exercise of a job that has only one."""
        return self.job.exercises[0]

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.channel.fileno()

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
        self._folder = tempfile.mkdtemp(prefix="grade-watch-")
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._runs = 0
        self._is_ready = False

    def __enter__(self) -> Self:
        """Return the handle; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self.close()
        self._complaints.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def start(self) -> None:
        """Start the process and return at once, while it imports torch."""
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = control.launch("grader.warm", theirs, self._complaints)
        control.send(self._control, {"root": str(self._root)})

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

    def judge(self, job: Job) -> Judge:
        """Start a job and return the judge that does it; any number of them may be at work."""
        self._runs += 1
        folder = Path(self._folder) / str(self._runs)
        folder.mkdir()
        ours, theirs = socket.socketpair()
        request = {"do": "judge", "job": plain_job(job), "folder": str(folder)}
        with theirs:
            try:
                answer = self._ask(request, [theirs.fileno()])
            except Fault:
                ours.close()
                raise
        ours.setblocking(False)  # noqa: FBT003  the name of socket's own argument is flag
        return Judge(job, int(answer["pid"]), ours)

    def end(self, judge: Judge) -> None:
        """End a judge, whatever it is doing, and all that it has started."""
        judge.channel.close()
        with contextlib.suppress(Fault):
            self._ask({"do": "end", "pid": judge.pid})

    def learn(self, lesson: str, seed: int = 0) -> dict[str, float]:
        """Let the process work out the solution's answers to a lesson's checks: every later job is faster for it.

        Return how many seconds each exercise takes; it is empty for a lesson that cannot be graded.
        """
        seconds: dict[str, float] = self._ask({"do": "learn", "lesson": lesson, "seed": seed})
        return seconds

    def close(self) -> None:
        """End the process and all judges."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._control = None
        self._is_ready = False

    def _ask(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any]:
        self.wait()
        assert self._control is not None
        try:
            control.send(self._control, request, descriptors)
        except OSError as error:
            raise self._dead() from error
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._control is not None
        try:
            received = control.receive(self._control)
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
        "limits": Limits(**plain["limits"]),
        "checks": frozenset(map(Visibility, plain["checks"])),
    }
    return Job(**{**plain, **changes})


def main(descriptor: int) -> None:
    """Fork judges until the client goes; runs in a fresh interpreter."""
    import torch

    torch.set_num_threads(1)
    zygote = Zygote.forked()
    from grader import confine

    confine.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the client, which ends us
    channel = socket.socket(fileno=descriptor)
    received = control.receive(channel)
    if received is None:
        return
    host = _Host(Path(received[0]["root"]), zygote)
    host.prepare()
    with contextlib.suppress(OSError):
        control.send(channel, {})
        while (received := control.receive(channel)) is not None:
            control.send(channel, host.answer(*received, channel))


@dataclass(frozen=True)
class Known:
    """What grading a lesson's own solution has taught."""

    version: str
    """Of the files of the lesson."""
    lesson: Lesson
    """Read once: its files need not be parsed for every job."""
    reference: "Reference"
    examples: "Examples"
    seconds: dict[str, float]
    """By exercise, how long its checks take."""


@dataclass
class _Host:
    """The warm process's end."""

    root: Path
    zygote: Zygote
    known: dict[tuple[str, int], "Known"] = field(default_factory=dict)
    """By lesson and seed."""
    folders: dict[int, str] = field(default_factory=dict)
    """By judge: the folder for its temporary files."""

    def prepare(self) -> None:
        """Import what every judge needs, and let the zygote import what the lessons need."""
        import hypothesis.strategies  # noqa: F401
        import pytest  # noqa: F401

        from grader import diagnosis, examples, explain, grading, student  # noqa: F401

        names = imports_of(self._course().lessons)
        self.zygote.import_modules(names)
        for name in names:
            with contextlib.suppress(ImportError):
                __import__(name)
        gc.freeze()

    def answer(self, request: dict[str, Any], descriptors: list[int], channel: socket.socket) -> dict[str, Any]:
        """Do what the client asks."""
        match request["do"]:
            case "judge":
                return {"pid": self._fork(request, descriptors[0], channel)}
            case "end" if request["pid"] in self.folders:  # else it was a judge of the process before this one
                os.kill(request["pid"], signal.SIGKILL)
                os.waitpid(request["pid"], 0)
                shutil.rmtree(self.folders.pop(request["pid"]), ignore_errors=True)
            case "learn":
                return self._learn(request["lesson"], request["seed"])
        return {}

    def _fork(self, request: dict[str, Any], descriptor: int, channel: socket.socket) -> int:
        zygote = self.zygote.connect()
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                from grader import confine

                confine.die_with_parent()
                channel.close()
                self._judge(request, socket.socket(fileno=descriptor), zygote)
            os._exit(0)
        zygote.close()
        os.close(descriptor)
        self.folders[pid] = request["folder"]
        return pid

    def _judge(self, request: dict[str, Any], channel: socket.socket, zygote: Zygote) -> None:
        """Do one job and say what is found out; runs in a fork."""
        tempfile.tempdir = request["folder"]

        def say(**what: object) -> None:
            channel.sendall(json.dumps(what).encode() + b"\n")

        try:
            self._do(job_from(request["job"]), zygote, say)
        except GraderError as fault:
            say(fault=str(fault))
        except Exception as error:  # noqa: BLE001  whatever breaks here is our fault, and must be said
            say(fault=f"The grader broke: {type(error).__name__}: {error}")

    def _do(self, job: Job, zygote: Zygote, say: Any) -> None:
        from grader.grading import carry_out
        from grader.plugin import Run
        from grader.verdict import CheckVerdict

        lesson, known = self._prepared(job)
        has_failed = False

        def on_check(check: CheckVerdict) -> None:
            nonlocal has_failed
            if not has_failed and check.status is not Status.PASSED:
                has_failed = True
                say(claim=check.claim, status=check.status)

        handed_in = job.submission
        run = Run(
            handed_in if isinstance(handed_in, Path) else Path(),
            zygote,
            job.seed,
            {lesson.name: frozenset(job.exercises)} if job.exercises else {},
            job.limits,
            job.checks,
            on_check=on_check,
            references={lesson.name: known.reference} if known is not None else {},
            sources={} if isinstance(handed_in, Path) else {lesson.name: handed_in},
            examples={lesson.name: known.examples} if known is not None else {},
            shrinks=job.shrinks,
            stops_early=job.stops_early,
        )
        if job.hook:
            module, _, name = job.hook.partition(":")
            say(answer=getattr(importlib.import_module(module), name)(run, lesson))
            return
        report = carry_out(run, [lesson])
        say(lesson=asdict(report.lessons[0]), isolation=report.isolation, behaviours=run.behaviours)

    def _prepared(self, job: Job) -> tuple[Lesson, Known | None]:
        """Return the lesson of a job with what is known of it, unless the lesson has changed meanwhile."""
        known = self.known.get((job.lesson, job.seed))
        if known is not None and known.version == _version(known.lesson):
            return known.lesson, known
        return self._lesson(job.lesson), None

    def _learn(self, name: str, seed: int) -> dict[str, float]:
        from grader.examples import Examples
        from grader.grading import carry_out
        from grader.plugin import Run
        from grader.reference import Reference

        lesson = self._lesson(name)
        known = self.known.get((name, seed))
        if known is None or known.version != _version(lesson):
            reference, examples = Reference(lesson), Examples()
            run = Run(
                lesson.solution.parent, self.zygote, seed, references={name: reference}, examples={name: examples}
            )
            try:
                exercises = carry_out(run, [lesson]).lessons[0].exercises
            except Exception:  # noqa: BLE001  a lesson that cannot be graded says so when the student's file is
                return {}
            seconds = {each.name: sum(check.duration_ms for check in each.checks) / 1000 for each in exercises}
            # A solution that fails a check was not shown all of its examples, and nobody's verdict may depend on that.
            examples.is_complete = all(each.status is Status.PASSED for each in exercises)
            known = self.known[name, seed] = Known(_version(lesson), lesson, reference, examples, seconds)
            gc.collect()
            gc.freeze()
        return known.seconds

    def _course(self) -> Course:
        return read_course(self.root)

    def _lesson(self, name: str) -> Lesson:
        return next(lesson for lesson in self._course().lessons if lesson.name == name)


def _version(lesson: Lesson) -> str:
    """Return a digest of the files of a lesson."""
    digest = hashlib.sha256()
    files = lesson.solution, lesson.drivers_file, lesson.checks_file, lesson.mistakes_file, lesson.folder / "README.md"
    for path in files:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
