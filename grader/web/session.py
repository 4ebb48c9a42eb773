"""The thread that grades: it runs the engine of rounds for the page, as `grade watch` does for the terminal."""

import contextlib
import os
import queue
import selectors
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol

from grader.course.model import Course, Lesson
from grader.errors import Fault, GraderError
from grader.live import file_watcher
from grader.live.events import Done, Drawn, Event, Reason, Started
from grader.live.rounds import Rounds
from grader.live.waiting import wait
from grader.pool.job import Job
from grader.progress.cache import Memory
from grader.web import state
from grader.web.views import RoundState

Action = Callable[[Rounds], list[Event]]


class Listener(Protocol):
    """Hears of what happens, in the thread that grades."""

    def round(self, state: RoundState) -> None:
        """Hear how the graded lesson's file stands now."""

    def done(self) -> None:
        """Hear that a round is over: the progress may have changed."""

    def left(self, lesson: Lesson) -> None:
        """Hear that a lesson is not graded any more."""

    def saved(self, lessons: Iterable[Lesson]) -> None:
        """Hear that files of the student have changed on disk."""


class Session(threading.Thread):
    """One engine of rounds, driven by saves and by the requests of the page."""

    def __init__(self, course: Course, submission: Path, listener: Listener) -> None:
        super().__init__(name="rounds", daemon=True)
        self.course = course
        """As it was read last."""
        self._submission = submission
        self._listener = listener
        self._requests: queue.SimpleQueue[Action | None] = queue.SimpleQueue()
        self._bell, self._ring = os.pipe()
        os.set_blocking(self._bell, False)
        self._state: RoundState | None = None
        self._jobs: deque[tuple[str, Callable[[], Job], Future[Any]]] = deque()
        """Pictures to draw, once nothing else is going on, each with its lesson; the first one may be begun."""
        self._is_drawing = False

    def open(self, lesson: Lesson) -> None:
        """Grade this lesson from now on."""

        def go(rounds: Rounds) -> list[Event]:
            return rounds.open(lesson) if self.now(lesson) is None else []

        self._request(go)

    def grade(self, lesson: Lesson) -> None:
        """Grade this lesson's file again, whatever is remembered of it."""

        def go(rounds: Rounds) -> list[Event]:
            opened = rounds.open(lesson) if self.now(lesson) is None else []
            return [*opened, *rounds.begin(Reason.REQUESTED)]

        self._request(go)

    def look(self) -> None:
        """Look for saved files now, before the system reports them."""
        self._request(lambda _: [])

    def draw(self, lesson: Lesson, job: Callable[[], Job]) -> "Future[Any]":
        """Have a picture drawn once nothing else is going on.

        The result is what the hook of the job returns, or None if another lesson is graded by then.
        """
        future: Future[Any] = Future()

        def go(_: Rounds) -> list[Event]:
            self._jobs.append((lesson.name, job, future))
            return []

        self._request(go)
        return future

    def now(self, lesson: Lesson) -> RoundState | None:
        """Return how the file of a lesson stands; None if it is not the one that is graded."""
        found = self._state
        return found if found is not None and found.lesson == lesson.name else None

    def close(self) -> None:
        """End the thread and all processes that it has started."""
        self._request(None)
        self.join()

    def run(self) -> None:
        """Grade until `close`; a fault is told, and the next request starts over."""
        is_open = True
        while is_open:
            try:
                is_open = self._serve()
            except GraderError as error:
                self._fail(str(error))
                is_open = self._wait()
            except Exception as error:  # noqa: BLE001  the page must say so, and the student's work goes on
                self._fail(f"A bug in the workbook, not in your code: {type(error).__name__}: {error}")
                is_open = self._wait()

    def _request(self, action: Action | None) -> None:
        self._requests.put(action)
        os.write(self._ring, b"!")

    def _wait(self) -> bool:
        """Wait for a request, and leave it to the next engine; return False if it is the end."""
        action = self._requests.get()
        if action is not None:
            self._request(action)
        return action is not None

    def _fail(self, why: str) -> None:
        if self._state is not None:
            self._show(state.failed(self._state, why))
        self._is_drawing = False
        while self._jobs:
            self._jobs.popleft()[2].set_exception(Fault(why))

    def _serve(self) -> bool:
        memory = Memory(self.course.root, self._submission)
        rounds = Rounds(self.course, self._submission, memory)
        root = self.course.root
        files = file_watcher.Files([self._submission, root / "lessons", root / "solutions"])
        lessons = [each for each in self.course.lessons if self._state is not None and each.name == self._state.lesson]
        with rounds, files, selectors.DefaultSelector() as selector:
            for lesson in lessons:  # after a fault
                self._hear(rounds, rounds.open(lesson))
            selector.register(files, selectors.EVENT_READ)
            selector.register(self._bell, selectors.EVENT_READ)
            while True:
                ready = wait(selector, rounds, file_watcher.LOOK_SECONDS)
                # A save comes first: it makes the findings of the running check processes stale.
                if changed := files.changed():
                    self._changed(rounds, changed)
                elif ready := [each for each in ready if each not in (files, self._bell)]:
                    self._hear(rounds, rounds.read(ready))
                if not self._act(rounds):
                    return False
                self._draw(rounds)

    def _changed(self, rounds: Rounds, paths: set[Path]) -> None:
        self._hear(rounds, rounds.changed(paths))
        names = {path.stem for path in paths if path.parent == self._submission}
        self._listener.saved([lesson for lesson in rounds.course.lessons if lesson.name in names])

    def _act(self, rounds: Rounds) -> bool:
        """Do what was requested; return False if that is to end."""
        with contextlib.suppress(BlockingIOError):
            os.read(self._bell, 4096)
        with contextlib.suppress(queue.Empty):
            while (action := self._requests.get_nowait()) is not None:
                self._hear(rounds, action(rounds))
            return False
        return True

    def _hear(self, rounds: Rounds, events: list[Event]) -> None:
        self.course = rounds.course
        for event in events:
            self._take(rounds, event)

    def _take(self, rounds: Rounds, event: Event) -> None:
        if isinstance(event, Drawn):
            self._drawn(event)
            return
        before = self._state
        if before is None or before.lesson != rounds.lesson.name:
            self._leave(rounds)
            before = state.start(rounds.lesson)
        self._show(state.after(before, event))
        if isinstance(event, Started):
            self._is_drawing = False  # the round has stopped it
        if isinstance(event, Done):
            self._listener.done()

    def _leave(self, rounds: Rounds) -> None:
        before, self._state = self._state, None
        for lesson in rounds.course.lessons:
            if before is not None and lesson.name == before.lesson:
                self._listener.left(lesson)

    def _show(self, now: RoundState) -> None:
        self._state = now
        self._listener.round(now)

    def _draw(self, rounds: Rounds) -> None:
        """Begin to draw the next picture, if that is possible now."""
        while self._jobs and not self._is_drawing:
            lesson, job, future = self._jobs[0]
            if lesson == rounds.lesson.name and not future.cancelled():
                self._is_drawing = rounds.draw(job())
                return
            self._jobs.popleft()
            if future.set_running_or_notify_cancel():
                future.set_result(None)

    def _drawn(self, event: Drawn) -> None:
        self._is_drawing = False
        _, _, future = self._jobs.popleft()
        if future.set_running_or_notify_cancel():
            if event.fault:
                future.set_exception(Fault(event.fault))
            else:
                future.set_result(event.answer)
