"""The trusted end of a worker's channel: requests with a clock, and whatever the student's code prints meanwhile."""

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
"""How long a worker that is to be stopped may take to say where it is."""
PART = 64 * 1024
"""Bytes that are read at once: what a pipe holds."""
FULL = PART - 4096
"""So many bytes in the pipe of the output, and a worker that prints may be waiting for us."""
MAX_OUTPUT = 64 * 1024
SHOWN_FOLDERS = "/tmp", "/tmp/tmpxxxxxxxx"  # noqa: S108  words to be read: nothing is opened there
"""What a student reads in the place of the worker's folder, and of one that was made in it under a random name."""
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
_DUMP = b"(most recent call first):\n"
_CPUINFO = b"Error in cpuinfo:"
"""torch prints such a line where there is no /proc; it is not the student's."""


@dataclass(frozen=True)
class Request:
    """An encoded request and the number by which its answer is known."""

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
    """What has arrived and not been read as a frame yet."""
    printed: bytearray = field(default_factory=bytearray)
    has_overflowed: bool = False
    """Whether more has been printed than is kept."""

    @classmethod
    def start(cls, zygote: Zygote, limits: Limits) -> "Channel":
        """Fork a worker and wait until its confinement stands; raises Fault where it does not."""
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
            with contextlib.suppress(OSError):  # it has died, and that is found out below
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
            raise Fault(f"The worker for the student's code does not start (status {status}). {said}") from error
        return worker

    @property
    def processor(self) -> float:
        """Seconds of the processor that the worker has used so far; 0 where nobody counts them."""
        return processor_seconds(self.pid) or 0.0

    def is_waiting(self) -> bool:
        """Whether the worker waits for a request; it neither has ended nor has something to say."""
        return self.channel not in [key.fileobj for key, _ in self.selector.select(0)]

    def send(self, request: Request, clock: Clock) -> None:
        """Send a request; raises TimeoutError, Excess, and EOFError where the worker has ended."""
        self._send(struct.pack(">I", len(request.document)) + request.document, clock)

    def receive(self, request: Request, clock: Clock) -> tuple[dict[str, Any], str]:
        """Return the answer to the request that was sent last, with what was printed meanwhile.

        Raises as `send` does, and WireError where the worker answers nonsense.
        """
        while True:
            answer = wire.decode(self._receive(clock))
            if type(answer) is not dict or type(answer.get("end")) is not str:
                raise wire.WireError("an answer without an end")
            # An answer to an earlier request was written by a thread that outlived its call, or nobody waited for it.
            if answer.get("id") == request.id:
                return answer, self.take_output()
            clock.look()

    def take_output(self) -> str:
        """Return what was printed since the last time, as text, and forget it."""
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
        """Return where the worker is, as `faulthandler` writes it at our signal: before it is stopped for good.

        Empty where it does not answer at once, as code that has taken the signal away.
        """
        self.printed, self.has_overflowed = bytearray(), False
        deadline = time.monotonic() + PLACE_SECONDS
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGUSR1)
            while (rest := deadline - time.monotonic()) > 0:
                # It is written line by line, so it has ended when nothing more comes.
                if select.select([self.output], [], [], min(rest, PLACE_SECONDS / 10))[0]:
                    self._drain(1)
                elif _DUMP in self.printed:
                    break
        return self.printed.rpartition(_DUMP)[2].decode(errors="backslashreplace")

    def steady(self, text: str) -> str:
        """Return a text of the worker's without what is another thing in every run: names of folders, addresses."""
        for scratch in {self.scratch, os.path.realpath(self.scratch)}:
            text = re.sub(rf"{re.escape(scratch)}(/tmp\w{{8}}\b)?", lambda found: SHOWN_FOLDERS[bool(found[1])], text)
        return _ADDRESS.sub(" at 0x...", text)

    def end(self, patience: float = 0.0) -> tuple[int, bool]:
        """Kill the worker and remove its folder; return its wait status, and whether it was running until then."""
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
            return  # as almost always: a call is smaller than the socket's buffer
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
                    clock.look(is_excused=len(part) == PART)  # a worker cannot write into a full channel
        content = bytes(self.received[:size])
        del self.received[:size]
        return content

    def _wait(self, clock: Clock) -> None:
        """Wait until the channel is ready, keeping the pipe of the output empty meanwhile.

        Raises TimeoutError where the call has used up its limit and the channel is still not ready.
        """
        while True:
            self.footprint.check()
            ready = [key.fileobj for key, _ in self.selector.select(clock.until_next_look)]
            if self.channel in ready:
                return
            clock.look(is_excused=self.output in ready and self._drain(1) >= FULL)

    def _drain(self, most: int = 64) -> int:
        """Read what was printed: at most some chunks at a time, for a flood must not keep us from the clock.

        Return how many bytes that were.
        """
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
