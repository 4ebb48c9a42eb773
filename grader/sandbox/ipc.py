"""How the grader starts a helper process and speaks with it: a fresh interpreter, and typed messages over a socket.

Only the grader's own processes speak here, which trust each other; what a student's code says comes over `wire`.
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
"""What matplotlib needs to find its font cache; a zygote forgets it before the first fork."""
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    # One thread each: a fork of a process with threads is a fork of half a process.
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
    """Start ``module.main(descriptor)`` in a fresh interpreter that knows nothing of our environment.

    Raises Fault where no process starts; what it says on standard error goes to ``complaints``.
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
        raise Fault(f"The process that starts the students' workers does not start: {error}") from error


class Helper:
    """A helper process, as the process sees it that asks it for things."""

    def __init__(self, module: str, ended: str) -> None:
        """Start nothing yet; ``ended`` begins the sentence of a Fault where the process is gone: "... has ended"."""
        self._module = module
        self._ended = ended
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._channel: socket.socket | None = None
        self._unread = 0
        """Answers to requests that were only sent."""

    @property
    def is_started(self) -> bool:
        """Whether there is a process to ask."""
        return self._channel is not None

    def start(self) -> None:
        """Start the process, and return at once."""
        self._channel, theirs = socket.socketpair()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        with theirs:
            self._process = launch(self._module, theirs, self._complaints)

    def adopt(self, channel: socket.socket) -> None:
        """Speak with a process that was forked."""
        self._channel = channel

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when the process answers, or ends."""
        assert self._channel is not None
        return self._channel.fileno()

    def send(self, request: object, descriptors: list[int] | None = None) -> None:
        """Send a request whose answer is waited for by nobody; raises Fault where the process is gone."""
        assert self._channel is not None
        with self._whole():
            self._send(request, descriptors)
            self._unread += 1

    def ask(self, request: object, kind: type[Answer], descriptors: list[int] | None = None) -> Answer:
        """Return the answer to a request; raises Fault where the process is gone."""
        with self._whole():
            self._send(request, descriptors)
            self.catch_up()
            return self.hear(kind)

    def catch_up(self, seconds: float | None = None) -> None:
        """Read the answers to requests that were only sent; each may take so many seconds."""
        while self._unread:
            self.hear(object, seconds)
            self._unread -= 1

    def hear(self, kind: type[Answer], seconds: float | None = None) -> Answer:
        """Return the next answer; raises Fault where the process is gone, or says nothing for so long."""
        if self._channel is None:
            raise self.gone()
        with self._whole():
            try:
                self._channel.settimeout(seconds)
                received = receive(self._channel, kind)
            except OSError as error:
                raise self.gone() from error
            if received is None:
                raise self.gone()
            self._channel.settimeout(None)
        answer: Answer = received[0]
        return answer

    def gone(self) -> Fault:
        """Return what to say of a process that is gone; it is closed, so that another one can be started."""
        status, last = "", ""
        if self._process is not None and self._complaints is not None:
            self._process.kill()
            status = f" (status {self._process.wait()})"
            self._complaints.seek(0)
            last = self._complaints.read()[-2000:].decode(errors="replace").strip()
        self.close()
        return Fault(
            f"{self._ended}{status}."
            + (f" It said:\n{last}" if last else "")
            + "\nThe submission did not cause this. Try again; if it stays, please report it with these lines."
        )

    def close(self) -> None:
        """End the process, and with it all that it has started."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._complaints is not None:
            self._complaints.close()
        self._process = self._channel = self._complaints = None
        self._unread = 0

    def _send(self, request: object, descriptors: list[int] | None) -> None:
        if self._channel is None:
            raise self.gone()
        try:
            send(self._channel, request, descriptors)
        except OSError as error:
            raise self.gone() from error

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """Close where Ctrl-C interrupts a message: its rest could not be told from the next one."""
        try:
            yield
        except BaseException:
            self.close()
            raise


def send(channel: socket.socket, message: object, descriptors: list[int] | None = None) -> None:
    """Send a message, and descriptors with it; raises OSError where the other end has closed."""
    document = msgspec.msgpack.encode(message)
    head = struct.pack(">I", len(document))
    if descriptors:
        socket.send_fds(channel, [head], descriptors)
        channel.sendall(document)
    else:
        channel.sendall(head + document)


def receive(channel: socket.socket, kind: Any) -> tuple[Any, list[int]] | None:
    """Return a message of a type and its descriptors, or None where the other end has closed, even within a message."""
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
    """Return that many bytes, or fewer where the other end has closed."""
    content = b""
    while len(content) < size and (part := channel.recv(min(65536, size - len(content)))):
        content += part
    return content
