"""The zygote: a process that has imported torch and holds no secrets; every worker is forked from it.

Both ends of the protocol are in this module. The grader starts the zygote in a fresh interpreter with a minimal
environment, while it imports torch itself on another core; `grade watch` forks it from a process that has just
imported torch, so that both share that memory. The grader and the zygote trust each other: no student data passes
here. A zygote serves several clients; when one disconnects, its workers are killed.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable
from typing import Self

import msgspec

from grader.sandbox import ipc
from grader.sandbox.confinement import Limits

START_SECONDS = 120.0
"""How long importing torch may take: the first import from a slow disk is slow."""
SLOW_IMPORTS = {
    # The submodule: until it is imported, its package may be a stand-in.
    **dict.fromkeys((b"compiler", b"_dynamo", b"torch.func", b"functorch"), "torch._dynamo.eval_frame"),
    b"unravel_index": "torch.fx.experimental.symbolic_shapes",
    b"deterministic": "torch._inductor.config",
}
"""Words in a submission that make torch import a module at the first call, for longer than a call may take.

A call that is stopped while it imports is repeated with all of them imported, whatever words it uses.
"""
FIRST_IMPORTS = (
    "torch.fx.experimental._constant_symnode",
    "torch.nested._internal.nested_tensor",
    "torch._subclasses.schema_check_mode",
    "torch.utils.serialization.config",
    "fractions",
    "statistics",
)
"""What torch imports at the first `backward()`, `repr` and `save`, and small modules of Python."""


class Fork(msgspec.Struct, frozen=True, tag=True):
    """Fork a worker that takes over two descriptors: its channel and its output."""

    scratch: str
    """The folder for its temporary files."""
    limits: Limits


class End(msgspec.Struct, frozen=True, tag=True):
    """Kill a worker unless it exits within ``patience`` seconds."""

    pid: int
    patience: float


class Import(msgspec.Struct, frozen=True, tag=True):
    """Import modules before the next fork."""

    modules: list[str]


class Connect(msgspec.Struct, frozen=True, tag=True):
    """Serve another client over a descriptor."""


Request = Fork | End | Import | Connect


class Greeting(msgspec.Struct, frozen=True):
    """The zygote is ready."""

    unconfined_because: str
    """Why this machine cannot confine code, or empty."""


class Forked(msgspec.Struct, frozen=True):
    """The answer to `Fork`."""

    pid: int


class Ended(msgspec.Struct, frozen=True):
    """The answer to `End`."""

    status: int
    """The wait status."""
    was_running: bool
    """Whether it was still running when it was killed."""


class Zygote:
    """The grader's handle on its zygote; as a context manager it leaves no process behind."""

    def __init__(self) -> None:
        self._process = ipc.Helper("grader.sandbox.zygote", "The process that starts the students' workers has ended")
        self._greeting: Greeting | None = None
        self._imported: set[str] = set()

    def __enter__(self) -> Self:
        """Return the handle; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the handle."""
        self.close()

    @classmethod
    def forked(cls, imported: Iterable[str] = ()) -> Self:
        """Fork a zygote from this process, which must have imported torch and hold no secrets.

        Modules already ``imported`` by `import_ahead` are not requested again.
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
    def _at(cls, channel: socket.socket, greeting: Greeting | None = None, imported: Iterable[str] = ()) -> Self:
        zygote = cls()
        zygote._process.adopt(channel)
        zygote._greeting, zygote._imported = greeting, set(imported)
        return zygote

    def connect(self) -> "Zygote":
        """Return a separate handle for another process: when that one ends, only its workers end."""
        ours, theirs = socket.socketpair()
        with theirs:
            greeting = self._ready()
            self._process.ask(Connect(), dict, [theirs.fileno()])
        return Zygote._at(ours, greeting, self._imported)

    def start(self) -> None:
        """Start the process unless it runs, and return immediately: it imports torch in the background."""
        if not self._process.is_started:
            self._greeting, self._imported = None, set()
            self._process.start()

    @property
    def isolation(self) -> str:
        """``confined`` or ``process``."""
        return "process" if self.unconfined_because else "confined"

    @property
    def unconfined_because(self) -> str:
        """Why this machine cannot confine code, or an empty string; waits until the process is ready."""
        return self._ready().unconfined_because

    def import_modules(self, names: list[str]) -> bool:
        """Request modules to be imported before the next fork, without waiting for it.

        Modules that are already imported are not requested again; return whether there is a new one.
        """
        imported = self._imported if self._process.is_started else set()
        new = [name for name in dict.fromkeys(names) if name not in imported]
        if new:
            self.start()
            self._process.send(Import(new))
            self._imported.update(new)
        return bool(new)

    def fork(self, channel: int, output: int, scratch: str, limits: Limits) -> int:
        """Fork a worker that takes over the two descriptors, and return its process id."""
        self._ready()
        return self._process.ask(Fork(scratch, limits), Forked, [channel, output]).pid

    def end(self, pid: int, patience: float = 0.0) -> tuple[int, bool]:
        """Kill a worker; return its wait status, and whether it was still running.

        A worker that has closed its channel may be exiting: it gets ``patience`` seconds to finish. Its id cannot have
        been reused, since only the zygote waits for it. The workers of a zygote that is gone have ended with it.
        """
        if not self._process.is_started:
            return signal.SIGKILL, False
        self._ready()
        ended = self._process.ask(End(pid, patience), Ended)
        return ended.status, ended.was_running

    def close(self) -> None:
        """End the process and all of its workers."""
        self._process.close()
        self._greeting, self._imported = None, set()

    def _ready(self) -> Greeting:
        self.start()
        if self._greeting is None:
            self._greeting = self._process.hear(Greeting, START_SECONDS)
        return self._greeting


def main(control_descriptor: int) -> None:
    """Serve until the grader closes the control socket; runs in a fresh interpreter."""
    gc.disable()  # hardly anything that imports leave is garbage, and to look for it takes a tenth of their time
    import torch  # noqa: F401  before the first fork

    serve(socket.socket(fileno=control_descriptor))


def serve(first: socket.socket) -> None:
    """Fork workers until the first client disconnects; runs in the zygote."""
    from grader.sandbox import confinement

    confinement.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the grader, which ends this process
    import torch

    from grader.sandbox import worker  # noqa: F401  before the first fork

    torch.set_num_threads(1)
    _warm()
    unconfined_because = confinement.missing()
    if not unconfined_because:
        confinement.prepare()
    with contextlib.suppress(OSError):
        ipc.send(first, Greeting(unconfined_because))
        _Server(first, confined=not unconfined_because).run()


class _Server:
    """The zygote's end: its clients, and the workers of each."""

    def __init__(self, first: socket.socket, *, confined: bool) -> None:
        self._first = first
        self._confined = confined
        self._workers: dict[socket.socket, set[int]] = {first: set()}
        self._killed: set[int] = set()
        """Killed workers that are still freeing memory; reaped later."""

    def run(self) -> None:
        """Answer requests until the first client disconnects."""
        while True:
            self._killed = {pid for pid in self._killed if not os.waitpid(pid, os.WNOHANG)[0]}
            for client in select.select(list(self._workers), [], [])[0]:
                try:
                    received = ipc.receive(client, Request)
                    if received is not None:
                        ipc.send(client, self._answer(client, *received))
                        continue
                except OSError:
                    pass
                self._leave(client)
                if client is self._first:
                    return

    def _answer(self, client: socket.socket, request: Request, descriptors: list[int]) -> object:
        match request:
            case Fork():
                pid = _fork(request, descriptors, confined=self._confined)
                for descriptor in descriptors:
                    os.close(descriptor)
                self._workers[client].add(pid)
                return Forked(pid)
            case End(pid, patience) if pid in self._workers[client]:
                self._workers[client].discard(pid)
                return self._end(pid, patience)
            case End():  # a worker of a previous zygote
                return Ended(signal.SIGKILL, was_running=False)
            case Import(modules):
                for name in modules:
                    import_ahead(name)
                draw_ahead()
            case Connect():
                self._workers[socket.socket(fileno=descriptors[0])] = set()
        return {}

    def _leave(self, client: socket.socket) -> None:
        for pid in self._workers.pop(client):
            self._end(pid, 0.0)
        client.close()

    def _end(self, pid: int, patience: float) -> Ended:
        deadline = time.monotonic() + patience
        while True:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return Ended(status, was_running=False)
            if time.monotonic() >= deadline:
                break
            time.sleep(0.001)
        os.kill(pid, signal.SIGKILL)
        self._killed.add(pid)
        return Ended(signal.SIGKILL, was_running=True)


