"""Called beside the student's `quiz`, in its process: what it returns leaves as one letter for each question."""

from collections.abc import Callable
from typing import Any

QUESTIONS = ("q1", "q2", "q3", "q4", "q5", "q6")
OPTIONS = ("a", "b", "c", "d")


def answers(quiz: Callable[[], Any]) -> dict[str, str]:
    """Return the letter of each question, "" where it is still to do; "problem" says what cannot be read, or is "".

    A letter may be a capital, and may stand between spaces or as "b)". The keys are the same whatever was returned, so
    that all that can differ is what was answered.
    """
    given = quiz()
    if given is None:
        return _nothing_but("`quiz` returned None. Is there a `return` at its end?")
    if not isinstance(given, dict):
        return _nothing_but(f"`quiz` returned a {type(given).__name__}, and a dict is asked.")
    letters = dict.fromkeys(QUESTIONS, "")
    for key, value in given.items():
        question = str(key).strip().lower()
        if question not in letters:
            return _nothing_but(f"There is no question {key!r}: the keys are {QUESTIONS[0]!r} to {QUESTIONS[-1]!r}.")
        if value is None:
            continue
        number = question.removeprefix("q")
        if not isinstance(value, str):
            return _nothing_but(
                f"The answer to question {number} is no letter: it has the type {type(value).__name__}."
            )
        letter = value.strip(" \t\n().").lower()
        if letter and letter not in OPTIONS:
            return _nothing_but(
                f"The answer to question {number} is {value!r}, and the options are {_listed(OPTIONS)}."
            )
        letters[question] = letter
    return {"problem": "", **letters}


def _nothing_but(problem: str) -> dict[str, str]:
    return {"problem": problem, **dict.fromkeys(QUESTIONS, "")}


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
