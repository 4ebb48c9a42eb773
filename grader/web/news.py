"""The newest message about each thing, for any number of open pages."""

import asyncio
import contextlib
import secrets
import threading
from dataclasses import replace

from grader.web.views import CourseView, FileView, Message, RoundState


class News:
    """What the pages have to know: a message replaces the earlier one about the same thing, so nothing piles up.

    Any thread may post; pages wait in the event loop of the server.
    """

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)
        """New at each start of the server."""
        self._lock = threading.Lock()
        self._newest: dict[str, Message] = {}
        self._number = 0
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether the server ends."""
        return self._is_closed

    def round(self, state: RoundState) -> None:
        """Tell how a lesson's file stands."""
        self._post(f"round {state.lesson}", Message(0, round=state))

    def file(self, view: FileView) -> None:
        """Tell that a file has changed on disk."""
        self._post(f"file {view.lesson}", Message(0, file=view))

    def course(self, view: CourseView) -> None:
        """Tell the progress."""
        self._post("course", Message(0, course=view))

    def hello(self) -> Message:
        """Return what every answer begins with."""
        return Message(0, hello=self.name)

    def after(self, number: int) -> list[Message]:
        """Return what is newer than a message, in its order; everything for a number that was never given."""
        with self._lock:
            newest = sorted(self._newest.values(), key=lambda each: each.number)
            return [each for each in newest if each.number > number or number > self._number]

    async def wait(self, number: int, seconds: float) -> list[Message]:
        """Return as `after` does, once there is something or the time is over."""
        wake = asyncio.Event()
        with self._lock:
            self._waiting[wake] = asyncio.get_running_loop()
        try:
            if not (found := self.after(number)) and not self._is_closed:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), seconds)
                found = self.after(number)
            return found
        finally:
            with self._lock:
                del self._waiting[wake]

    def close(self) -> None:
        """End every waiting."""
        with self._lock:
            self._is_closed = True
            self._wake()

    def _post(self, about: str, message: Message) -> None:
        with self._lock:
            before = self._newest.get(about)
            if before is not None and replace(before, number=0) == message:
                return
            self._number += 1
            self._newest[about] = replace(message, number=self._number)
            self._wake()

    def _wake(self) -> None:
        for wake, loop in self._waiting.items():
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(wake.set)
