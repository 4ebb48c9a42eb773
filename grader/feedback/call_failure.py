"""Why a call of a student's function gave no value, in the words that the student reads."""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.course.model import LESSON_NAME
from grader.course.solution import Exercise
from grader.course.submission import Source, Unreadable
from grader.course.unreadable import lookalikes, why_unparsable
from grader.sandbox.clock import Usage
from grader.sandbox.confinement import MIB, Limits
from grader.sandbox.outline import IN_MAIN
from grader.text import clean, counted, quoted, type_called
from grader.verdict import Frame, Status

MAX_TEXT = 2000
"""Characters of a text from the worker. It cuts them too, but then the student's code may have replaced that."""
MAX_ITEMS = 20
UNDER_MAIN = 'Put it under `if __name__ == "__main__":`, which the grader does not run.'
PYTHON = ".".join(map(str, sys.version_info[:2]))
"""The version that grades."""


@dataclass(frozen=True)
class Ending:
    """Why a call gave no value: what the student reads, and where it happened."""

    status: Status
    message: str
    frames: tuple[Frame, ...] = ()
    error: str = ""
    """The name of the exception's type where one was raised."""
    advice: str = ""
    """What is behind it, and the next step, where the message does not say it all."""
    output: str = ""
    """What the file printed before it could not be loaded."""
    kinds: tuple[str, ...] = ()
    """The names of all types that this exception belongs to."""

    def is_a(self, kind: type[BaseException]) -> bool:
        """Whether an exception of a kind was raised; what the student's own file defines is known by its name only."""
        return kind.__qualname__ in {name.rpartition(".")[2] for name in self.kinds}


