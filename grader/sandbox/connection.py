"""The trusted end of a worker's channel: timed requests, and what the student's code prints meanwhile."""

import contextlib
import os
import re
import select
import selectors
import signal
import socket
import struct
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from grader.errors import Fault
from grader.sandbox import wire
from grader.sandbox.clock import Clock, processor_seconds
from grader.sandbox.confinement import Limits
from grader.sandbox.footprint import Footprint
from grader.sandbox.tempdirs import remove
from grader.sandbox.zygote import Zygote

READY_SECONDS = 60.0
PLACE_SECONDS = 0.5
"""How long a worker may take to report where it is before it is killed."""
PART = 64 * 1024
"""Bytes read at once: the capacity of a pipe."""
FULL = PART - 4096
"""Bytes in the output pipe from which on a printing worker may be blocked."""
MAX_OUTPUT = 64 * 1024
SHOWN_FOLDERS = "/tmp", "/tmp/tmpxxxxxxxx"  # noqa: S108  only shown, never opened
"""Shown in place of the worker's folder, and of a randomly named folder inside it."""
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
_DUMP = b"(most recent call first):\n"
_CPUINFO = b"Error in cpuinfo:"
"""torch prints this line where there is no /proc; it is not the student's output."""


@dataclass(frozen=True)
class Request:
    """An encoded request and the number that identifies its answer."""

    id: int
    document: bytes


