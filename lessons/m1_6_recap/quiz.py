"""A right letter earns its question's point, a wrong one gets its explanation, and a missing one is still to do."""

import unicodedata

from grader.authoring import CheckFailed, StillToDo, StudentFunction, cut, explanations, points, variant

QUESTIONS = ("q1", "q2", "q3", "q4", "q5", "q6")
OPTIONS = ("a", "b", "c", "d")
FEEDBACK = explanations(__file__)


def _answers(quiz: StudentFunction) -> tuple[dict[str, str], str]:
    """Return the letter of each question, "" where it is missing, and the first problem, which empties them all.

    A letter may be a capital, and may stand between spaces or as "b)".
    """
    given, blank = quiz.plain(), dict.fromkeys(QUESTIONS, "")
    if given is None:
        return blank, "`quiz` returned None. Is there a `return` at its end?"
    if not isinstance(given, dict):
        return blank, "`quiz` returned something other than a dict."
    letters = dict(blank)
    for key, value in given.items():
        question = str(key).strip().lower()
        if question not in QUESTIONS:
            return blank, f"There is no question {cut(repr(key), 40)}: the keys are 'q1' to 'q6'."
        letter = value.strip(" \t\n().").lower() if isinstance(value, str) else "" if value is None else "?"
        if letter not in ("", *OPTIONS):
            shown = cut(repr(value), 40) if isinstance(value, str) else "not a string"
            return blank, f"The answer to question {question[1]} is {shown}, but the options are a, b, c and d."
        letters[question] = letter
    return letters, ""


def _foreign_letters(text: str) -> str:
    """Name every letter that only looks like one of the options, such as a Cyrillic a."""
    names = {letter: unicodedata.name(letter, "nameless") for letter in text if letter > "~"}
    return "".join(f" Here '{letter}' is {name} (U+{ord(letter):04X})." for letter, name in names.items())


def _judge(quiz: StudentFunction, number: int) -> None:
    """Pass the right letter, fail a wrong one, and end as still to do without one."""
    letter = _answers(quiz)[0][f"q{number}"]
    if not letter:
        raise StillToDo(f"Still to do: question {number}.")
    if (name := f"q{number}_{letter}") in FEEDBACK:
        raise CheckFailed(f"Question {number}: you chose {letter}.", mistake=name)


@points(0)
def test_answers_are_letters(quiz: StudentFunction) -> None:
    """Every key names a question, and every answer is one of the letters a, b, c and d.

    Capitals, spaces and the order do not matter, and you may leave a question out. This check comes first, because
    the others cannot read answers in any other form.
    """
    _, problem = _answers(quiz)
    if problem:
        raise CheckFailed(f'{problem}{_foreign_letters(problem)} Write {{"q1": "a", ...}}, with your own letters.')


@points(0)
def test_no_answer_is_wrong(quiz: StudentFunction) -> None:
    """None of the answers that you have given is wrong.

    This check explains all wrong answers at once, and each question below is worth one point.
    """
    answers, _ = _answers(quiz)
    wrong = [name for question, letter in answers.items() if (name := f"{question}_{letter}") in FEEDBACK]
    if wrong:
        missing = [question[1] for question, letter in answers.items() if not letter]
        verb = "is" if len(wrong) == 1 else "are"
        heading = f"{len(wrong)} of your {len(QUESTIONS) - len(missing)} answers {verb} wrong."
        if missing:
            heading += f" Still to do: question{'s' * (len(missing) > 1)} {', '.join(missing)}."
        texts = [f"Question {name[1]}: you chose {name[-1]}. {FEEDBACK[name]}" for name in wrong]
        raise CheckFailed("\n\n".join([heading, *texts]), mistake=wrong[0])


def test_question_1(quiz: StudentFunction) -> None:
    """Question 1 is answered correctly: what `loss.backward()` does."""
    _judge(quiz, 1)


def test_question_2(quiz: StudentFunction) -> None:
    """Question 2 is answered correctly: the limit of the learning rate."""
    _judge(quiz, 2)


def test_question_3(quiz: StudentFunction) -> None:
    """Question 3 is answered correctly: the shape of a grid of losses."""
    _judge(quiz, 3)


def test_question_4(quiz: StudentFunction) -> None:
    """Question 4 is answered correctly: the number of updates in an epoch."""
    _judge(quiz, 4)


def test_question_5(quiz: StudentFunction) -> None:
    """Question 5 is answered correctly: a tiny h in float32."""
    _judge(quiz, 5)


def test_question_6(quiz: StudentFunction) -> None:
    """Question 6 is answered correctly: a bias that jumps back and forth."""
    _judge(quiz, 6)


# Right answers in other styles


@variant
def capitals_and_spaces() -> dict[str, str]:
    """Capital letters, spaces and a closing bracket, as copied from the lesson."""
    return {"q1": "B", "q2": " b ", "q3": "A)", "q4": "b", "q5": "b\n", "q6": "C"}


@variant
def another_order() -> dict[str, str]:
    """A dict built from keywords, from the last question to the first."""
    return dict(q6="c", q5="b", q4="b", q3="a", q2="b", q1="b")  # noqa: C408  a style that students use


@variant
def zipped() -> dict[str, str]:
    """One string of letters, paired with the names of the questions."""
    return {f"Q{number}": letter for number, letter in enumerate("bbabbc", start=1)}
