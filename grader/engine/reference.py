"""The course's own, trusted functions: a lesson's solution and drivers, loaded by path."""

import contextlib
import importlib.util
import inspect
import math
import random
import sys
import time
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.random.mtrand import get_bit_generator, set_bit_generator
from torch import Tensor

from grader.course.exercise_file import Prediction
from grader.course.model import Lesson
from grader.errors import Fault, GraderError
from grader.feedback.call_failure import Ending
from grader.sandbox import arrays, figure, wire
from grader.sandbox.recorder import Recorder
from grader.sandbox.worker import CODE, SEED, run_code, seed_generators

MAX_KNOWN = 5000
"""Answers of the solution that are kept: a lesson asks for up to some 1,500."""
COSTLY = 0.005
"""CPU seconds from which a call of the solution, usually a plot, is too costly to repeat for every known mistake."""
MAX_COSTLY = 50
FEW = 32
"""Entries of a tensor that Python's own floats handle faster than torch does."""

Key = tuple[str, str | None, bytes]
"""An exercise, a driver, and the encoded arguments."""
_PLAIN = frozenset({float, int, bool, str})
_BITS = np.random.MT19937(0)
"""NumPy's global bit generator while a trusted function runs: swapping it is far faster than restoring its state."""


class Unanswerable(Exception):
    """The course has no answer to a call that a check makes.

    This is a fault of the course, unless a value that the student's function returned led to the call: `blame` decides.
    """


def few_numbers(value: Tensor) -> list[Any] | None:
    """Return the entries of a small tensor: Python computes with them faster than with tensors."""
    return value.detach().flatten().tolist() if value.numel() <= FEW else None


def largest_float(value: Any) -> float:
    """Return the size of the largest finite float in a value, or 0."""
    if isinstance(value, Tensor):
        if not value.is_floating_point():
            return 0.0
        few = few_numbers(value)
        if few is None:
            return float(value.detach().abs().nan_to_num(0.0, 0.0, 0.0).max())
        value = few
    if isinstance(value, float):
        return abs(value) if math.isfinite(value) else 0.0
    if isinstance(value, (list, tuple)):
        return max(map(largest_float, value), default=0.0)
    return max(map(largest_float, value.values()), default=0.0) if isinstance(value, dict) else 0.0


@dataclass(frozen=True)
class Returned:
    """A trusted function returned a value."""

    value: Any
    """What the feedback computes with: arrays are tensors here."""
    seconds: float = 0.0
    """CPU time used."""
    lines: int = 0
    """Lines of the solution that ran, and Python functions of libraries that it called.

    They hardly differ between two calls with the same arguments, as times do.
    """
    with_arrays: Any = None
    """The value itself if it holds arrays."""

    @classmethod
    def of(cls, value: Any, seconds: float = 0.0, lines: int = 0) -> Self:
        """Return an answer with this value."""
        return cls(arrays.tensors_of(value), seconds, lines, value if arrays.has_arrays(value) else None)

    @property
    def raw(self) -> Any:
        """The value itself."""
        return self.value if self.with_arrays is None else self.with_arrays


@dataclass(frozen=True)
class Raised:
    """A trusted function raised, or has no answer: then the error is `Unanswerable`."""

    error: BaseException
    seconds: float = 0.0


