"""Why a call of a student's function gave no value, in the words that the student reads."""

import contextlib
import os
import signal
from dataclasses import dataclass
from typing import Any

from grader.characters import clean, counted
from grader.clock import Usage
from grader.confine import Limits
from grader.course import Exercise
from grader.verdict import Frame, Status

MAX_TEXT = 2000
"""Characters of a text from the worker. It cuts them too, but then the student's code may have replaced that."""
MAX_ITEMS = 20


@dataclass(frozen=True)
class Ending:
    """Why a call gave no value: what the student reads, and where it happened."""

    status: Status
    message: str
    frames: tuple[Frame, ...] = ()
    error: str = ""
    """The name of the exception's type where one was raised."""
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


def ending_of_standing(standing: str, detail: str, exercise: Exercise, file: str) -> Ending | None:
    """Return why an exercise cannot be called, or None where it can."""
    name = exercise.name
    match standing:
        case "ready":
            return None
        case "todo":
            return Ending(Status.TODO, f"Still to do: write {name} in {file}.")
        case "not_callable":
            return Ending(Status.INVALID, _no_function(name, file, detail))
        case "signature":
            needed = f"({', '.join(exercise.parameters)})"
            text = f"{name} in {file} takes {detail}, and {needed} is asked. Put the signature back as it was."
            return Ending(Status.INVALID, text)
        case _:
            return Ending(
                Status.INVALID, f"{file} has no function {name}. Was it renamed or deleted? Put it back as it was."
            )


def _no_function(name: str, file: str, kind: str) -> str:
    return f"{name} in {file} is no function: something of type {kind} has its name. Give that another name."


def ending_of_answer(answer: dict[str, Any], file: str, limits: Limits) -> Ending:
    """Return what an answer without a value means; raises KeyError, TypeError or ValueError for a forged one."""
    match answer["end"]:
        case "refused":
            return Ending(Status.WRONG, f"What your function returned {text_of(answer['message'])}.")
        case "unparsable":
            line, column = number_of(answer["line"]), number_of(answer["column"])
            if answer["is_utf8"] is not True:
                text = f"{file} is not saved as UTF-8 (line {line}). Save it again with the encoding UTF-8."
                return Ending(Status.INVALID, text, error="UnicodeDecodeError")
            at_line = (Frame(file, line, "", text_of(answer["text"]).strip()),) if line else ()
            where = f" (line {line}, column {column})" if line else ""
            return Ending(Status.INVALID, f"{file} is no Python yet{where}: {text_of(answer['message'])}", at_line)
        case "raised":
            frames = tuple(
                Frame(file, number_of(line), text_of(name), text_of(code))
                for line, name, code in items_of(answer["frames"])
            )
            error, message = text_of(answer["type"]), text_of(answer["message"])
            if answer["is_exit"] is True:
                text = "Your code ended the program (exit or SystemExit) instead of returning a value. Use `return`."
                return Ending(Status.CRASHED, text, frames, error)
            if answer["is_memory"] is True:
                text = (
                    f"Your code ran out of memory: {limits.memory // 2**20} MiB is the limit. Does something grow in a"
                    " loop, or is a shape far too large?"
                )
                if message:
                    text += f" ({error}: {message})"
                return Ending(Status.CRASHED, text, frames, error)
            if answer["is_stub"] is True:
                return Ending(
                    Status.TODO, f"Still to do: {message.removeprefix('TODO:').strip()} in {file}.", frames, error
                )
            kinds = tuple(text_of(name) for name in items_of(answer["kinds"]))
            return Ending(Status.RAISED, f"{error}: {message}" if message else error, frames, error, kinds)
        case _:
            raise ValueError("an unknown end")


def cause_of_death(status: int, limits: Limits, *, was_running: bool) -> str:
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
    return f"Your code ended its process (exit code {os.WEXITSTATUS(status)}) instead of returning a value."


def timed_out(usage: Usage, limit: float, output: str, *, is_loading: bool = False) -> Ending:
    """Return how a call ended that has used all of its limit twice: in its turn, and alone in a fresh worker."""
    what = "Your file did not finish loading" if is_loading else "The call did not return"
    kind, question = _kind_of(usage)
    step = ' Work that the functions do not need belongs under `if __name__ == "__main__":`.' if is_loading else ""
    text = (
        f"{what}: it was stopped after {_seconds(usage.total)} {kind}, and its limit is {_seconds(limit)}. Run again,"
        f" alone, it was stopped as well. {question}{step}"
    )
    return Ending(Status.TIMEOUT, text + last_words(output))


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


def last_words(output: str) -> str:
    """Return what was printed before the end, to be put behind a message."""
    text = output.strip()
    return f"\nBefore that it printed:\n{text[-500:]}" if text else ""


def standing_of(found: Any) -> tuple[str, str]:
    """Return what the worker says of an exercise: a word and a detail."""
    try:
        standing, detail = found
        return text_of(standing), clean(text_of(detail))
    except (TypeError, ValueError):
        return "missing", ""


def text_of(value: Any) -> str:
    """Return a text of an answer, cut; raises TypeError where it is none."""
    if type(value) is not str:
        raise TypeError("a text is no text")
    return value[:MAX_TEXT]


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
