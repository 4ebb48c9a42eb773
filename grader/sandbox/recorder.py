"""Record how the plain locals of one function change from pass to pass of its loops, as data.

The worker records a student's function so, and the check process the solution's: only when a failure is explained.
"""

import sys
import types
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from grader.sandbox import wire

MAX_MOMENTS = 64
MAX_NAMES = 32
MAX_NAME = 40
"""Characters of a name."""
MAX_NUMBERS = 64
"""Numbers in one value."""
MAX_VALUE = 1024
"""Bytes of one encoded value."""
MAX_BYTES = 2**15
"""Bytes of all values and their names together: they fit into a frame beside the largest answer."""
MAX_LINES = 5000
"""Lines that are followed; the rest of the call runs without being watched."""
MAX_DEPTH = 4
END = -1
"""In the place of a loop: the function has ended."""


class Recorder:
    """Follows the first call of a function of one file while it is entered as a context.

    A moment is recorded whenever the code comes to the head of a loop, so the k-th moment of a loop shows what k passes
    have done, and when the function ends. A value is encoded at once, and only if it differs from the moment before.
    """

    def __init__(self, file: str, name: str, heads: Sequence[Sequence[int]]) -> None:
        """``heads`` holds the first and the last line of each loop's head."""
        self.file, self.name, self.heads = file, name, heads
        self.moments: list[list[Any]] = []
        self.is_cut = False
        self._is_begun = False
        self._lines = 0
        self._last_line = 0
        self._bytes = 0
        self._values: dict[str, Any] = {}
        """By name: the object that it referred to at the last line, kept alive so that no other takes its identity."""
        self._assigned: dict[str, None] = {}
        """The names that were assigned since the last moment, the last one at the end."""
        self._documents: dict[str, bytes] = {}

    @property
    def record(self) -> list[Any]:
        """What was recorded: whether it is cut, and for each moment its loop and the new values by name, in order."""
        return [self.is_cut, self.moments]

    def __enter__(self) -> Self:
        """Begin to look for the function."""
        self._before = sys.gettrace()
        sys.settrace(self._on_call)
        return self

    def __exit__(self, *_: object) -> None:
        """Put the trace function back that was there before."""
        sys.settrace(self._before)

    def _on_call(self, frame: types.FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if self._is_begun or event != "call" or code.co_qualname != self.name or code.co_filename != self.file:
            return None
        self._is_begun = True
        return self._on_event

    def _on_event(self, frame: types.FrameType, event: str, _: Any) -> Any:
        try:
            if event == "line":
                self._on_line(frame)
            elif event == "return":
                self._note_assigned(frame)
                self._add_moment(END)
        except BaseException:  # noqa: BLE001  the student may have replaced what is used here: their call goes on
            self._stop(frame)
        return self._on_event

    def _on_line(self, frame: types.FrameType) -> None:
        self._lines += 1
        if self._lines > MAX_LINES or len(self.moments) >= MAX_MOMENTS:
            self._stop(frame)
            return
        self._note_assigned(frame)
        line, last = frame.f_lineno, self._last_line
        self._last_line = line
        for number, (first, end) in enumerate(self.heads):
            if first <= line <= end and not first <= last <= end:
                self._add_moment(number)

    def _stop(self, frame: types.FrameType) -> None:
        """Follow no further line; the end is still recorded."""
        self.is_cut = True
        frame.f_trace_lines = False

    def _note_assigned(self, frame: types.FrameType) -> None:
        for name, value in frame.f_locals.items():
            if self._values.get(name, self) is not value:
                self._values[name] = value
                self._assigned.pop(name, None)
                self._assigned[name] = None

    def _add_moment(self, loop: int) -> None:
        if self._bytes > MAX_BYTES:
            return  # a moment with only some of its values would be untrue
        # What was changed in place, and not assigned, comes last.
        names = dict.fromkeys([*self._assigned, *self._values])
        self._assigned.clear()
        new = []
        for name in names:
            document = self._encoded(name)
            is_known = name in self._documents
            if document == self._documents.get(name, b"") or (not is_known and len(self._documents) >= MAX_NAMES):
                continue
            self._documents[name] = document
            self._bytes += len(name) + len(document) + 8
            new.append([name, document])
        if self._bytes > MAX_BYTES:
            self.is_cut = True
        else:
            self.moments.append([loop, new])

    def _encoded(self, name: str) -> bytes:
        """Return the value of a name as a document; an empty one if it is not small and plain."""
        value = self._values[name]
        if not name.isidentifier() or len(name) > MAX_NAME or _size(value) > MAX_NUMBERS:
            return b""
        try:
            return wire.encode(value, MAX_VALUE)
        except wire.WireError:
            return b""


def _size(value: Any, depth: int = 0) -> int:
    """Return how many numbers a value holds; more than MAX_NUMBERS if it holds anything else, or is nested deeply."""
    kind = type(value)
    if kind in (bool, int, float):
        return 1
    if kind is Tensor or kind is torch.nn.Parameter:
        return int(value.numel())
    if kind is np.ndarray:
        return int(value.size)
    if kind in (list, tuple, dict) and depth < MAX_DEPTH and len(value) <= MAX_NUMBERS:
        size = 0
        for part in value.values() if kind is dict else value:
            size += _size(part, depth + 1)
            if size > MAX_NUMBERS:
                break
        return size
    return 1 if wire.type_name(kind).startswith("numpy.") else MAX_NUMBERS + 1