class CallFailed(Exception):
    """The student's function gave no value, and another call might; Hypothesis looks for the smallest such call."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.message)
        self.ending = ending


class CallLost(BaseException):
    """The worker is lost, or there is nothing to call: no smaller example is worth another wait.

    Not an Exception: Hypothesis lets it pass instead of shrinking a hang.
    """

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.message)
        self.ending = ending


@dataclass(frozen=True)
class Standing:
    """What the worker says of an exercise that is in a file, or is not."""

    word: str = "missing"
    detail: str = ""
    lines: tuple[int, ...] = ()


def ending_of_standing(standing: Standing, exercise: Exercise, file: str) -> Ending | None:
    """Return why an exercise cannot be called, or None where it can."""
    name, detail, line = exercise.name, standing.detail, next(iter(standing.lines), 0)
    match standing.word:
        case "ready":
            return None
        case "todo":
            return Ending(Status.TODO, f"Still to do: write {name} in {file}.")
        case "not_callable":
            text = f"{name} in {file} is not a function: something of type {detail} has its name. Rename that."
        case "signature":
            needed = f"({', '.join(exercise.parameters)})"
            text = f"{name} in {file} takes {detail}, expected {needed}. Put the signature back as it was."
        case "stub_last":
            written, stub = (*standing.lines, 0, 0)[:2]
            text = (
                f"{file} defines {name} twice: your code begins at line {written}, and the stub stands again at line"
                f" {stub}. The last one counts. Delete the stub."
            )
        case "elsewhere":
            text = f"{file} defines {name} {_inside(detail, line)}"
        case "commented":
            text = f"{name} in {file} is a comment (line {line}). Remove the # before each of its lines."
        case "renamed":
            step = lookalikes(detail) or f"Rename it to {name}."
            text = f"{file} has no function {name}, and a function {detail} at line {line}. {step}"
        case _:
            text = f"{file} has no function {name}. Put its definition back, at the left margin and under this name."
    return Ending(Status.INVALID, text)


def _inside(where: str, line: int) -> str:
    """Return where a definition stands that the grader cannot reach, and the step."""
    if where == IN_MAIN:
        return (
            f'under `if __name__ == "__main__":` (line {line}), which the grader does not run. Move it above that line.'
        )
    if where.startswith(("class ", "function ")):
        return f"inside the {where} (line {line}). Move it out of there, to the left margin."
    return f"under `{where}` (line {line}), in a part that did not run. Move it out of there, to the left margin."


def ending_of_answer(answer: dict[str, Any], source: Source | Unreadable, limits: Limits) -> Ending:
    """Return what an answer without a value means; raises KeyError, TypeError or ValueError for a forged one."""
    match answer["end"]:
        case "refused":
            return Ending(Status.WRONG, f"What your function returned {text_of(answer['message'])}.")
        case "unparsable":
            return _unparsable(answer, source)
        case "raised":
            return _raised(answer, source.shown, limits)
        case _:
            raise ValueError("an unknown end")


def _unparsable(answer: dict[str, Any], source: Source | Unreadable) -> Ending:
    file, line, column = source.shown, number_of(answer["line"]), number_of(answer["column"])
    if answer["is_utf8"] is not True:
        text = f"{file} is not saved as UTF-8 (line {line}). Save it again with the encoding UTF-8."
        return Ending(Status.INVALID, text, error="UnicodeDecodeError")
    code, end_column = text_of(answer["text"]), number_of(answer["end_column"])
    indent = len(code) - len(code.lstrip())
    mark = (column - indent, max(1, end_column - column)) if indent < column <= len(code) + 1 else (0, 0)
    at_line = (Frame(file, line, "", code.strip(), *mark),) if line else ()
    where = f" (line {line}, column {column})" if line else ""
    message = text_of(answer["message"])
    text = source.content.decode(errors="replace").removeprefix("\ufeff") if isinstance(source, Source) else ""
    advice = why_unparsable(text, line, message)
    return Ending(Status.INVALID, f"Python {PYTHON} cannot read {file}{where}: {message}", at_line, advice=advice)


def _raised(answer: dict[str, Any], file: str, limits: Limits) -> Ending:
    frames = tuple(
        Frame(file, number_of(line), text_of(name), text_of(code)) for line, name, code in items_of(answer["frames"])
    )
    error, message = type_called(text_of(answer["type"])), text_of(answer["message"])
    if answer["is_exit"] is True:
        return _exited(frames, error)
    if answer["is_memory"] is True:
        text = (
            f"Your code ran out of memory: {limits.memory // 2**20} MiB is the limit. Does something grow in a"
            " loop, or is a shape far too large?"
        )
        if message:
            text += f" ({error}: {message})"
        return Ending(Status.CRASHED, text, frames, error)
    if answer["is_stub"] is True:
        what = message.removeprefix("TODO:").strip() or (frames[-1].function if frames else "")
        return Ending(Status.TODO, f"Still to do: {what} in {file}.", frames, error)
    text = f"{error}: {message}" if message else error
    suggestion = text_of(answer["suggestion"])
    if answer["is_left_over"] is True and frames:
        advice = (
            f"Your code runs into line {frames[-1].line}, where the stub raised NotImplementedError. Delete that line,"
            " or write what is still missing there."
        )
    else:
        advice = _advice(error, message, frames)
        advice = advice or (f"Did you mean {suggestion}?" if suggestion else "")
    kinds = tuple(text_of(name) for name in items_of(answer["kinds"]))
    return Ending(Status.RAISED, text, frames, error, advice, kinds=kinds)


def _exited(frames: Sequence[Frame], error: str) -> Ending:
    """Return what to say of code that has asked the program to end."""
    if not _is_loading(frames):
        text = "Your code ended the program (exit or SystemExit) instead of returning a value. Use `return`."
    elif "parse_" in frames[-1].code:
        text = f"Your file reads the command line while it is loaded, and the grader gives it none. {UNDER_MAIN}"
    else:
        text = f"Your file ends the program (exit or SystemExit) while it is loaded. {UNDER_MAIN}"
    return Ending(Status.CRASHED, text, tuple(frames), error)


def _is_loading(frames: Sequence[Frame]) -> bool:
    """Whether the outermost line of the student's stands outside of functions: it runs when the file is loaded."""
    return bool(frames) and frames[0].function == "<module>"


_ELSEWHERE_ONLY = {
    "google": "google.colab exists in Colab only. Delete the lines that use it.",
    "IPython": "IPython exists in notebooks only. Delete the lines that use it.",
}


