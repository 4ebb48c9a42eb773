"""A process that has imported torch and nothing of ours worth finding; every worker is forked from it.

Both ends are here, so that the protocol is read on one screen. The grader starts the zygote in a fresh interpreter
with an empty environment, while it imports torch itself on another core; `grade watch` forks it off a process that
has just imported torch, so that both share that memory. Control messages are JSON: the grader and the zygote trust
each other, and no student's byte passes here. A zygote serves several clients, and one that goes takes its workers
with it.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any, Self

from grader.errors import Fault
from grader.sandbox import ipc
from grader.sandbox.confinement import Limits

if TYPE_CHECKING:
    import subprocess

START_SECONDS = 120.0
"""How long importing torch may take: the first time on a slow disk is slow."""
SLOW_IMPORTS = {
    **dict.fromkeys((b"optim", b"compiler", b"_dynamo", b"torch.func", b"functorch"), "torch._dynamo"),
    b"unravel_index": "torch.fx.experimental.symbolic_shapes",
    b"deterministic": "torch._inductor.config",
}
"""Words in a submission that make torch import a module, at the first call, that takes longer than a call may."""


class Zygote:
    """The grader's handle on its zygote; as a context manager it leaves no process behind."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._complaints: IO[bytes] | None = None
        self._greeting: dict[str, Any] | None = None
        self._imported: set[str] = set()
        self._unread = 0
        """Answers that nobody has waited for yet."""

    def __enter__(self) -> Self:
        """Return the handle; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self.close()

    @classmethod
    def forked(cls, imported: Iterable[str] = ()) -> Self:
        """Fork a zygote off this process, which must have imported torch and nothing that a student must not find.

        What has been ``imported`` besides, by `import_ahead`, need not be asked for.
        """
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            with contextlib.suppress(BaseException):
                ours.close()
                serve(theirs)
            os._exit(0)
        theirs.close()
        return cls._at(ours, imported=imported)

    @classmethod
    def _at(
        cls, connection: socket.socket, greeting: dict[str, Any] | None = None, imported: Iterable[str] = ()
    ) -> Self:
        zygote = cls()
        zygote._control, zygote._greeting, zygote._imported = connection, greeting, set(imported)
        return zygote

    def connect(self) -> "Zygote":
        """Return a handle of its own for another process: when that one ends, its workers end and no other's."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._ask({"do": "connect"}, [theirs.fileno()])
        return Zygote._at(ours, self._greeting, self._imported)

    def start(self) -> None:
        """Start the process unless it runs, and return at once: it imports torch while the caller goes on."""
        if self._control is not None:
            return
        self._control, theirs = socket.socketpair()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        with theirs:
            self._process = ipc.launch("grader.sandbox.zygote", theirs, self._complaints)

    @property
    def isolation(self) -> str:
        """``confined`` or ``process``."""
        return "process" if self.unconfined_because else "confined"

    @property
    def unconfined_because(self) -> str:
        """Why this machine cannot confine, or an empty string; waits until the process is ready."""
        return str(self._ready()["unconfined_because"])

    def import_modules(self, names: list[str]) -> bool:
        """Ask for modules before the next fork, so that workers find them there; nobody waits until they are.

        One that is already imported is not asked for again; return whether there is a new one.
        """
        new = [name for name in dict.fromkeys(names) if name not in self._imported]
        if new:
            self.start()
            with self._whole():
                self._send({"do": "import", "modules": new})
                self._imported.update(new)
                self._unread += 1
        return bool(new)

    def fork(self, channel: int, output: int, scratch: str, limits: Limits) -> int:
        """Fork a worker that takes over the two descriptors, and return its process id."""
        request = {"do": "fork", "scratch": scratch, "limits": asdict(limits)}
        return int(self._ask(request, [channel, output])["pid"])

    def end(self, pid: int, patience: float = 0.0) -> tuple[int, bool]:
        """Kill a worker; return its wait status, and whether it was running until then.

        One that has closed its channel may be on its way out: ``patience`` seconds let it come to its own end. The id
        cannot have been reused, for nobody but the zygote waits for it. One of a zygote that is no more has ended
        with it.
        """
        if self._control is None:
            return signal.SIGKILL, False
        answer = self._ask({"do": "end", "pid": pid, "patience": patience})
        return int(answer["status"]), bool(answer["was_running"])

    def close(self) -> None:
        """End the process and all of its workers."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._complaints is not None:
            self._complaints.close()
        self._process = self._control = self._complaints = self._greeting = None
        self._imported, self._unread = set(), 0

    def _ready(self) -> dict[str, Any]:
        self.start()
        if self._greeting is None:
            assert self._control is not None
            self._control.settimeout(START_SECONDS)
            self._greeting = self._answer()
        return self._greeting

    def _ask(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any]:
        self._ready()
        with self._whole():
            self._send(request, descriptors)
            while self._unread:
                self._answer()
                self._unread -= 1
            return self._answer()

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """End the process where Ctrl-C breaks a message off: nobody could tell its rest from the next one."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _send(self, request: dict[str, Any], descriptors: list[int] | None = None) -> None:
        assert self._control is not None
        try:
            ipc.send(self._control, request, descriptors)
        except OSError as error:
            raise self._dead() from error

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
        """Return what to say of a process that is no more; the next request starts another one."""
        status, last = "", ""
        if self._process is not None and self._complaints is not None:
            self._process.kill()
            status = f" (status {self._process.wait()})"
            self._complaints.seek(0)
            last = self._complaints.read()[-2000:].decode(errors="replace").strip()
        self.close()
        return Fault(
            f"The process that starts the students' workers ended{status}."
            + (f" It said:\n{last}" if last else "")
            + "\nThis is no fault of the submission. Try again; if it stays, please report it with these lines."
        )