@dataclass(frozen=True)
class Asked:
    """A call to make: of the student's function, of the solution or of a known mistake."""

    exercise: str
    driver: str | None
    args: tuple[Any, ...]
    """What the feedback computes with: arrays are tensors here."""
    kwargs: dict[str, Any]
    payload: bytes
    """The encoded arguments, as the function gets them."""
    has_arrays: bool = field(default=False, kw_only=True)
    """Whether the function gets arrays."""

    @classmethod
    def of(
        cls,
        exercise: str,
        driver: str | None,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        like: "Asked | None" = None,
    ) -> Self:
        """Return a call of a check, or one ``like`` another; raises Unanswerable if its arguments cannot be sent."""
        given = (args, kwargs)
        if like is not None and like.has_arrays:
            given = arrays.arrays_of(given)
        try:
            payload = wire.encode(list(given))
        except wire.WireError as error:
            raise Unanswerable(f"the check passes {exercise} an argument that {error}") from error
        args, kwargs = arrays.tensors_of(given)
        return cls(exercise, driver, args, kwargs, payload, has_arrays=arrays.has_arrays(given))

    @property
    def given(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments as the function gets them."""
        if not self.has_arrays:
            return self.args, self.kwargs
        args, kwargs = wire.decode(self.payload)
        return args, kwargs

    @property
    def key(self) -> Key:
        """What identifies the call."""
        return self.exercise, self.driver, self.payload

    @cached_property
    def size(self) -> float:
        """The largest finite float in the arguments."""
        return largest_float((self.args, self.kwargs))


@dataclass(frozen=True)
class Reference:
    """The answers of a lesson's own files."""

    lesson: Lesson
    costly: list[Asked] = field(default_factory=list)
    """Calls that took the solution long."""
    mistaken: dict[Key, Returned | Ending] = field(default_factory=dict)
    """Answers of known mistakes that `mistake_worker` has precomputed; the keys name the mistake's function."""
    keep_state: dict[str, bool] = field(default_factory=dict)
    """By label: whether a known mistake keeps something between calls, as `mistake_worker` has found."""
    _known: dict[Key, Returned | Raised] = field(default_factory=dict)
    """Cached answers of the solution: several checks make the same call."""

    @cached_property
    def solution(self) -> types.ModuleType:
        """The loaded solution."""
        if any(name.startswith("matplotlib") for name in self.lesson.imports):
            figure.record_meshes()
        return load_module(self.lesson.solution, f"solutions.{self.lesson.name}")

    @cached_property
    def modules(self) -> dict[str, types.ModuleType]:
        """The loaded `.py` of each exercise."""
        return load_exercises(self.lesson)

    def picture(self, exercise: str) -> Callable[..., None] | None:
        """Return the function that adds to an exercise's picture, if it has one."""
        name = self.lesson.files[exercise].picture
        add: Callable[..., None] | None = getattr(self.modules[exercise], name) if name else None
        return add

    def predicted(self, prediction: Prediction, function: Callable[[str], Any] | None = None) -> Any:
        """Return what a prediction shows for the solution; raises whatever its assertions raise.

        With ``function``, which returns the function of a name, it shows that for others.
        """
        ask = getattr(self.modules[prediction.exercise], prediction.name)
        of = function or partial(getattr, self.solution)
        return ask(**{name: of(name) for name in inspect.signature(ask).parameters})

    def wanted(self, asked: Asked) -> Returned | Raised:
        """Return the solution's answer, cached by the encoded arguments."""
        if asked.key not in self._known:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            answer = self._known[asked.key] = self._answer(asked)
            if answer.seconds >= COSTLY and len(self.costly) < MAX_COSTLY:
                args, kwargs = wire.decode(asked.payload)
                self.costly.append(Asked.of(asked.exercise, asked.driver, args, kwargs))
        return self._known[asked.key]

    def parameters(self, exercise: str, driver: str | None) -> tuple[str, ...]:
        """Return the parameter names of a call: the exercise's or a driver's."""
        if driver is None:
            return self.lesson.exercise(exercise).parameters
        if driver == CODE:
            return ("code",)
        return tuple(inspect.signature(getattr(self.modules[exercise], driver)).parameters)[1:]

    def answer_once(self, asked: Asked, seed: int = SEED) -> Returned | Raised:
        """Return the solution's answer to a call that no check makes, without caching it."""
        return self._answer(asked, seed)

    def trace(self, asked: Asked, heads: list[list[int]]) -> list[Any]:
        """Return how the locals of the solution's function change in a call."""
        with Recorder(str(self.solution.__file__), asked.exercise, heads) as recorder:
            self._answer(asked)
        return recorder.record

    def answer_with(self, asked: Asked, others: Mapping[str, Callable[..., Any]]) -> Returned | Raised:
        """Return the solution's answer where it calls these functions in the place of its own."""
        names = vars(self.solution)
        own = {name: names[name] for name in others}
        names.update(others)
        try:
            return self._answer(asked)
        finally:
            names.update(own)

    def _answer(self, asked: Asked, seed: int = SEED) -> Returned | Raised:
        """Call the solution as the worker calls the student's function; its value crosses the wire too."""
        function, started = getattr(self.solution, asked.exercise), time.process_time()
        try:
            args, kwargs = wire.decode(asked.payload)
            _require_data((args, kwargs), f"the check passes {asked.exercise} an argument that")
            call = function if asked.driver is None else self._driver(asked.exercise, asked.driver, function)
            with _seeded(seed), _Lines(str(self.solution.__file__)) as counted:
                value = call(*args, **kwargs)
            value = _described(value)
            try:
                value = wire.decode(wire.encode(value))
            except wire.WireError as error:
                raise Unanswerable(f"the solution of {asked.exercise} returns a value that {error}") from error
            _require_data(value, f"the solution of {asked.exercise} returns a value that")
        except GraderError:
            raise  # a file of the course that does not load
        except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it raises is its answer
            return Raised(error, time.process_time() - started)
        else:
            return Returned.of(value, time.process_time() - started, counted.lines)
        finally:
            _close_figures()

    def _driver(self, exercise: str, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        if name == CODE:
            return partial(run_code, exercise, function)
        file = self.lesson.files[exercise]
        if name not in file.drivers:
            problem = f"the check drives {exercise} with {name!r}, which is not a @driver in {file.module.file}"
            raise Unanswerable(problem)
        return partial(getattr(self.modules[exercise], name), function)


def _require_data(value: Any, subject: str) -> None:
    """Raise Unanswerable if a value that has crossed the wire was not data; ``subject`` starts the message."""
    kind = type(value)
    if kind is wire.Opaque:
        raise Unanswerable(f"{subject} is not data: {value.kind}")
    if kind in (list, tuple) and not _PLAIN.issuperset(map(type, value)):
        for part in value:
            _require_data(part, subject)
    elif kind is dict:
        for part in value.values():
            _require_data(part, subject)


@contextlib.contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed the global generators as for a call of a student's function, and restore them afterwards."""
    of_torch, of_python = torch.default_generator.get_state(), random.getstate()
    of_numpy = get_bit_generator()
    set_bit_generator(_BITS)
    seed_generators(seed)
    try:
        yield
    finally:
        torch.default_generator.set_state(of_torch)
        random.setstate(of_python)
        set_bit_generator(of_numpy)


class _Lines:
    """Counts the lines of one file that run while it is entered as a context, and each call of another file's function.

    Imports do not count: only the first call of a process makes them.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines = 0
        self._imports = 0

    def __enter__(self) -> Self:
        self._before = sys.gettrace()
        if self._before is None:  # else a debugger or a recorder follows the call
            sys.settrace(self._on_call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)

    def _on_call(self, frame: types.FrameType, *_: Any) -> Any:
        code = frame.f_code
        if code.co_filename == self.file:
            return self._on_line
        if code.co_name == "_find_and_load" and code.co_filename.startswith("<frozen importlib"):
            self._imports += 1
            return self._in_import
        self.lines += not self._imports
        return None

    def _on_line(self, *_: Any) -> Any:
        self.lines += 1
        return self._on_line

    def _in_import(self, _: types.FrameType, event: str, __: Any) -> Any:
        self._imports -= event == "return"
        return self._in_import


def _described(value: Any) -> Any:
    matplotlib_figure = sys.modules.get("matplotlib.figure")
    is_figure = matplotlib_figure is not None and isinstance(value, matplotlib_figure.Figure)
    return figure.describe(value) if is_figure else value


def _close_figures() -> None:
    """Close figures that the solution left open."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and pyplot.get_fignums():
        pyplot.close("all")


def load_module(path: Path, name: str) -> types.ModuleType:
    """Import a file of the course; raises Fault, so that a broken course never costs a student points."""
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


def load_exercises(lesson: Lesson) -> dict[str, types.ModuleType]:
    """Import every exercise's `.py` afresh, as a package with the lesson's `shared`; raises Fault as `load_module`."""
    package = f"lessons.{lesson.name}"
    for name in [each for each in sys.modules if each == package or each.startswith(f"{package}.")]:
        del sys.modules[name]
    sys.modules.setdefault("lessons", types.ModuleType("lessons"))
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = [str(lesson.folder)]
    return {name: load_module(lesson.code(name), f"{package}.{name}") for name in lesson.files}
