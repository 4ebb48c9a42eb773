"""Starting a helper process in a fresh interpreter, and exchanging typed messages with it over a socket.

Only the grader's own processes, which trust each other, communicate this way; a student's code answers over `wire`.
"""

import contextlib
import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TypeVar

import msgspec

from grader.errors import Fault

Answer = TypeVar("Answer")

KEPT = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
"""Variables with which matplotlib finds its font cache; a zygote drops them before the first fork."""
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    # One thread each: a fork copies only the calling thread.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_START = f"""
import importlib, sys
sys.path.append({str(Path(__file__).resolve().parents[2])!r})
importlib.import_module(sys.argv[1]).main(int(sys.argv[2]))
"""


def launch(module: str, theirs: socket.socket, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start ``module.main(descriptor)`` in a fresh interpreter with a minimal environment.

    Raises Fault if the process cannot be started; its standard error goes to ``complaints``.
    """
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _START, module, str(theirs.fileno())],
            env=_ENVIRONMENT | {name: os.environ[name] for name in KEPT if name in os.environ},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
    except OSError as error:
        raise Fault(f"A helper process could not be started: {error}") from error


class Helper:
    """A helper process, as seen by the process that sends it requests."""

    def __init__(self, module: str, ended: str) -> None:
        """Start nothing yet; ``ended`` begins the Fault message if the process is gone: "... has ended"."""
        self._module = module
        self._ended = ended
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._channel: socket.socket | None = None
        self._patience: float | None = None
        """How many seconds an answer may take; None for any time."""
        self.unread = 0
        """Unread answers to requests made with `send`."""

    @property
    def is_started(self) -> bool:
        """Whether there is a process to send requests to."""
        return self._channel is not None

    def start(self) -> None:
        """Start the process and return immediately."""
        self._channel, theirs = socket.socketpair()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        with theirs:
            self._process = launch(self._module, theirs, self._complaints)

    def adopt(self, channel: socket.socket, patience: float | None = None) -> None:
        """Connect to a process that already runs; one that is silent for longer than ``patience`` counts as gone."""
        self._channel, self._patience = channel, patience
        channel.settimeout(patience)

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the process answers or ends."""
        assert self._channel is not None
        return self._channel.fileno()

    def send(self, request: object, descriptors: list[int] | None = None) -> None:
        """Send a request without waiting for its answer; raises Fault if the process is gone."""
        assert self._channel is not None
        with self._whole():
            self._send(request, descriptors)
            self.unread += 1

    def ask(self, request: object, kind: type[Answer], descriptors: list[int] | None = None) -> Answer:
        """Return the answer to a request; raises Fault if the process is gone."""
        with self._whole():
            self._send(request, descriptors)
            self.catch_up()
            return self.hear(kind)

    def catch_up(self, seconds: float | None = None) -> None:
        """Read the unread answers to `send`, waiting at most ``seconds`` for each."""
        while self.unread:
            self.hear_unread(seconds)

    def hear_unread(self, seconds: float | None = None) -> Any:
        """Return the oldest unread answer to `send`, waiting at most ``seconds`` for it."""
        answer: Any = self.hear(object, seconds)
        self.unread -= 1
        return answer

    def hear(self, kind: type[Answer], seconds: float | None = None) -> Answer:
        """Return the next answer; raises Fault if the process is gone, or silent for ``seconds``."""
        if self._channel is None:
            raise self.gone()
        with self._whole():
            try:
                self._channel.settimeout(seconds if seconds is not None else self._patience)
                received = receive(self._channel, kind)
            except OSError as error:
                raise self.gone() from error
            if received is None:
                raise self.gone()
            self._channel.settimeout(self._patience)
        answer: Answer = received[0]
        return answer

    def gone(self) -> Fault:
        """Return the Fault for a process that is gone, and close it, so that another one can be started."""
        status, last = "", ""
        if self._process is not None and self._complaints is not None:
            self._process.kill()
            status = f" (status {self._process.wait()})"
            self._complaints.seek(0)
            last = self._complaints.read()[-2000:].decode(errors="replace").strip()
        self.close()
        return Fault(
            f"{self._ended}{status}."
            + (f" Its last output:\n{last}" if last else "")
            + "\nThe submission did not cause this. Try again; if it happens again, please report these lines."
        )

    def close(self) -> None:
        """Kill the process; everything it has started ends with it."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._complaints is not None:
            self._complaints.close()
        self._process = self._channel = self._complaints = self._patience = None
        self.unread = 0

    def _send(self, request: object, descriptors: list[int] | None) -> None:
        if self._channel is None:
            raise self.gone()
        try:
            send(self._channel, request, descriptors)
        except OSError as error:
            raise self.gone() from error

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """Close if Ctrl-C interrupts a message: its rest would be read as the next one."""
        try:
            yield
        except BaseException:
            self.close()
            raise


def send(channel: socket.socket, message: object, descriptors: list[int] | None = None) -> None:
    """Send a message, with descriptors; raises OSError if the other end has closed."""
    document = msgspec.msgpack.encode(message)
    head = struct.pack(">I", len(document))
    if descriptors:
        socket.send_fds(channel, [head], descriptors)
        channel.sendall(document)
    else:
        channel.sendall(head + document)


def receive(channel: socket.socket, kind: Any) -> tuple[Any, list[int]] | None:
    """Return a message of a type and its descriptors, or None if the other end has closed, even mid-message."""
    head, descriptors, _, _ = socket.recv_fds(channel, 4, 2)
    head += _exactly(channel, 4 - len(head)) if head else b""
    if len(head) == 4:
        (size,) = struct.unpack(">I", head)
        document = _exactly(channel, size)
        if len(document) == size:
            return msgspec.msgpack.decode(document, type=kind), descriptors
    for descriptor in descriptors:
        os.close(descriptor)
    return None


def _exactly(channel: socket.socket, size: int) -> bytes:
    """Return ``size`` bytes, or fewer if the other end has closed."""
    content = b""
    while len(content) < size and (part := channel.recv(min(65536, size - len(content)))):
        content += part
    return content