def _warm() -> None:
    """Do torch's first-call work now: no student's call pays for it, and some of it needs /proc."""
    import torch

    from grader.sandbox import dynamo, worker

    dynamo.stand_in()
    with contextlib.suppress(ImportError):
        import numpy.random  # noqa: F401  numpy imports it at first use: else every worker does, when seeding
    worker.Settings.now()
    for name in FIRST_IMPORTS:
        import_ahead(name)
    torch.ones(1).half()  # detects what the CPU supports
    for dtype in (torch.float32, torch.float64):
        square = torch.eye(2, dtype=dtype)
        torch.linalg.eigvalsh(square @ square + (square**2).mean())  # loads the kernels of linear algebra
    draw_ahead()


def import_ahead(name: str) -> None:
    """Import a module for the workers; they report one that is not installed."""
    import importlib

    with contextlib.suppress(ImportError):
        importlib.import_module(name)
    if name.startswith("matplotlib"):
        import matplotlib.font_manager  # noqa: F401  builds or reads the font cache, which a worker cannot

        from grader.sandbox import figure

        figure.record_meshes()


def draw_ahead() -> None:
    """Draw a first figure if pyplot is imported, so that no worker has to."""
    if "matplotlib.pyplot" in sys.modules:
        from grader.sandbox import figure

        figure.draw_once()


def _fork(request: Fork, descriptors: list[int], *, confined: bool) -> int:
    from grader.sandbox import worker

    for name in ipc.KEPT:
        os.environ.pop(name, None)
    gc.freeze()
    pid = os.fork()
    if pid:
        return pid
    try:
        channel, output = descriptors
        worker.run(channel, output, request.scratch, request.limits, confined=confined)
    except BaseException as error:  # noqa: BLE001  the child must never return into the zygote's loop
        with contextlib.suppress(BaseException):
            os.write(2, f"worker: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(70)