_FORBIDDEN = (
    (r"EOFError: EOF when reading a line", "`input()` waits, and nothing can be typed while a file is graded."),
    (r"(\w+\.)*(URLError|gaierror|ConnectionError)\b", "The network cannot be reached while your file is graded."),
    (r"FileNotFoundError", "Your file is graded in an empty folder of its own."),
    (r"PermissionError", "Other files, processes and programs are out of reach while your file is graded."),
)
"""What code cannot do while it is graded, by the exception that it meets."""
_NO_GPU = re.compile(r"no NVIDIA driver|not compiled with CUDA|No CUDA GPUs|'(MPS|CUDA)' backend|for mps devices")
_IMPORTS = {
    "torch": "import torch",
    "Tensor": "from torch import Tensor",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
}
"""By name, the line that is missing where it is not defined; a notebook may have it in another cell."""


def _advice(error: str, message: str, frames: Sequence[Frame]) -> str:
    """Return the next step after an exception whose own message does not tell it; empty where nothing is known."""
    step = UNDER_MAIN if _is_loading(frames) else "Use the arguments of the function instead."
    for pattern, meaning in _FORBIDDEN:
        if re.match(pattern, f"{error}: {message}"):
            return f"{meaning} {step}"
    if error == "IndexError" and frames and "sys.argv" in frames[-1].code:
        return f"`sys.argv` holds the name of your file, and no arguments, while it is graded. {step}"
    if _NO_GPU.search(message):
        return 'This is graded without a GPU. Make your tensors on the device "cpu", which is the default.'
    return _advice_on_names(error, message)


def _advice_on_names(error: str, message: str) -> str:
    """Return the next step where a module or a name is not there; empty where nothing is known."""
    if (found := re.fullmatch(r"name '(\w+)' is not defined", message)) and found[1] in _IMPORTS:
        return f"Is this line missing at the top of your file? {_IMPORTS[found[1]]}"
    if error == "ImportError" and message.startswith("attempted relative import"):
        return _GRADED_ALONE
    if error == "ModuleNotFoundError" and (found := re.fullmatch(r"No module named '([\w.]+)'.*", message)):
        top = found[1].partition(".")[0]
        if top in _COURSE or LESSON_NAME.fullmatch(top):
            return _GRADED_ALONE
        return _ELSEWHERE_ONLY.get(top) or f"{top} is not installed where this is graded. Do without it."
    if found := re.match(r"cannot import name '(\w+)' from '(\w+)'|module '(\w+)' has no attribute '(\w+)'", message):
        name, module = found[1] or found[4], found[2] or found[3]
        if module in sys.stdlib_module_names:
            return f"Python {PYTHON} grades here, and its {module} has no {name}: it may have come with a newer one."
    if message == "name 'get_ipython' is not defined":
        return "get_ipython exists in notebooks only. Delete the lines that use it."
    return ""


_COURSE = frozenset({"exercises", "solutions", "lessons"})
_GRADED_ALONE = (
    "Each file is graded alone, without those of other lessons. Copy the function that you need into this file."
)


def cause_of_death(status: int, limits: Limits, *, was_running: bool, is_loading: bool = False) -> str:
    """Return what a wait status says about the end of a worker."""
    if was_running:
        return "Your code closed the channel to the grader, so no answer can arrive."
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGSEGV:
            return "Your code crashed the interpreter (segmentation fault); very deep recursion does that too."
        if number == signal.SIGXCPU:
            return f"Your code used up its {limits.cpu_seconds} seconds of processor time."
        if number == signal.SIGXFSZ:
            return f"Your code wrote a file of more than {limits.file // 2**20} MiB."
        with contextlib.suppress(ValueError):
            name = signal.Signals(number).name
            return f"Your code's process was killed by {name}; running out of memory does that too."
        return f"Your code's process was killed by signal {number}."
    code = os.WEXITSTATUS(status)
    if is_loading:
        return f"Your file ended its process (exit code {code}) while it was loaded. {UNDER_MAIN}"
    return f"Your code ended its process (exit code {code}) instead of returning a value."


def line_of_exit(source: Source | Unreadable) -> tuple[Frame, ...]:
    """Return the first line that ends a process at once, which leaves no traceback."""
    rows = source.content.decode(errors="replace").splitlines() if isinstance(source, Source) else []
    found = ((number, row.strip()[:200]) for number, row in enumerate(rows, 1) if re.match(r"[^#]*\b_exit\s*\(", row))
    return tuple(Frame(source.shown, number, "", row) for number, row in list(found)[:1])


