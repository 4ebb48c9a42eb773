"""What must hold of quiz in lesson 1.6."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.authoring import (
    CheckFailed,
    StillToDo,
    StudentFunction,
    points,
    variant,
)
from grader.course.model import Lesson
from grader.text import cut

QUESTIONS = ("q1", "q2", "q3", "q4", "q5", "q6")


OPTIONS = ("a", "b", "c", "d")


LESSON = Lesson(Path(__file__).resolve().parents[2], Path(__file__).resolve().parent.name)


FEEDBACK = {mistake.name: mistake.explanation for mistake in LESSON.mistakes if mistake.exercise == "quiz"}


def _answers(quiz: StudentFunction) -> dict[str, str]:
    """Return the letter of each question, "" where it is still to do; "problem" says what cannot be read, or is ""."""
    return _letters(quiz.plain())


def _letters(given: Any) -> dict[str, str]:
    """Read what a student's quiz returned. A letter may be a capital, and may stand between spaces or as "b)"."""
    if given is None:
        return _nothing_but("`quiz` returned None. Is there a `return` at its end?")
    if not isinstance(given, dict):
        return _nothing_but("`quiz` returned something other than a dict.")
    letters = dict.fromkeys(QUESTIONS, "")
    for key, value in given.items():
        question = str(key).strip().lower()
        if question not in letters:
            return _nothing_but(
                f"There is no question {cut(repr(key), 40)}: the keys are {QUESTIONS[0]!r} to {QUESTIONS[-1]!r}."
            )
        letter = value.strip(" \t\n().").lower() if isinstance(value, str) else "" if value is None else "?"
        if letter not in ("", *OPTIONS):
            shown = cut(repr(value), 40) if isinstance(value, str) else "not a text"
            number, options = question.removeprefix("q"), f"{', '.join(OPTIONS[:-1])} and {OPTIONS[-1]}"
            return _nothing_but(f"The answer to question {number} is {shown}, and the options are {options}.")
        letters[question] = letter
    return {"problem": "", **letters}


def _nothing_but(problem: str) -> dict[str, str]:
    return {"problem": problem, **dict.fromkeys(QUESTIONS, "")}


def _judge(question: str, answers: Mapping[str, str]) -> None:
    """Pass the right letter, fail a wrong one, and end as still to do without one."""
    letter, number = answers[question], question.removeprefix("q")
    if not letter:
        raise StillToDo(f"Still to do: question {number}.")
    if f"{question}_{letter}" in FEEDBACK:
        raise CheckFailed(f"Question {number}: you chose {letter}.", mistake=f"{question}_{letter}")


@points(0)
def test_answers_are_letters(quiz: StudentFunction) -> None:
    """Every answer is one of the letters a, b, c and d, and its key is the name of a question.

    Capitals and spaces do not matter, nor does the order, and a question may be left out. It comes first because
    otherwise the answers cannot be read.
    """
    answers = _answers(quiz)
    if answers["problem"]:
        says = answers["problem"] + _foreign_letters(answers["problem"])
        raise CheckFailed(f'{says} Write {{"q1": "a", ...}}, with your own letters.')


def _foreign_letters(text: str) -> str:
    """Name what an eye cannot tell from a letter of the answers, such as a Cyrillic a."""
    names = {letter: unicodedata.name(letter, "nameless") for letter in text if letter > "~"}
    return "".join(f" Here '{letter}' is {name} (U+{ord(letter):04X})." for letter, name in names.items())


@points(0)
def test_no_answer_is_wrong(quiz: StudentFunction) -> None:
    """No answer that you have given is wrong.

    Here all wrong answers are explained at once, and each question below gives a point.
    """
    answers = _answers(quiz)
    wrong = [question for question in QUESTIONS if f"{question}_{answers[question]}" in FEEDBACK]
    if wrong:
        open_ones = [question.removeprefix("q") for question in QUESTIONS if not answers[question]]
        verb = "is" if len(wrong) == 1 else "are"
        heading = f"{len(wrong)} of your {len(QUESTIONS) - len(open_ones)} answers {verb} wrong."
        if open_ones:
            heading += f" Still to do: question{'s' * (len(open_ones) > 1)} {', '.join(open_ones)}."
        names = [f"{question}_{answers[question]}" for question in wrong]
        texts = [
            f"Question {question.removeprefix('q')}: you chose {answers[question]}. {FEEDBACK[name]}"
            for question, name in zip(wrong, names, strict=True)
        ]
        raise CheckFailed("\n\n".join([heading, *texts]), mistake=names[0])


def test_question_1(quiz: StudentFunction) -> None:
    """Question 1 has its right answer: what `loss.backward()` does."""
    _judge("q1", _answers(quiz))


def test_question_2(quiz: StudentFunction) -> None:
    """Question 2 has its right answer: the limit of the learning rate."""
    _judge("q2", _answers(quiz))


def test_question_3(quiz: StudentFunction) -> None:
    """Question 3 has its right answer: the shape of a grid of losses."""
    _judge("q3", _answers(quiz))


def test_question_4(quiz: StudentFunction) -> None:
    """Question 4 has its right answer: how many updates an epoch makes."""
    _judge("q4", _answers(quiz))


def test_question_5(quiz: StudentFunction) -> None:
    """Question 5 has its right answer: a tiny h in float32."""
    _judge("q5", _answers(quiz))


def test_question_6(quiz: StudentFunction) -> None:
    """Question 6 has its right answer: a bias that jumps to and fro."""
    _judge("q6", _answers(quiz))


@variant
def capitals_and_spaces() -> dict[str, str]:
    """Capital letters, spaces and a closing bracket, as they are copied from the lesson."""
    return {"q1": "B", "q2": " b ", "q3": "A)", "q4": "b", "q5": "b\n", "q6": "C"}


@variant
def another_order() -> dict[str, str]:
    """A dict that is built by keywords, from the last question to the first."""
    return dict(q6="c", q5="b", q4="b", q3="a", q2="b", q1="b")  # noqa: C408  a style that students use


@variant
def zipped() -> dict[str, str]:
    """One string of letters, joined to the names of the questions."""
    return {f"Q{number}": letter for number, letter in enumerate("bbabbc", start=1)}
