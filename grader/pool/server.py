"""Guests: other programs that have their jobs done by the warm processes of a running `grade watch` of the same folder.

The program that starts a fork server may share it: it binds a Unix socket in the course's own state, and the fork
server listens there. A guest, `grade` or pytest, connects and then speaks as any client does, so verdicts are made in
the same way. A guest only gets a fork server of its own version: the same grader, packages, and settings that processes
inherit. Where there is none, it starts its own.

Only the same user can connect, and even then nothing that arrives can stop the fork server or make it wait.
"""

import contextlib
import fcntl
import os
import resource
import socket
import stat
import struct
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from grader.course.versions import digest, grader_version
from grader.errors import Fault
from grader.pool import messages
from grader.progress.store import FOLDER as STATE
from grader.sandbox import ipc

FOLDER, SOCKET, LOCK = "warm", "socket", "lock"
MAX_MESSAGE = 2**21
"""Bytes: a submission of the maximal size, as JSON, fits."""
MAX_GUESTS = 8
MAX_PROCESSES = 64
"""Check processes of one guest at the same time."""
GREETING_SECONDS = 1.0
"""How long a guest waits for a welcome before it starts its own processes, and how long it may take to say hello."""
PATIENCE_SECONDS = 10.0
"""How long a guest waits for an answer: the fork server may be learning a lesson, or it was stopped with Ctrl-Z."""
_LIMITS = ("AS", "CORE", "CPU", "DATA", "FSIZE", "MEMLOCK", "NOFILE", "NPROC", "RSS", "STACK")


def version() -> str:
    """Return a digest of what verdicts depend on beside the lesson and the job; the same at both ends."""
    limits = [(name, resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))) for name in _LIMITS]
    environment = [(name, os.environ.get(name)) for name in ipc.KEPT]
    around = (sys.prefix, str(Path(__file__).resolve()), limits, environment)
    return digest([grader_version().encode(), repr(around).encode()])


class Listener:
    """The bound socket of a program that shares its fork server, until it is closed.

    Raises OSError where that is impossible, or another program already shares its own. The lock tells a socket that is
    served from one that a killed program has left behind.
    """

    def __init__(self, root: Path) -> None:
        with contextlib.ExitStack() as opened:
            self._folder = _open_folder(root, creates=True)
            opened.callback(os.close, self._folder)
            flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
            lock = os.open(LOCK, flags, 0o600, dir_fd=self._folder)
            opened.callback(os.close, lock)
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._unlink()
            self.socket = opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            self.socket.bind(_address(self._folder))
            opened.callback(self._unlink)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Remove the socket; guests that are connected stay."""
        self._opened.close()

    def _unlink(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(SOCKET, dir_fd=self._folder)


def connect(root: Path) -> socket.socket | None:
    """Return a channel to the shared fork server of a course, or None if none of this version answers."""
    with contextlib.suppress(OSError):
        folder = _open_folder(root, creates=False)
        try:
            return _connected(folder)
        finally:
            os.close(folder)
    return None


def _connected(folder: int) -> socket.socket | None:
    if not stat.S_ISSOCK(os.stat(SOCKET, dir_fd=folder, follow_symlinks=False).st_mode):
        return None
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        channel.settimeout(GREETING_SECONDS)
        channel.connect(_address(folder))
        if _is_ours(channel):
            ipc.send(channel, messages.Hello(version()))
            if ipc.receive(channel, dict) is not None:
                return channel
    except (OSError, msgspec.MsgspecError):  # gone, busy, or of another version
        pass
    channel.close()
    return None


@dataclass(eq=False)
class Guest:
    """A guest, as the fork server sees it; nothing that it sends is trusted to be a message."""

    channel: socket.socket
    is_known: bool = False
    """Whether it has said hello."""
    processes: set[int] = field(default_factory=set)
    came: float = field(default_factory=time.monotonic)
    _received: bytearray = field(default_factory=bytearray)
    _descriptors: list[int] = field(default_factory=list)

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self.channel.fileno()

    def read(self) -> list[messages.GuestRequest]:
        """Return the messages that have arrived; raises EOFError if it has left, and other errors for other content."""
        part, descriptors, _, _ = socket.recv_fds(self.channel, 65536, 4)
        self._descriptors += descriptors
        if not part:
            raise EOFError
        self._received += part
        requests: list[messages.GuestRequest] = []
        while len(self._received) >= 4:
            (size,) = struct.unpack_from(">I", self._received)
            if size > MAX_MESSAGE:
                raise ValueError(size)
            if len(self._received) < 4 + size:
                break
            requests.append(msgspec.msgpack.decode(self._received[4 : 4 + size], type=messages.GuestRequest))
            del self._received[: 4 + size]
        return requests

    def take_descriptor(self) -> int:
        """Return the descriptor that came with a request; raises ValueError if not exactly one did."""
        (descriptor,) = self._descriptors
        self._descriptors.clear()
        return descriptor

    def close(self) -> None:
        """Close what it has sent, and its channel."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()
        self.channel.close()