def frames_of_dump(dump: str, source: Source | Unreadable) -> tuple[Frame, ...]:
    """Return the student's lines of a traceback as `faulthandler` writes it, the innermost last."""
    rows = source.content.decode(errors="replace").splitlines() if isinstance(source, Source) else []
    file = source.shown.encode("ascii", "backslashreplace").decode()
    found = re.findall(rf'^  File "{re.escape(file)}", line (\d{{1,7}}) in (.{{1,100}})$', dump, re.MULTILINE)
    frames = [
        Frame(source.shown, int(line), name, rows[int(line) - 1].strip()[:200])
        for line, name in reversed(found)
        if 0 < int(line) <= len(rows)
    ]
    return tuple(frames[:3] + frames[3:][-5:])


def timed_out(
    usage: Usage, limit: float, output: str, frames: tuple[Frame, ...], *, is_loading: bool = False
) -> Ending:
    """Return how a call ended that has used all of its limit twice: in its turn, and alone in a fresh worker."""
    what = "Your file did not finish loading" if is_loading else "The call did not return"
    kind, question = _kind_of(usage)
    if is_loading and frames and re.match(r"(import|from)\s", frames[-1].code):
        step = "This import takes too long: move it into the function that needs it."
    elif is_loading:
        step = f"{question} What stands outside of functions runs when the file is loaded. {UNDER_MAIN}"
    else:
        step = question
    text = (
        f"{what}: it was stopped after {_seconds(usage.total)} {kind}, and its limit is {_seconds(limit)}. Run again,"
        f" alone, it was stopped as well. {step}"
    )
    return Ending(Status.TIMEOUT, text + last_words(output), frames)


def budget_used_up(usage: Usage, calls: int, limit: float) -> Ending:
    """Return how an exercise ended whose calls have used all that they may use together."""
    kind, _ = _kind_of(usage)
    text = (
        f"The calls of this exercise may use {_seconds(limit)} together, and that is used up: {counted(calls, 'call')}"
        f" took {_seconds(usage.total / max(1, calls))} {kind} each, on average. Make each of them faster."
    )
    return Ending(Status.TIMEOUT, text)


def _kind_of(usage: Usage) -> tuple[str, str]:
    """Return what most of a usage was, and the question that this raises about a call that does not return."""
    if usage.slept > usage.processor:
        return "of sleep", "Does it wait for something, as `time.sleep` or a lock does?"
    return ("of processor time" if usage.processor else ""), "Is there a loop that never ends?"


def _seconds(number: float) -> str:
    text = f"{number:.2g}"
    return f"{text} second{'' if text == '1' else 's'}"


def unread(limits: Limits) -> Ending:
    """Return how a call ended whose value the check process could not look at."""
    text = (
        f"The check process ended while it looked at what your function returned. It may use"
        f" {limits.check_memory // MIB:,} MiB of memory and {limits.check_seconds} seconds of processor time. Is the"
        " value far too large? Print its type and its shape."
    )
    return Ending(Status.CRASHED, text)


def last_words(output: str) -> str:
    """Return what was printed before the end, to be put behind a message."""
    text = output.strip()
    return f"\nBefore that it printed:{quoted(chr(10) + text[-500:])}" if text else ""


def standing_of(found: Any) -> Standing:
    """Return what the worker says of an exercise; whatever is not of that form is missing."""
    try:
        word, detail, *lines = found
        return Standing(text_of(word), clean(text_of(detail)), tuple(number_of(line) for line in lines[:2]))
    except (TypeError, ValueError):
        return Standing()


def text_of(value: Any) -> str:
    """Return a text of an answer, cut, and quoted line by line; raises TypeError where it is none."""
    if type(value) is not str:
        raise TypeError("a text is no text")
    return quoted(value[:MAX_TEXT])


def number_of(value: Any) -> int:
    """Return a small number of an answer; raises TypeError where it is none."""
    if type(value) is not int or not 0 <= value < 2**31:
        raise TypeError("a number is no number")
    return value


def items_of(value: Any) -> list[Any]:
    """Return a short list of an answer; raises TypeError where it is none."""
    if type(value) is not list or len(value) > MAX_ITEMS:
        raise TypeError("a list is no list")
    return value