@dataclass
class Channel:
    """One forked worker: its process id, our end of its channel, and what it has printed."""

    zygote: Zygote
    limits: Limits
    pid: int
    channel: socket.socket
    output: int
    scratch: str
    selector: selectors.BaseSelector
    footprint: Footprint
    received: bytearray = field(default_factory=bytearray)
    """Bytes that have arrived but are not yet read as a frame."""
    printed: bytearray = field(default_factory=bytearray)
    has_overflowed: bool = False
    """Whether more was printed than is kept."""

    @classmethod
    def start(cls, zygote: Zygote, limits: Limits) -> "Channel":
        """Fork a worker and wait until it is confined; raises Fault if it does not start."""
        scratch = tempfile.mkdtemp(prefix="grade-")
        ours, theirs = socket.socketpair()
        output, their_output = os.pipe()
        try:
            pid = zygote.fork(theirs.fileno(), their_output, scratch, limits)
        except BaseException:
            ours.close()
            os.close(output)
            os.rmdir(scratch)
            raise
        finally:
            theirs.close()
            os.close(their_output)
        if hasattr(os, "sched_setaffinity"):
            with contextlib.suppress(OSError):  # it has died, which is detected below
                os.sched_setaffinity(pid, os.sched_getaffinity(0))
        os.set_blocking(output, False)
        ours.settimeout(0)
        selector = selectors.DefaultSelector()
        selector.register(ours, selectors.EVENT_READ)
        selector.register(output, selectors.EVENT_READ)
        worker = cls(zygote, limits, pid, ours, output, scratch, selector, Footprint(pid, scratch, limits))
        try:
            worker._receive(Clock(pid, READY_SECONDS))
        except (EOFError, TimeoutError, wire.WireError) as error:
            said = worker.take_output().strip()
            status, _ = worker.end()
            raise Fault(f"The worker for the student's code did not start (status {status}). {said}") from error
        return worker

    @property
    def processor(self) -> float:
        """CPU seconds that the worker has used so far; 0 where the system does not report them."""
        return processor_seconds(self.pid) or 0.0

    def is_waiting(self) -> bool:
        """Whether the worker waits for a request: it has neither ended nor sent anything."""
        return self.channel not in [key.fileobj for key, _ in self.selector.select(0)]

    def send(self, request: Request, clock: Clock) -> None:
        """Send a request; raises TimeoutError, Excess, or EOFError if the worker has ended."""
        self._send(struct.pack(">I", len(request.document)) + request.document, clock)

    def receive(self, request: Request, clock: Clock) -> tuple[dict[str, Any], str]:
        """Return the answer to the last request, with what was printed meanwhile.

        Raises as `send` does, and WireError if the answer is malformed.
        """
        while True:
            answer = wire.decode(self._receive(clock))
            if type(answer) is not dict or type(answer.get("end")) is not str:
                raise wire.WireError("an answer without an end")
            # An earlier request's answer comes from a thread that outlived its call, or was never waited for.
            if answer.get("id") == request.id:
                return answer, self.take_output()
            clock.look()

    def take_output(self) -> str:
        """Return as text what was printed since the last time, and clear it."""
        with contextlib.suppress(OSError):
            self._drain()
        if not self.printed:
            return ""
        lines = bytes(self.printed).split(b"\n")
        text = b"\n".join(line for line in lines if not line.startswith(_CPUINFO)).decode(errors="backslashreplace")
        if self.has_overflowed:
            text += f"\n[more was printed; the first {MAX_OUTPUT // 1024} KiB are kept]"
        self.printed, self.has_overflowed = bytearray(), False
        return self.steady(text)

    def take_place(self) -> str:
        """Return where the worker is, as `faulthandler` prints it on our signal, before it is killed.

        Empty if it does not answer in time, for example because the code replaced the signal handler.
        """
        self.printed, self.has_overflowed = bytearray(), False
        deadline = time.monotonic() + PLACE_SECONDS
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGUSR1)
            while (rest := deadline - time.monotonic()) > 0:
                # It is written line by line, so it is complete when nothing more arrives.
                if select.select([self.output], [], [], min(rest, PLACE_SECONDS / 10))[0]:
                    self._drain(1)
                elif _DUMP in self.printed:
                    break
        return self.printed.rpartition(_DUMP)[2].decode(errors="backslashreplace")

    def steady(self, text: str) -> str:
        """Return a text from the worker without what differs in every run: folder names and addresses."""
        for scratch in {self.scratch, os.path.realpath(self.scratch)}:
            text = re.sub(rf"{re.escape(scratch)}(/tmp\w{{8}}\b)?", lambda found: SHOWN_FOLDERS[bool(found[1])], text)
        return _ADDRESS.sub(" at 0x...", text)

    def end(self, patience: float = 0.0) -> tuple[int, bool]:
        """Kill the worker and remove its folder; return its wait status, and whether it was still running."""
        self.selector.close()
        self.channel.close()
        os.close(self.output)
        try:
            return self.zygote.end(self.pid, patience)
        finally:
            remove(self.scratch)

    def _send(self, frame: bytes, clock: Clock) -> None:
        rest = memoryview(frame)[self._send_some(frame) :]
        if not rest:
            return  # almost always: a call fits the socket's buffer
        self.selector.modify(self.channel, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while rest:
            self._wait(clock)
            rest = rest[self._send_some(rest) :]
        self.selector.modify(self.channel, selectors.EVENT_READ)

    def _send_some(self, content: bytes | memoryview) -> int:
        try:
            return self.channel.send(content)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise EOFError from error

    def _receive(self, clock: Clock) -> bytes:
        head = self._receive_exactly(4, clock)
        return self._receive_exactly(wire.frame_length(head), clock)

    def _receive_exactly(self, size: int, clock: Clock) -> bytes:
        while len(self.received) < size:
            self._wait(clock)
            with contextlib.suppress(BlockingIOError):
                try:
                    part = self.channel.recv(PART)
                except ConnectionError as error:
                    raise EOFError from error
                if not part:
                    raise EOFError
                self.received += part
                if len(self.received) < size:
                    clock.look(is_excused=len(part) == PART)  # a worker blocks on a full channel
        content = bytes(self.received[:size])
        del self.received[:size]
        return content

    def _wait(self, clock: Clock) -> None:
        """Wait until the channel is ready, draining the output pipe meanwhile.

        Raises TimeoutError if the call uses up its limit first.
        """
        while True:
            self.footprint.check()
            ready = [key.fileobj for key, _ in self.selector.select(clock.until_next_look)]
            if self.channel in ready:
                return
            clock.look(is_excused=self.output in ready and self._drain(1) >= FULL)

    def _drain(self, most: int = 64) -> int:
        """Read what was printed and return its size: at most ``most`` chunks, so a flood cannot delay the clock."""
        size = 0
        for _ in range(most):
            try:
                part = os.read(self.output, PART)
            except BlockingIOError:
                break
            if not part:
                with contextlib.suppress(KeyError):
                    self.selector.unregister(self.output)
                break
            room = MAX_OUTPUT - len(self.printed)
            self.printed += part[:room]
            self.has_overflowed |= len(part) > room
            size += len(part)
        return size
