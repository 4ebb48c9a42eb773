"""A process that has imported torch and nothing of ours worth finding; every worker is forked from it.

Both ends are here, so that the protocol is read on one screen. The grader starts the zygote in a fresh interpreter
with an empty environment, while it imports torch itself on another core. Control messages are JSON: the grader and
the zygote trust each other, and no student's byte passes here.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from typing import IO, Any, Self

from grader.confine import Limits
from grader.errors import Fault

START_SECONDS = 120.0
"""How long importing torch may take: the first time on a slow disk is slow."""
SLOW_IMPORTS = dict.fromkeys((b"optim", b"compile", b"torch.func", b"functorch"), "torch._dynamo")
"""Words in a submission that make torch import a module, at the first call, that takes longer than a call may."""

_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    # One thread each: a fork of a process with threads is a fork of half a process.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_KEPT = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
"""What matplotlib needs to find its font cache; the zygote forgets it before the first fork."""


class Zygote:
    """The grader's handle on its zygote; as a context manager it leaves no process behind."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._complaints: IO[bytes] | None = None
        self._greeting: dict[str, Any] | None = None

    def __enter__(self) -> Self:
        """Return the handle; nothing is started yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self.close()

    def start(self) -> None:
        """Start the process unless it runs, and return at once: it imports torch while the caller goes on."""
        if self._process is not None:
            return
        self._control, theirs = socket.socketpair()
        environment = _ENVIRONMENT | {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", "-c", _START, str(theirs.fileno())],
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
            )
        except OSError as error:
            raise Fault(f"The process that starts the students' workers does not start: {error}") from error
        finally:
            theirs.close()

    @property
    def isolation(self) -> str:
        """``confined`` or ``process``."""
        return "process" if self.unconfined_because else "confined"

    @property
    def unconfined_because(self) -> str:
        """Why this machine cannot confine, or an empty string; waits until the process is ready."""
        return str(self._ready()["unconfined_because"])

    def import_modules(self, names: list[str]) -> None:
        """Import modules before the next fork, so that workers find them there."""
        if names:
            self._ask({"do": "import", "modules": names})

    def fork(self, channel: int, output: int, scratch: str, limits: Limits) -> int:
        """Fork a worker that takes over the two descriptors, and return its process id."""
        request = {"do": "fork", "scratch": scratch, "limits": asdict(limits)}
        return int(self._ask(request, [channel, output])["pid"])

    def end(self, pid: int, patience: float = 0.0) -> tuple[int, bool]:
        """Kill a worker; return its wait status, and whether it was running until then.

        One that has closed its channel may be on its way out: ``patience`` seconds let it come to its own end. The id
        cannot have been reused, for nobody but the zygote waits for it.
        """
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

    def _ready(self) -> dict[str, Any]:
        self.start()
        if self._greeting is None:
            assert self._control is not None
            self._control.settimeout(START_SECONDS)
            self._greeting = self._answer()
        return self._greeting

    def _ask(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any]:
        self._ready()
        assert self._control is not None
        try:
            _send(self._control, request, descriptors or [])
        except OSError as error:
            raise self._dead() from error
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._control is not None
        try:
            received = _receive(self._control)
        except OSError as error:
            raise self._dead() from error
        if received is None:
            raise self._dead()
        return received[0]

    def _dead(self) -> Fault:
        """Return what to say of a process that is no more; the next request starts another one."""
        assert self._process is not None
        assert self._complaints is not None
        self._process.kill()
        status = self._process.wait()
        self._complaints.seek(0)
        last = self._complaints.read()[-2000:].decode(errors="replace").strip()
        self.close()
        return Fault(
            f"The process that starts the students' workers ended (status {status})."
            + (f" It said:\n{last}" if last else "")
            + "\nThis is no fault of the submission. Try again; if it stays, please report it with these lines."
        )


_START = f"""
import sys
sys.path.append({os.path.dirname(os.path.dirname(os.path.abspath(__file__)))!r})
from grader.zygote import main
main(int(sys.argv[1]))
"""


def main(control_descriptor: int) -> None:
    """Serve fork requests until the grader closes the control socket; runs in the zygote."""
    from grader import confine

    confine.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the grader, which ends us
    control = socket.socket(fileno=control_descriptor)
    import torch

    from grader import worker

    torch.set_num_threads(1)
    _warm()
    unconfined_because = confine.missing()
    if not unconfined_because:
        confine.prepare()
    greeting = {"unconfined_because": unconfined_because, "torch": torch.__version__}
    _send(control, greeting, [])
    while (received := _receive(control)) is not None:
        request, descriptors = received
        if request["do"] == "fork":
            answer = {"pid": _fork(control, request, descriptors, worker.run, confined=not unconfined_because)}
            for descriptor in descriptors:
                os.close(descriptor)
        elif request["do"] == "import":
            answer = {}
            for name in request["modules"]:
                _import(name)
        else:
            answer = _end(request["pid"], request["patience"])
        _send(control, answer, [])


def _warm() -> None:
    """Let torch do now what it does at a first call: nobody's call pays for it, and some of it needs /proc."""
    import torch

    torch.ones(1).half()  # asks what the processor can
    for dtype in (torch.float32, torch.float64):
        square = torch.eye(2, dtype=dtype)
        torch.linalg.eigvalsh(square @ square + (square**2).mean())  # loads the kernels of linear algebra


def _end(pid: int, patience: float) -> dict[str, Any]:
    deadline = time.monotonic() + patience
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return {"status": status, "was_running": False}
        if time.monotonic() >= deadline:
            break
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    return {"status": os.waitpid(pid, 0)[1], "was_running": True}


def _import(name: str) -> None:
    """Import a module as a worker will need it; one that is not installed is the worker's to report."""
    import importlib

    with contextlib.suppress(ImportError):
        importlib.import_module(name)
    if name.startswith("matplotlib"):
        import matplotlib.font_manager  # noqa: F401  builds or reads the font cache, which a worker cannot

        from grader import figure

        figure.record_meshes()


def _fork(control: socket.socket, request: dict[str, Any], descriptors: list[int], run: Any, *, confined: bool) -> int:
    import gc

    for name in _KEPT:
        os.environ.pop(name, None)
    gc.disable()
    gc.freeze()
    pid = os.fork()
    if pid:
        return pid
    try:
        control.close()
        channel, output = descriptors
        run(channel, output, request["scratch"], Limits(**request["limits"]), confined=confined)
    except BaseException as error:  # noqa: BLE001  the child must never return into the zygote's loop
        with contextlib.suppress(BaseException):
            os.write(2, f"worker: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(70)


def _send(channel: socket.socket, message: dict[str, Any], descriptors: list[int]) -> None:
    document = json.dumps(message).encode()
    head = struct.pack(">I", len(document))
    if descriptors:
        socket.send_fds(channel, [head], descriptors)
    else:
        channel.sendall(head)
    channel.sendall(document)


def _receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    head, descriptors, _, _ = socket.recv_fds(channel, 4, 2)
    while head and len(head) < 4:
        head += channel.recv(4 - len(head))
    if not head:
        return None
    document = b""
    while len(document) < struct.unpack(">I", head)[0]:
        part = channel.recv(65536)
        if not part:
            return None
        document += part
    return json.loads(document), descriptors
