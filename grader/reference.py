"""The trusted side's own functions: the solution, the known mistakes and the drivers of a lesson, loaded by path."""

import contextlib
import copy
import importlib.util
import inspect
import sys
import time
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from grader import figure, wire
from grader.course import Lesson, Mistake
from grader.errors import Fault

MAX_KNOWN = 1000
COSTLY = 0.005
"""A call that takes the solution so many seconds, a picture mostly, is costly to ask every known mistake."""
MAX_COSTLY = 50

Key = tuple[str, str | None, bytes]
"""An exercise, a driver, and the arguments as they are sent."""


@dataclass(frozen=True)
class Returned:
    """A trusted function returned a value."""

    value: Any
    seconds: float = 0.0
    """How much of the processor that took."""


@dataclass(frozen=True)
class Raised:
    """A trusted function raised, as a student's does for the same arguments."""

    error: Exception
    seconds: float = 0.0


@dataclass(frozen=True)
class Asked:
    """What is asked of a function: of the student's, of the solution's, of a known mistake."""

    exercise: str
    driver: str | None
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    payload: bytes
    """The arguments as they are sent."""

    @property
    def key(self) -> Key:
        """What is called with what."""
        return self.exercise, self.driver, self.payload


@dataclass(frozen=True)
class Reference:
    """What a lesson's own files answer."""

    lesson: Lesson
    _known: dict[Key, Returned | Raised] = field(default_factory=dict)
    """Answers of the solution: several checks ask for the same call. And those of mistakes that have been tried."""
    _costly: list[Asked] = field(default_factory=list)
    """What took the solution long."""

    @cached_property
    def solution(self) -> types.ModuleType:
        """The loaded solution."""
        if any(name.startswith("matplotlib") for name in self.lesson.imports):
            figure.record_meshes()
        return load_module(self.lesson.solution, f"solutions.{self.lesson.name}")

    @cached_property
    def mistakes(self) -> types.ModuleType:
        """The loaded mistakes."""
        return load_module(self.lesson.mistakes_file, f"mistakes.{self.lesson.name}")

    @cached_property
    def drivers(self) -> types.ModuleType:
        """The loaded drivers; an empty module where the lesson has none."""
        return self._load_if_there(self.lesson.drivers_file, "drivers")

    @cached_property
    def pictures(self) -> types.ModuleType:
        """The loaded pictures; an empty module where the lesson has none."""
        return self._load_if_there(self.lesson.pictures_file, "pictures")

    def predicted(self, function: str) -> Any:
        """Return what a prediction shows with the solutions; it raises whatever its own assertions raise."""
        ask = getattr(self.predictions, function)
        return ask(**{name: getattr(self.solution, name) for name in inspect.signature(ask).parameters})

    @cached_property
    def predictions(self) -> types.ModuleType:
        """The loaded predictions; an empty module where the lesson has none."""
        return self._load_if_there(self.lesson.predictions_file, "predictions")

    def _load_if_there(self, path: Path, name: str) -> types.ModuleType:
        return load_module(path, f"{name}.{self.lesson.name}") if path.is_file() else types.ModuleType(name)

    def wanted(self, asked: Asked) -> Returned | Raised:
        """Return what the solution answers; an earlier call with the same encoded arguments is not made again."""
        if asked.key not in self._known:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            answer = self._known[asked.key] = self.answer(getattr(self.solution, asked.exercise), asked)
            if answer.seconds >= COSTLY and len(self._costly) < MAX_COSTLY:
                self._costly.append(copy.deepcopy(asked))
        return self._known[asked.key]

    def mistaken(self, mistake: Mistake, asked: Asked) -> Returned | Raised:
        """Return what a known mistake answers; where `try_mistakes` has asked it the same, it is not asked again."""
        known = self._known.get((mistake.function, asked.driver, asked.payload))
        return known or self.answer(getattr(self.mistakes, mistake.function), asked)

    def try_mistakes(self) -> None:
        """Ask the known mistakes what they answer to the costly ones of the calls that the solution has answered.

        That takes seconds, and saves them where many submissions fail: checks that draw nothing make the same calls
        for everybody. A mistake may keep something from one call to the next: such a one is asked in every run.
        """
        for mistake in self.lesson.mistakes:
            asked = [each for each in self._costly if each.exercise == mistake.exercise]
            # The first call once more in the end: who answers it differently has kept something.
            function = getattr(self.mistakes, mistake.function)
            answers = [self.answer(function, each) for each in (*asked, *asked[:1])]
            if asked and _is_same(answers[0], answers[-1]):
                keys = ((mistake.function, each.driver, each.payload) for each in asked)
                self._known.update(zip(keys, answers[:-1], strict=True))
        # What they have kept so far is nobody's: whoever needs them loads them anew.
        self.__dict__.pop("mistakes", None)

    def answer(self, function: Callable[..., Any], asked: Asked) -> Returned | Raised:
        """Call a trusted function the way the worker calls the student's, on copies of the arguments."""
        driver, args, kwargs = asked.driver, copy.deepcopy(asked.args), copy.deepcopy(asked.kwargs)
        started = time.process_time()
        try:
            value = (
                function(*args, **kwargs)
                if driver is None
                else getattr(self.drivers, driver)(function, *args, **kwargs)
            )
        except Exception as error:  # noqa: BLE001  a mistake may raise whatever the students' code raises
            return Raised(error, time.process_time() - started)
        else:
            return Returned(plain(_described(value)), time.process_time() - started)
        finally:
            _close_figures()


def _is_same(answer: Returned | Raised, other: Returned | Raised) -> bool:
    """Whether two answers are equal to the last bit."""
    if isinstance(answer, Returned) and isinstance(other, Returned):
        with contextlib.suppress(wire.WireError):
            return wire.encode(answer.value) == wire.encode(other.value)
    return isinstance(answer, Raised) and isinstance(other, Raised) and repr(answer.error) == repr(other.error)


def plain(value: Any) -> Any:
    """Return a value with subclasses of dict, list and tuple as these, which is how a student's value arrives."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return (list if isinstance(value, list) else tuple)(map(plain, value))
    return value


def _described(value: Any) -> Any:
    matplotlib_figure = sys.modules.get("matplotlib.figure")
    is_figure = matplotlib_figure is not None and isinstance(value, matplotlib_figure.Figure)
    return figure.describe(value) if is_figure else value


def _close_figures() -> None:
    """Close what a known mistake may have left open."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and pyplot.get_fignums():
        pyplot.close("all")


def load_module(path: Path, name: str) -> types.ModuleType:
    """Import a file of the course; raises Fault, for a course that does not load is never a student's zero."""
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise Fault(f"{path} is missing: the lesson cannot be graded without it.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise Fault(f"{path} does not load: {type(error).__name__}: {error}") from error
    return module