def main(control_descriptor: int) -> None:
    """Serve until the grader closes the control socket; runs in a fresh interpreter."""
    import torch  # noqa: F401  before the first fork

    serve(socket.socket(fileno=control_descriptor))


def serve(first: socket.socket) -> None:
    """Fork workers until the first client goes; runs in the zygote."""
    from grader.sandbox import confinement

    confinement.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the grader, which ends us
    import torch

    from grader.sandbox import worker  # noqa: F401  before the first fork

    torch.set_num_threads(1)
    _warm()
    unconfined_because = confinement.missing()
    if not unconfined_because:
        confinement.prepare()
    with contextlib.suppress(OSError):
        ipc.send(first, {"unconfined_because": unconfined_because, "torch": torch.__version__})
        _Server(first, confined=not unconfined_because).run()


class _Server:
    """The zygote's end: its clients, and the workers of each."""

    def __init__(self, first: socket.socket, *, confined: bool) -> None:
        self._first = first
        self._confined = confined
        self._workers: dict[socket.socket, set[int]] = {first: set()}
        self._killed: set[int] = set()
        """Workers that still give their memory back: nobody has to wait for that."""

    def run(self) -> None:
        """Answer requests until the first client goes."""
        while True:
            self._killed = {pid for pid in self._killed if not os.waitpid(pid, os.WNOHANG)[0]}
            for client in select.select(list(self._workers), [], [])[0]:
                try:
                    received = ipc.receive(client)
                    if received is not None:
                        ipc.send(client, self._answer(client, *received))
                        continue
                except OSError:
                    pass
                self._leave(client)
                if client is self._first:
                    return

    def _answer(self, client: socket.socket, request: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        match request["do"]:
            case "fork":
                pid = _fork(request, descriptors, confined=self._confined)
                for descriptor in descriptors:
                    os.close(descriptor)
                self._workers[client].add(pid)
                return {"pid": pid}
            case "end" if request["pid"] in self._workers[client]:
                self._workers[client].discard(request["pid"])
                return self._end(request["pid"], request["patience"])
            case "end":  # a worker of the zygote before this one
                return {"status": signal.SIGKILL, "was_running": False}
            case "import":
                for name in request["modules"]:
                    import_ahead(name)
                draw_ahead()
                return {}
            case _:
                self._workers[socket.socket(fileno=descriptors[0])] = set()
                return {}

    def _leave(self, client: socket.socket) -> None:
        for pid in self._workers.pop(client):
            self._end(pid, 0.0)
        client.close()

    def _end(self, pid: int, patience: float) -> dict[str, Any]:
        deadline = time.monotonic() + patience
        while True:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return {"status": status, "was_running": False}
            if time.monotonic() >= deadline:
                break
            time.sleep(0.001)
        os.kill(pid, signal.SIGKILL)
        self._killed.add(pid)
        return {"status": signal.SIGKILL, "was_running": True}


def _warm() -> None:
    """Let torch do now what it does at a first call: nobody's call pays for it, and some of it needs /proc."""
    import torch

    from grader.sandbox import worker

    with contextlib.suppress(ImportError):
        import numpy.random  # noqa: F401  numpy itself imports it at first use: seeding would, in every worker
    worker.Settings.now()
    torch.ones(1).half()  # asks what the processor can
    for dtype in (torch.float32, torch.float64):
        square = torch.eye(2, dtype=dtype)
        torch.linalg.eigvalsh(square @ square + (square**2).mean())  # loads the kernels of linear algebra
    draw_ahead()


def import_ahead(name: str) -> None:
    """Import a module as the workers will need it; one that is not installed is theirs to report."""
    import importlib

    with contextlib.suppress(ImportError):
        importlib.import_module(name)
    if name.startswith("matplotlib"):
        import matplotlib.font_manager  # noqa: F401  builds or reads the font cache, which a worker cannot

        from grader.sandbox import figure

        figure.record_meshes()


def draw_ahead() -> None:
    """Draw a figure, if anybody may want to: what a first one takes longer for is done then."""
    if "matplotlib.pyplot" in sys.modules:
        from grader.sandbox import figure

        figure.draw_once()


def _fork(request: dict[str, Any], descriptors: list[int], *, confined: bool) -> int:
    import gc

    from grader.sandbox import worker

    for name in ipc.KEPT:
        os.environ.pop(name, None)
    gc.disable()
    gc.freeze()
    pid = os.fork()
    if pid:
        return pid
    try:
        channel, output = descriptors
        worker.run(channel, output, request["scratch"], Limits(**request["limits"]), confined=confined)
    except BaseException as error:  # noqa: BLE001  the child must never return into the zygote's loop
        with contextlib.suppress(BaseException):
            os.write(2, f"worker: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(70)
