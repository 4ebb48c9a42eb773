"""A student's function in the place of the solution's, to see what an exercise that calls it would then answer.

The solution never enters the student's worker: it runs here, and only the calls cross.
"""

from dataclasses import dataclass, field
from typing import Any

from grader.course.solution import Exercise
from grader.engine.agreement import same
from grader.engine.reference import Asked, Raised, Reference, Returned
from grader.engine.worker_session import Runner
from grader.feedback.call_failure import CallLost
from grader.sandbox import arrays, wire
from grader.sandbox.figure import Picture

MAX_PASSED_ON = 1000
"""Calls of a student's function that one search passes on."""


class _Lost(Exception):
    """The student's function gave no value, or was called too often."""


@dataclass
class Callee:
    """A student's function, in a worker of its own: what it keeps and how long it takes changes no verdict."""

    exercise: Exercise
    reference: Reference
    runner: Runner
    _answers: dict[bytes, tuple[Asked, bytes]] = field(default_factory=dict)
    _is_lost: bool = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what the student's function returns; raises an exception if there is nothing."""
        asked = Asked.of(self.exercise.name, None, args, kwargs)
        if asked.payload not in self._answers:
            self._answers[asked.payload] = asked, self._answer(asked)
        return wire.decode(self._answers[asked.payload][1])

    def answer(self, asked: Asked) -> Returned | Raised:
        """Return what the solution answers to a call of another exercise, where it calls the student's function."""
        return self.reference.answer_with(asked, {self.exercise.name: self})

    def is_wrong(self) -> bool:
        """Whether a call that was passed on got an answer that differs from the solution's."""
        return any(
            self._differs(asked, arrays.tensors_of(wire.decode(value))) for asked, value in self._answers.values()
        )

    def close(self) -> None:
        """End the worker."""
        self.runner.close()

    def _answer(self, asked: Asked) -> bytes:
        if self._is_lost or len(self._answers) >= MAX_PASSED_ON:
            raise _Lost
        back = self.runner.call(asked.key, lambda: 0.0)
        if not isinstance(back, CallLost) and back[0].get("end") == "returned":
            value = back[0].get("value")
            if isinstance(value, bytes):
                wire.decode(value)  # raises for what is not valid
                return value
        self._is_lost = isinstance(back, CallLost)
        raise _Lost

    def _differs(self, asked: Asked, value: Any) -> bool:
        wanted = self.reference.answer_once(asked)
        if not isinstance(wanted, Returned) or type(wanted.value) is Picture:
            return False  # two right pictures may differ
        return not same(value, wanted.value, asked.size)
