"""Processes of the grader that find torch imported: most tests start one, and importing it takes longer than they do.

`grader.sandbox.ipc.launch` starts an interpreter. Here it forks one off that has torch, matplotlib and Hypothesis and
nothing of ours: from there on, everything is as in `grade` itself. The tests of how processes start and end use the
real one, and so do the commands that are started by their real names.

As a program, ``python tests/nursery.py ADDRESS WORD ...`` is `grade WORD ...` whose processes come from the nursery.
"""

import contextlib
import functools
import gc
import importlib
import os
import select
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

sys.path.append(str(Path(__file__).resolve().parents[1]))

from grader.sandbox import ipc

if TYPE_CHECKING:
    import subprocess

real_launch = ipc.launch
AHEAD = ("numpy.random", "matplotlib.font_manager", "matplotlib.pyplot", "hypothesis.strategies", "markdown_it")


class Child:
    """The part of `subprocess.Popen` that the grader uses, for a process that the nursery has forked."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid, self._handle = pid, handle

    def __del__(self) -> None:
        """Let the handle go; the process ends when its channel does."""
        os.close(self._handle)

    def kill(self) -> None:
        """End it, unless it has ended."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end."""
        select.select([self._handle], [], [])
        return -signal.SIGKILL


class Nursery:
    """The client's end: an address that processes can be asked of."""

    def __init__(self, address: str) -> None:
        self.address = address

    def launch(self, module: str, theirs: socket.socket, complaints: IO[bytes]) -> "subprocess.Popen[bytes]":
        """Do as `ipc.launch` does."""
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect(self.address)
            kept = {name: os.environ[name] for name in ipc.KEPT if name in os.environ}
            ipc.send(channel, {"module": module, "environment": kept}, [theirs.fileno(), complaints.fileno()])
            received = ipc.receive(channel, dict)
        assert received is not None, "the nursery is no more"
        said, (handle,) = received
        return cast("subprocess.Popen[bytes]", Child(said["pid"], handle))


_opened = contextlib.ExitStack()


@functools.cache
def nursery() -> Nursery:
    """Return the nursery of this process; `close` ends it, and its children with their channels."""
    folder = _opened.enter_context(tempfile.TemporaryDirectory())
    complaints = _opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  it is closed with the others
    ours, theirs = socket.socketpair()
    _opened.enter_context(ours)
    with theirs:
        process = real_launch(__name__, theirs, complaints)
    _opened.callback(process.wait)
    _opened.callback(process.kill)
    address = str(Path(folder) / "nursery")
    ipc.send(ours, {"address": address})
    ready = ipc.receive(ours, dict)
    complaints.seek(0)
    assert ready is not None, complaints.read().decode(errors="replace")
    return Nursery(address)


def close() -> None:
    """End the nursery, if there is one."""
    _opened.close()


def launch(module: str, theirs: socket.socket, complaints: IO[bytes]) -> "subprocess.Popen[bytes]":
    """Do as `ipc.launch` does, and quickly."""
    return nursery().launch(module, theirs, complaints)


def grade_command() -> list[str]:
    """Return the command `grade` whose processes come from the nursery."""
    return [sys.executable, "-P", __file__, nursery().address]


def main(descriptor: int) -> None:
    """Import, then fork at every request until the client goes."""
    import torch

    torch.set_num_threads(1)
    for name in AHEAD:
        importlib.import_module(name)

    from grader.sandbox import confinement, hugepages

    confinement.die_with_parent()
    gc.collect()
    hugepages.merge()
    control_channel = socket.socket(fileno=descriptor)
    received = ipc.receive(control_channel, dict)
    assert received is not None
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(received[0]["address"])
        listener.listen()
        ipc.send(control_channel, {})
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel clears ended children away
        while control_channel not in (ready := select.select([listener, control_channel], [], [])[0]):
            assert listener in ready
            channel, _ = listener.accept()
            with channel, contextlib.suppress(OSError):  # the client may have been killed meanwhile
                _serve(channel, [listener, control_channel])


def _serve(channel: socket.socket, others: list[socket.socket]) -> None:
    received = ipc.receive(channel, dict)
    if received is None:
        return
    request, (theirs, complaints) = received
    pid = os.fork()
    if pid:
        for descriptor in (theirs, complaints):
            os.close(descriptor)
        handle = os.pidfd_open(pid)
        ipc.send(channel, {"pid": pid}, [handle])
        os.close(handle)
        return
    for other in (channel, *others):
        other.close()
    with contextlib.suppress(BaseException):
        _become(request, theirs, complaints)
    os._exit(0)


def _become(request: dict[str, Any], theirs: int, complaints: int) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.dup2(complaints, 2)
    os.close(complaints)
    os.environ.update(request["environment"])
    try:
        importlib.import_module(request["module"]).main(theirs)
    except Exception:
        sys.excepthook(*sys.exc_info())
        sys.stderr.flush()
        raise


if __name__ == "__main__":
    ipc.launch = Nursery(sys.argv.pop(1)).launch
    sys.argv[0] = "grade"
    from grader import cli

    cli.main()