@dataclass
class Guests:
    """The guests of a fork server."""

    fork: Callable[[messages.Fork, int], messages.Forked]
    """Forks a check process that takes over a descriptor."""
    end: Callable[[int], None]
    """Kills a check process."""
    _version: str = ""
    """That of the fork server, once it listens."""
    _listener: socket.socket | None = None
    _present: list[Guest] = field(default_factory=list)

    def listen(self, descriptor: int) -> None:
        """Let guests come over a bound socket."""
        self._version = version()
        self._listener = socket.socket(fileno=descriptor)
        self._listener.setblocking(False)  # noqa: FBT003  socket takes it by position
        self._listener.listen()

    @property
    def sources(self) -> list[socket.socket | Guest]:
        """What to wait for."""
        return [*([self._listener] if self._listener is not None else []), *self._present]

    @property
    def patience(self) -> float | None:
        """How long to wait before `hear` is due again, in seconds; None where nothing but the sources decides."""
        return None if all(guest.is_known for guest in self._present) else GREETING_SECONDS

    def hear(self, ready: Iterable[object]) -> None:
        """Answer the guests that are ready; one that sends what is not a request, or nothing at all, has to leave."""
        for guest in [guest for guest in self._present if guest in ready]:
            try:
                for request in guest.read():
                    ipc.send(guest.channel, self._answer(guest, request))
            except (OSError, EOFError, ValueError, RecursionError, msgspec.MsgspecError, Fault):
                self._leave(guest)
        late = time.monotonic() - GREETING_SECONDS
        for guest in [guest for guest in self._present if not guest.is_known and guest.came < late]:
            self._leave(guest)
        if self._listener in ready:
            self._accept()

    def close_inherited(self) -> None:
        """Close all sockets in a forked process."""
        for source in self.sources:
            source.close()

    def _answer(self, guest: Guest, request: messages.GuestRequest) -> object:
        match request:
            case messages.Hello(theirs) if theirs == self._version and not guest.is_known:
                guest.is_known = True
            case messages.Ping() if guest.is_known:
                pass
            case messages.End(pid) if guest.is_known:
                if pid in guest.processes:
                    guest.processes.discard(pid)
                    self.end(pid)
            case messages.Fork(job=str()) if guest.is_known and len(guest.processes) < MAX_PROCESSES:
                descriptor = guest.take_descriptor()
                try:
                    forked = self.fork(request, descriptor)
                finally:
                    os.close(descriptor)
                assert forked.pid is not None
                guest.processes.add(forked.pid)
                return forked
            case _:
                raise ValueError(request)
        return {}

    def _accept(self) -> None:
        assert self._listener is not None
        try:
            channel, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):
            return
        except OSError:  # out of descriptors: it would stay ready, and we would never wait again
            self._listener.close()
            self._listener = None
            return
        channel.setblocking(False)  # noqa: FBT003  socket takes it by position
        if len(self._present) < MAX_GUESTS and _is_ours(channel):
            self._present.append(Guest(channel))
        else:
            channel.close()

    def _leave(self, guest: Guest) -> None:
        self._present.remove(guest)
        guest.close()
        for pid in guest.processes:
            self.end(pid)


def _open_folder(root: Path, *, creates: bool) -> int:
    """Return a descriptor of the folder of the socket; raises OSError unless it belongs to this user alone."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    above = os.open(root / STATE, flags)
    try:
        if creates:
            with contextlib.suppress(FileExistsError):
                os.mkdir(FOLDER, 0o700, dir_fd=above)
        folder = os.open(FOLDER, flags, dir_fd=above)
    finally:
        os.close(above)
    state = os.fstat(folder)
    if state.st_uid != os.geteuid() or stat.S_IMODE(state.st_mode) & 0o077 or not hasattr(socket, "SO_PEERCRED"):
        os.close(folder)
        raise PermissionError(FOLDER)
    return folder


def _address(folder: int) -> str:
    """Return the address of the socket: the path of a course may be longer than an address can be."""
    return f"/proc/self/fd/{folder}/{SOCKET}"


def _is_ours(channel: socket.socket) -> bool:
    """Whether the program at the other end belongs to this user."""
    credentials = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, uid, _ = struct.unpack("3i", credentials)
    return bool(uid == os.geteuid())
