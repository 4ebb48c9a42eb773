"""Why a call of a student's function returned no value, in the words that the student reads."""

import contextlib
import os
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.course.solution import Exercise
from grader.course.submission import Source, Unreadable
from grader.course.unreadable import lookalikes, why_unparsable
from grader.feedback.exceptions import PYTHON, advice, out_of_reach
from grader.sandbox import outline
from grader.sandbox.clock import Usage
from grader.sandbox.confinement import MIB, Limits
from grader.sandbox.outline import IN_MAIN
from grader.text import clean, counted, quoted, type_called
from grader.verdict import Frame, Status

MAX_TEXT = 2000
"""Characters of a string from the worker. The worker cuts them too, but student code may have replaced that."""
MAX_ITEMS = 20
UNDER_MAIN = 'Put it under `if __name__ == "__main__":`, which the grader does not run.'


@dataclass(frozen=True)
class Ending:
    """Why a call returned no value: what the student reads, and where it happened."""

    status: Status
    message: str
    frames: tuple[Frame, ...] = ()
    error: str = ""
    """The name of the exception's type, if one was raised."""
    advice: str = ""
    """The cause and the next step, where the message does not tell them."""
    output: str = ""
    """What the file printed before its loading failed."""
    kinds: tuple[str, ...] = ()
    """The names of the exception's type and its base classes."""

    def is_a(self, kind: type[BaseException]) -> bool:
        """Whether an exception of this type was raised, compared by name: the type itself stays in the worker."""
        return kind.__qualname__ in {name.rpartition(".")[2] for name in self.kinds}


