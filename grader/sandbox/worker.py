"""The confined process in which a student's code runs; requests over the wire say what to call.

It is forked from the zygote and holds nothing worth finding: no solution, no check, no secret. Everything that leaves
it is data, judged elsewhere. Of the grader it imports wire, arrays, figure, outline, recorder,
confinement, readable and errors only.
"""

import ast
import contextlib
import difflib
import faulthandler
import functools
import gc
import io
import linecache
import os
import random
import re
import signal
import socket
import sys
import tempfile
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import torch

from grader.sandbox import confinement, figure, outline, wire
from grader.sandbox.outline import Outline
from grader.sandbox.recorder import Recorder

SEED = 20_250_615
"""The seed of the global generators at the start of every call."""
MAX_TEXT = 2000
"""Characters of an exception's message that are sent."""
MAX_KINDS = 20
"""Types of an exception that are sent."""
MAX_NAMES = 500
"""Functions of a file that are searched for a renamed exercise."""
SIMILAR = 0.75
"""The similarity, by `difflib`, from which one name is taken for another."""
_CHANNEL = 3
CODE = "<code>"
"""The driver of every exercise that runs lines of Python, `run_code`; no function can have this name."""


def run(channel: int, output: int, scratch: str, limits: confinement.Limits, *, confined: bool) -> NoReturn:
    """Become a worker: called in the forked child with its ends of the channel and the output pipe."""
    confinement.die_with_parent()
    _take_descriptors(channel, output)
    os.chdir(scratch)
    os.environ.clear()
    os.environ.update({"TMPDIR": scratch, "HOME": scratch, "MPLBACKEND": "Agg"})
    tempfile.tempdir = scratch  # the zygote may have cached another one
    # Student code can import installed packages, but nothing from the course.
    prefixes = tuple({sys.prefix, sys.base_prefix})
    sys.path[:] = [entry for entry in sys.path if entry.startswith(prefixes)]
    confinement.set_limits(limits)
    if confined:
        confinement.confine(scratch)
    for descriptor, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = io.FileIO(descriptor, mode, closefd=False)
        text = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", write_through=True)
        setattr(sys, name, text)
        setattr(sys, f"__{name}__", text)
    # A returned coroutine is refused with a better message, and this warning quotes our file.
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    gc.enable()
    _serve(socket.socket(fileno=_CHANNEL))
    os._exit(0)


def _take_descriptors(channel: int, output: int) -> None:
    """Keep standard input (empty), output, errors and the channel; close every other descriptor."""
    null = os.open(os.devnull, os.O_RDONLY)
    high = [os.dup(descriptor) for descriptor in (null, output, output, channel)]
    base = max(high) + 1
    high = [_duplicate_above(base, descriptor) for descriptor in high]
    for number, descriptor in enumerate(high):
        os.dup2(descriptor, number)
    os.closerange(_CHANNEL + 1, os.sysconf("SC_OPEN_MAX") if sys.platform != "linux" else 1 << 20)


def _duplicate_above(base: int, descriptor: int) -> int:
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, base)


def _serve(channel: socket.socket) -> None:
    """Answer requests until the channel closes."""
    # Bound before any student code runs, so that patching a module harms only the student.
    receive, send, encode, decode = wire.receive, wire.send, wire.encode, wire.decode
    submission: Submission | None = None
    # Tells the grader that the process is confined: whatever ends it from here on is the student's code.
    send(channel, encode({"id": 0, "end": "ready"}))
    while (document := receive(channel)) is not None:
        request = decode(document)
        if request["do"] == "load":
            submission, answer = load(request)
        else:
            answer = {"end": "invalid"} if submission is None else submission.answer(request)
        _flush()
        send(channel, encode({**answer, "id": request["id"]}, wire.MAX_FRAME))


@dataclass(frozen=True)
class Settings:
    """The global state of torch that a function must leave unchanged."""

    dtype: torch.dtype
    grad: bool
    threads: int
    device: torch.device | None
    seed: int

    @classmethod
    def now(cls) -> "Settings":
        """Return the current state."""
        return cls(
            torch.get_default_dtype(),
            torch.is_grad_enabled(),
            torch.get_num_threads(),
            _default_device(),
            # It changes when a seed is set, not when a number is drawn.
            torch.initial_seed(),
        )

    def restore(self, later: "Settings") -> None:
        """Restore everything but the seed that differs in ``later``."""
        if later.dtype != self.dtype:
            torch.set_default_dtype(self.dtype)
        if later.grad != self.grad:
            torch.set_grad_enabled(self.grad)
        if later.threads != self.threads:
            torch.set_num_threads(self.threads)
        if later.device != self.device:
            torch.set_default_device(self.device)

    @property
    def plain(self) -> list[Any]:
        """The fields as plain data, in order."""
        return [str(self.dtype), self.grad, self.threads, str(self.device), self.seed]