class CallFailed(Exception):
    """The student's function returned no value, but other calls may; Hypothesis looks for the smallest failing call."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.message)
        self.ending = ending


class CallLost(BaseException):
    """The worker is lost, or the function cannot be called: a smaller example would not be worth the wait.

    Not an Exception, so that Hypothesis does not shrink a hang.
    """

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.message)
        self.ending = ending


@dataclass(frozen=True)
class Standing:
    """What the worker reports about an exercise: ready to be called, or why not."""

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
            text = f"{name} in {file} is not a function: a value of type {detail} has its name. Rename the value."
        case "signature":
            needed = f"({', '.join(exercise.parameters)})"
            text = f"{name} in {file} takes {detail}, expected {needed}. Restore the original signature."
        case "stub_last":
            written, stub = (*standing.lines, 0, 0)[:2]
            text = (
                f"{file} defines {name} twice: your code begins on line {written}, and the stub follows on line {stub}."
                " The last one counts. Delete the stub."
            )
        case "elsewhere":
            text = f"{file} defines {name} {_inside(detail, line)}"
        case "commented":
            text = f"{name} in {file} is commented out (line {line}). Remove the # from each of its lines."
        case "renamed":
            step = lookalikes(detail) or f"Rename it to {name}."
            text = f"{file} has no function {name}, but a function {detail} on line {line}. {step}"
        case _:
            text = f"{file} has no function {name}. Restore its definition, at the left margin and under this name."
    return Ending(Status.INVALID, text)


def _inside(where: str, line: int) -> str:
    """Return where a definition is that the grader cannot reach, and the next step."""
    if where == IN_MAIN:
        return (
            f'under `if __name__ == "__main__":` (line {line}), which the grader does not run. Move it above that line.'
        )
    if where.startswith(("class ", "function ")):
        return f"inside the {where} (line {line}). Move it out, to the left margin."
    return f"under `{where}` (line {line}), in a part that did not run. Move it out, to the left margin."


def ending_of_answer(answer: dict[str, Any], source: Source | Unreadable, limits: Limits) -> Ending:
    """Return the ending that an answer without a value reports; raises KeyError, TypeError or ValueError if forged."""
    match answer["end"]:
        case "refused":
            return Ending(Status.WRONG, f"What your function returned {text_of(answer['message'])}.")
        case "unparsable":
            return _unparsable(answer, source)
        case "raised":
            return _raised(answer, source, limits)
        case _:
            raise ValueError("unknown end")


def _unparsable(answer: dict[str, Any], source: Source | Unreadable) -> Ending:
    file, line, column = source.shown, number_of(answer["line"]), number_of(answer["column"])
    if answer["is_utf8"] is not True:
        text = f"{file} is not saved as UTF-8 (line {line}). Save it with UTF-8 encoding."
        return Ending(Status.INVALID, text, error="UnicodeDecodeError")
    code, end_column = text_of(answer["text"]), number_of(answer["end_column"])
    indent = len(code) - len(code.lstrip())
    mark = (column - indent, max(1, end_column - column)) if indent < column <= len(code) + 1 else (0, 0)
    at_line = (Frame(file, line, "", code.strip(), *mark),) if line else ()
    where = f" (line {line}, column {column})" if line else ""
    message = text_of(answer["message"])
    text = source.content.decode(errors="replace").removeprefix("\ufeff") if isinstance(source, Source) else ""
    said = f"Python {PYTHON} cannot read {file}{where}: {message}"
    return Ending(Status.INVALID, said, at_line, advice=why_unparsable(text, line, message))


def _raised(answer: dict[str, Any], source: Source | Unreadable, limits: Limits) -> Ending:
    file = source.shown
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
        step = (
            f"Your code runs into line {frames[-1].line}, where the stub raised NotImplementedError. Delete that line,"
            " or write what is still missing there."
        )
    else:
        own = _of_own_class(message, source)
        step = own or _advice(error, message, frames) or (f"Did you mean {suggestion}?" if suggestion else "")
    kinds = tuple(text_of(name) for name in items_of(answer["kinds"]))
    return Ending(Status.RAISED, text, frames, error, step, kinds=kinds)


def _of_own_class(message: str, source: Source | Unreadable) -> str:
    """Return the next step where a number or container is used like an object of a class that the file defines."""
    said = re.match(r"'(float|int|bool|str|list|tuple|set|dict|Tensor)' object has no attribute '(\w+)'", message)
    if said is None or not isinstance(source, Source):
        return ""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        kind, attribute = said.groups()
        if owner := text_of(outline.class_with(outline.parse(source.content, source.shown), attribute)):
            value = "tensor" if kind == "Tensor" else f"Python {kind}"
            return (
                f"This value is a {value}; `{attribute}` belongs to objects of your class {owner}. If a {value} is"
                f" allowed here, make one of these objects of it first: {owner}(...)."
            )
    return ""


def _exited(frames: Sequence[Frame], error: str) -> Ending:
    """Return the ending of code that called exit() or raised SystemExit."""
    if not _is_loading(frames):
        text = "Your code ended the program (exit or SystemExit) instead of returning a value. Use `return`."
    elif "parse_" in frames[-1].code:
        text = f"Your file reads the command line while it is loaded, and the grader passes no arguments. {UNDER_MAIN}"
    else:
        text = f"Your file ends the program (exit or SystemExit) while it is loaded. {UNDER_MAIN}"
    return Ending(Status.CRASHED, text, tuple(frames), error)


def _is_loading(frames: Sequence[Frame]) -> bool:
    """Whether the outermost line of student code is outside all functions, so that it runs when the file is loaded."""
    return bool(frames) and frames[0].function == "<module>"


def _advice(error: str, message: str, frames: Sequence[Frame]) -> str:
    """Return the next step after an exception, or an empty string if it is unknown."""
    code = frames[-1].code if frames else ""
    if reason := out_of_reach(error, message, code):
        return f"{reason} {UNDER_MAIN if _is_loading(frames) else 'Use the arguments of the function instead.'}"
    return advice(error, message, code)


def cause_of_death(status: int, limits: Limits, *, was_running: bool, is_loading: bool = False) -> str:
    """Return why a worker ended, from its wait status."""
    if was_running:
        return "Your code closed the channel to the grader, so no answer can arrive."
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGSEGV:
            return "Your code crashed the interpreter (segmentation fault); very deep recursion does that too."
        if number == signal.SIGXCPU:
            return f"Your code used up its {limits.cpu_seconds} seconds of CPU time."
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
    """Return the first line that calls `os._exit`, which leaves no traceback."""
    rows = source.content.decode(errors="replace").splitlines() if isinstance(source, Source) else []
    found = ((number, row.strip()[:200]) for number, row in enumerate(rows, 1) if re.match(r"[^#]*\b_exit\s*\(", row))
    return tuple(Frame(source.shown, number, "", row) for number, row in list(found)[:1])


def frames_of_dump(dump: str, source: Source | Unreadable) -> tuple[Frame, ...]:
    """Return the student's frames of a traceback from `faulthandler`, the innermost last."""
    rows = source.content.decode(errors="replace").splitlines() if isinstance(source, Source) else []
    file = source.shown.encode("ascii", "backslashreplace").decode()
    found = re.findall(rf'^  File "{re.escape(file)}", line (\d{{1,7}}) in (.{{1,100}})$', dump, re.MULTILINE)
    frames = [
        Frame(source.shown, int(line), name, rows[int(line) - 1].strip()[:200])
        for line, name in reversed(found)
        if 0 < int(line) <= len(rows)
    ]
    return tuple(frames[:3] + frames[3:][-5:])


def at_loop(frames: tuple[Frame, ...], source: Source | Unreadable) -> tuple[tuple[Frame, ...], str]:
    """Return the frames with the loop in place of the line at which the code was stopped, and a sentence about it.

    In a loop, that line is another one each time.
    """
    loop = None
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        # An import that takes too long has words of its own.
        if frames and isinstance(source, Source) and not re.match(r"(import|from)\s", frames[-1].code):
            loop = outline.loop_around(outline.parse(source.content, source.shown), frames[-1].line)
    if loop is None or not isinstance(source, Source):
        return frames, ""
    code = source.content.decode(errors="replace").splitlines()[loop.line - 1].strip()[:200]
    said = f"It was stopped in the loop that begins on line {loop.line}."
    if loop.variables:
        names = " or ".join(loop.variables)
        said += f" No line of that loop assigns {names}, so `{loop.condition}` always gives the same."
    return (*frames[:-1], replace(frames[-1], line=loop.line, code=code)), said


def timed_out(  # noqa: PLR0913  what is known of a call, each by its name
    usage: Usage, limit: float, output: str, frames: tuple[Frame, ...], *, is_loading: bool = False, loop: str = ""
) -> Ending:
    """Return the ending of a call that exceeded its limit twice: in its turn, and alone in a fresh worker."""
    what = "Your file did not finish loading" if is_loading else "The call did not return"
    kind, question = _kind_of(usage)
    question = loop if loop and usage.slept <= usage.processor else question
    if is_loading and frames and re.match(r"(import|from)\s", frames[-1].code):
        step = "This import takes too long: move it into the function that needs it."
    elif is_loading:
        step = f"{question} Code outside of functions runs when the file is loaded. {UNDER_MAIN}"
    else:
        step = question
    text = (
        f"{what}: it was stopped after {_seconds(usage.total)} {kind}, and its limit is {_seconds(limit)}. A second"
        f" run, alone, was stopped as well. {step}"
    )
    return Ending(Status.TIMEOUT, text + last_words(output), frames)


def budget_used_up(usage: Usage, calls: int, limit: float) -> Ending:
    """Return the ending of an exercise whose calls used up their common limit."""
    kind, _ = _kind_of(usage)
    text = (
        f"The calls of this exercise may use {_seconds(limit)} together, and that is used up: {counted(calls, 'call')}"
        f" took {_seconds(usage.total / max(1, calls))} {kind} each, on average. Make each call faster."
    )
    return Ending(Status.TIMEOUT, text)


def _kind_of(usage: Usage) -> tuple[str, str]:
    """Return what most of the time was, and a question about its cause."""
    if usage.slept > usage.processor:
        return "of sleep", "Does it wait for something, as `time.sleep` or a lock does?"
    return ("of CPU time" if usage.processor else ""), "Is there a loop that never ends?"


def _seconds(number: float) -> str:
    text = f"{number:.2g}"
    return f"{text} second{'' if text == '1' else 's'}"


def unread(limits: Limits) -> Ending:
    """Return the ending of a call whose value the check process could not read."""
    text = (
        f"The check process ended while it read what your function returned. It may use"
        f" {limits.check_memory // MIB:,} MiB of memory and {limits.check_seconds} seconds of CPU time. Is the value"
        " far too large? Print its type and its shape."
    )
    return Ending(Status.CRASHED, text)


def last_words(output: str) -> str:
    """Return what was printed before the end, to append to a message."""
    text = output.strip()
    return f"\nBefore that it printed:{quoted(chr(10) + text[-500:])}" if text else ""


def standing_of(found: Any) -> Standing:
    """Return what the worker reports about an exercise; a malformed report counts as missing."""
    try:
        word, detail, *lines = found
        return Standing(text_of(word), clean(text_of(detail)), tuple(number_of(line) for line in lines[:2]))
    except (TypeError, ValueError):
        return Standing()


def text_of(value: Any) -> str:
    """Return a string of an answer, cut, and quoted line by line; raises TypeError for anything else."""
    if type(value) is not str:
        raise TypeError("expected str")
    return quoted(value[:MAX_TEXT])


def number_of(value: Any) -> int:
    """Return a small whole number of an answer; raises TypeError for anything else."""
    if type(value) is not int or not 0 <= value < 2**31:
        raise TypeError("expected int from 0 to 2**31 - 1")
    return value


def items_of(value: Any) -> list[Any]:
    """Return a short list of an answer; raises TypeError for anything else."""
    if type(value) is not list or len(value) > MAX_ITEMS:
        raise TypeError(f"expected list of at most {MAX_ITEMS} items")
    return value