def _default_device() -> torch.device | None:
    """Return the default device of torch, or None if this machine lacks it."""
    try:
        return torch.get_default_device()
    except (RuntimeError, AssertionError):  # AssertionError: a CPU-only build of torch
        return None


@dataclass(frozen=True)
class Submission:
    """A student's loaded module, with the sources of the drivers beside it."""

    file: str
    module: types.ModuleType
    outline: Outline
    driver_sources: dict[str, str]
    """By exercise, for those that have drivers."""
    _drivers: dict[str, types.ModuleType] = field(default_factory=dict)

    def driver(self, exercise: str, name: str) -> Callable[..., Any]:
        """Return a driver of an exercise; its source runs at the first call, which many submissions never reach."""
        if exercise not in self._drivers:
            drivers = self._drivers[exercise] = types.ModuleType("drivers")
            code = compile(self.driver_sources[exercise], "<drivers>", "exec", dont_inherit=True)
            exec(code, drivers.__dict__)  # noqa: S102  the lesson's own code
        found: Callable[..., Any] = getattr(self._drivers[exercise], name)
        return found

    @functools.cached_property
    def loaded(self) -> Settings:
        """The settings at the start of every call: those left by loading the student's file."""
        return Settings.now()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer a request to call a function, to trace such a call, or to make several calls."""
        if request["do"] == "calls":
            return {"end": "answered", "answers": self.calls(request)}
        if request["do"] != "trace":
            return self.call(request)
        with Recorder(self.file, request["name"], request["heads"]) as recorder:
            answer = self.call(request)
        return {**answer, "trace": recorder.record}

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Call one function and return how it ended, as data."""
        function = self.module.__dict__.get(request["name"])
        arguments, keywords = wire.decode(request["payload"])
        seed_generators(request.get("seed", SEED))
        loaded = self.loaded
        try:
            value = self._callable(function, request)(*arguments, **keywords)
            document = wire.encode(_without_figures(value))
        except wire.WireError as error:
            return {"end": "refused", "message": str(error)}
        except BaseException as error:  # noqa: BLE001  anything a student raises is an answer
            return _raised(error, self.file, self.outline)
        finally:
            ended = Settings.now()
            loaded.restore(ended)
        return {
            "end": "returned",
            "value": document,
            "arguments": _arguments_after(request["payload"], arguments, keywords, wire.MAX_VALUE - len(document)),
            "settings": [loaded.plain, ended.plain],
            "open_figures": _close_figures(),
        }

    def calls(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """Make calls and return how they ended, as many as fit into one answer."""
        answers: list[dict[str, Any]] = []
        room = wire.MAX_VALUE // 2
        for name, exercise, driver, number in request["calls"]:
            payload = request["payloads"][number]
            answer = self.call({"name": name, "exercise": exercise, "driver": driver, "payload": payload})
            room -= len(wire.encode(answer, wire.MAX_FRAME))
            if room < 0:
                break
            answers.append(answer)
        return answers

    def _callable(self, function: Any, request: dict[str, Any]) -> Callable[..., Any]:
        if request["driver"] is None:
            chosen: Callable[..., Any] = function
            return chosen
        if request["driver"] == CODE:
            return functools.partial(run_code, request["exercise"], function)
        return functools.partial(self.driver(request["exercise"], request["driver"]), function)


def run_code(name: str, exercise: Any, code: str, /, **values: Any) -> Any:
    """Run lines of Python that know an exercise, torch, np and some values; return that of the last line."""
    names = {"torch": torch, "np": np, **values, name: exercise}
    *before, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        raise TypeError("the last line must be an expression")
    exec(compile(ast.Module(before, []), "<check>", "exec", dont_inherit=True), names)  # noqa: S102  a check's lines
    return eval(compile(ast.Expression(last.value), "<check>", "eval", dont_inherit=True), names)  # noqa: S307  the same


def load(request: dict[str, Any]) -> tuple[Submission | None, dict[str, Any]]:
    """Run a student's file and report for each exercise whether it can be called."""
    source, file = request["source"], request["file"]
    module = types.ModuleType(request["module"])
    module.__file__ = file
    sys.modules[request["module"]] = module
    sys.argv = [os.path.basename(file)]
    lines = source.decode("utf-8", errors="replace").splitlines(keepends=True)
    linecache.cache[file] = (len(source), None, lines, file)
    # With this signal the grader asks where the code is, before it kills the worker.
    faulthandler.register(signal.SIGUSR1, file=2, all_threads=False)
    torch.compile = _not_compiled
    try:
        tree = outline.parse(source, file)
        code = compile(tree, file, "exec", dont_inherit=True)
        found = outline.read(tree, request["starters"])
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        return None, _unparsable(error, source)
    seed_generators()
    try:
        exec(code, module.__dict__)  # noqa: S102  this is what the worker is for
    except BaseException as error:  # noqa: BLE001  anything a student raises is an answer
        return None, _raised(error, file, found)
    names = frozenset(name for name, _ in request["exercises"])
    standings = {
        name: _standing(module, name, arity, found) or _misplaced(module, name, names, found, lines)
        for name, arity in request["exercises"]
    }
    _close_figures()
    return Submission(file, module, found, request["drivers"]), {"end": "loaded", "exercises": standings}


def _not_compiled(model: Any = None, **_: Any) -> Any:
    """Return a model uncompiled: a worker cannot start a compiler, and the values are the same."""
    return model if model is not None else lambda model: model


def _arguments_after(
    payload: bytes, arguments: tuple[Any, ...], keywords: dict[str, Any], room: int
) -> list[bytes | None]:
    """Return the encoding of each argument that changed, and None for the others; an empty list if none changed.

    One that is no longer plain data, or exceeds the remaining ``room``, is sent as empty bytes. Usually one comparison
    shows that none changed.
    """
    if _encoding([arguments, keywords]) == payload:
        return []
    before, named = wire.decode(payload)
    changed: list[bytes | None] = []
    for old, new in zip([*before, *named.values()], [*arguments, *keywords.values()], strict=True):
        document = _encoding(new)
        if document == _encoding(old):
            changed.append(None)
            continue
        room -= len(document)
        changed.append(document if room >= 0 else b"")
    return changed


def _encoding(value: Any) -> bytes:
    try:
        return wire.encode(value)
    except wire.WireError:
        return b""  # no longer plain data, so it has changed


def _standing(module: types.ModuleType, name: str, arity: int, found: Outline) -> list[Any]:
    """Return the state of an exercise: a word, a detail, and the lines of the file concerned.

    The word is ``ready``, ``todo``, ``stub_last``, ``elsewhere``, ``not_callable`` or ``signature``; the list
    is empty if the module has no such name.
    """
    function = module.__dict__.get(name, module)
    here = found.of_the_module(name)
    written = [each.line for each in here if not each.is_stub]
    if function is module:
        return []
    if here and here[-1].is_stub and _is_defined_by(function, here[-1]):
        if written:
            return ["stub_last", "", written[-1], here[-1].line]
        # A class may have an unrelated method of that name.
        others = (each for each in found.elsewhere(name) if not each.where.startswith("class"))
        inside = next(others, None)
        return ["todo", ""] if inside is None else ["elsewhere", inside.where, inside.line]
    if not callable(function):
        return ["not_callable", wire.type_name(type(function))]
    import inspect

    again = written[-2:] if len(written) > 1 else []
    try:
        signature = inspect.signature(function)
    except BaseException:  # noqa: BLE001  a false __signature__ does not matter: the call decides
        return ["ready", "", *again]
    try:
        signature.bind(*range(arity))
    except TypeError:
        return ["signature", str(signature)[:200]]
    return ["ready", "", *again]


def _is_defined_by(function: Any, definition: outline.Definition) -> bool:
    """Whether a name of the module still refers to its definition, and not to something assigned later.

    Assumed of a decorated definition, whose result cannot be recognised.
    """
    if definition.is_decorated or type(function) is not types.FunctionType:
        return definition.is_decorated or isinstance(function, type)
    return function.__code__.co_firstlineno == definition.line


def _misplaced(
    module: types.ModuleType, name: str, exercises: frozenset[str], found: Outline, lines: list[str]
) -> list[Any]:
    """Return where the code of an exercise may be that the module lacks.

    The word is ``elsewhere``, ``commented``, ``renamed`` or ``missing``.
    """
    if elsewhere := found.elsewhere(name):
        return ["elsewhere", elsewhere[-1].where, elsewhere[-1].line]
    comment = re.compile(rf"\s*#[#\s]*(async +)?(def|class) +{re.escape(name)}\b")
    for number, line in enumerate(lines, start=1):
        if comment.match(line):
            return ["commented", "", number]
    others = [other for other in found.definitions if other in module.__dict__ and other not in exercises][:MAX_NAMES]
    if similar := difflib.get_close_matches(name, others, 1, SIMILAR):
        return ["renamed", similar[0][:100], found.definitions[similar[0]][-1].line]
    return ["missing", ""]


def _unparsable(error: BaseException, source: bytes) -> dict[str, Any]:
    """Return where and why the file cannot be parsed."""
    line, column, end_column, text = 0, 0, 0, ""
    message = _message(error)
    if isinstance(error, SyntaxError):
        # An encoding error has column -1.
        line, column = max(0, error.lineno or 0), max(0, error.offset or 0)
        end_column = max(0, error.end_offset or 0) if error.end_lineno in (None, error.lineno) else 0
        text = (error.text or linecache.getline(error.filename or "", line)).rstrip("\r\n")[:200]
        message = str(error.msg)[:MAX_TEXT]
    try:
        source.decode("utf-8")
        is_utf8 = True
    except UnicodeDecodeError as decoding:
        is_utf8, line = False, source[: decoding.start].count(b"\n") + 1
    return {
        "end": "unparsable",
        "message": f"{type(error).__name__}: {message}",
        "line": line,
        "column": column,
        "end_column": end_column,
        "text": text,
        "is_utf8": is_utf8,
    }


def _raised(error: BaseException, file: str, found: Outline) -> dict[str, Any]:
    """Return an exception as data: its type, its message, and the student's frames."""
    frames = []
    traceback = BaseException.__getattribute__(error, "__traceback__")
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename == file:
            frames.append(
                [traceback.tb_lineno, code.co_name, linecache.getline(file, traceback.tb_lineno).strip()[:200]]
            )
        traceback = traceback.tb_next
    message = _message(error)
    is_todo = isinstance(error, NotImplementedError)
    is_memory = isinstance(error, MemoryError) or "can't allocate memory" in message or "not enough memory" in message
    return {
        "end": "raised",
        "type": wire.type_name(type(error)),
        # From `type` itself: a metaclass may have a property of this name.
        "kinds": [wire.type_name(kind) for kind in type.__dict__["__mro__"].__get__(type(error))[:MAX_KINDS]],
        "message": message,
        # Endless recursion has a thousand frames; the first and last ones suffice.
        "frames": [[line, name[:100], text] for line, name, text in (frames[:3] + frames[3:][-5:])],
        "is_exit": isinstance(error, SystemExit),
        "is_memory": is_memory,
        # Raised on a stub line, the function is unwritten; left over, written code reached the stub's TODO.
        "is_stub": is_todo and bool(frames) and frames[-1][0] in found.stub_lines,
        "is_left_over": is_todo and message.startswith("TODO"),
        "suggestion": _suggestion(error),
    }


def _suggestion(error: BaseException) -> str:
    """Return the name most similar to the missing one, or an empty string; Python 3.11 does not expose its own guess.

    The student's objects may make this fail, which only costs the student the suggestion.
    """
    with contextlib.suppress(BaseException):
        if type(error) is NameError and (traceback := error.__traceback__) is not None:
            while traceback.tb_next is not None:
                traceback = traceback.tb_next
            frame = traceback.tb_frame
            names = {*frame.f_locals, *frame.f_globals, *frame.f_builtins}
        elif type(error) is AttributeError:
            names = set(dir(error.obj))
        else:
            return ""
        if type(error.name) is str:
            known = sorted(each for each in names if type(each) is str and not each.startswith("_"))
            return next(iter(difflib.get_close_matches(error.name, known, 1, SIMILAR)), "")[:100]
    return ""


def _message(error: BaseException) -> str:
    try:
        text = str(error)
        return text[:MAX_TEXT] if type(text) is str else "(its message is not a string)"
    except BaseException:  # noqa: BLE001  __str__ is the student's code too
        return "(its message cannot be read)"


def _without_figures(value: Any) -> Any:
    """Return a matplotlib figure described as data, any other value as is; figures in containers stay opaque."""
    matplotlib_figure = sys.modules.get("matplotlib.figure")
    if matplotlib_figure is not None and isinstance(value, matplotlib_figure.Figure):
        return figure.describe(value)
    return value


def _close_figures() -> int:
    """Close all open matplotlib figures and return how many there were."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return 0
    number = len(pyplot.get_fignums())
    if number:
        pyplot.close("all")
    return number


def seed_generators(seed: int = SEED) -> None:
    """Seed the global generators of torch, Python and NumPy."""
    # Not torch.manual_seed: it queues a call for every kind of accelerator, which takes longer than most exercises.
    torch.default_generator.manual_seed(seed)
    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        # The student may have closed the stream, or replaced it with one that raises anything.
        with contextlib.suppress(BaseException):
            stream.flush()
