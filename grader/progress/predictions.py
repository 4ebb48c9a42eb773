"""What a student has predicted, how sure they were, and which misunderstandings come back.

A prediction that was answered wrongly comes back LATER lessons after the one in which it was answered.
"""

import contextlib
import time
from dataclasses import dataclass

import msgspec

from grader.course.exercise_file import Prediction
from grader.course.model import Course, Lesson
from grader.errors import GraderError
from grader.progress.store import Store

LATER = 2
SURENESS = ("a guess", "fairly sure", "certain")
"""How sure a student can say to be, the least sure first."""
_PREFIX = "predicted "


class Guess(msgspec.Struct, frozen=True):
    """The last answer to a prediction; without a time there was none."""

    at: str = ""
    """When, as text that sorts like time."""
    option: str = ""
    """The chosen option; empty if it is not known."""
    sure: str = ""
    """One of SURENESS, or empty."""
    during: str = ""
    """The name of the lesson in which it was answered."""
    is_right: bool = True


@dataclass(frozen=True)
class Returned:
    """A prediction that comes back."""

    lesson: Lesson
    """The lesson that it belongs to."""
    prediction: Prediction
    guess: Guess


def last(store: Store, lesson: Lesson, prediction: Prediction) -> Guess:
    """Return the last answer to a prediction."""
    return _read(store.noted(_name(lesson, prediction)) or "")


def note(store: Store, lesson: Lesson, prediction: Prediction, guess: Guess) -> None:
    """Note an answer that is given now."""
    is_right = guess.option == prediction.answer
    noted = msgspec.structs.replace(guess, at=f"{time.time():020.6f}", is_right=is_right)
    store.note(_name(lesson, prediction), msgspec.json.encode(noted).decode())


def postpone(store: Store, returned: Returned, now: Lesson) -> None:
    """Let a prediction that was not answered come back later: it must not stand in the way of others."""
    guess = msgspec.structs.replace(returned.guess, during=now.name)
    store.note(_name(returned.lesson, returned.prediction), msgspec.json.encode(guess).decode())


def due(course: Course, store: Store, now: Lesson) -> list[Returned]:
    """Return the predictions that come back in a lesson, those of which the student was most certain first."""
    lessons = {lesson.name: (number, lesson) for number, lesson in enumerate(course.lessons)}
    here = lessons[now.name][0]
    found = []
    for name, text in store.notes(_PREFIX).items():
        guess, (owner, _, label) = _read(text), name.removeprefix(_PREFIX).partition(" ")
        if guess.is_right or not {owner, guess.during} <= lessons.keys() or here < lessons[guess.during][0] + LATER:
            continue
        with contextlib.suppress(GraderError):  # grading the lesson reports it
            lesson = lessons[owner][1]
            wrong = (each for each in lesson.predictions if each.label == label and each.answer != guess.option)
            found += [Returned(lesson, each, guess) for each in wrong]
    return sorted(found, key=lambda each: (-_certainty(each.guess), each.guess.at))


def _certainty(guess: Guess) -> int:
    return SURENESS.index(guess.sure) if guess.sure in SURENESS else -1


def _read(text: str) -> Guess:
    """Return a stored answer; of an older version only its time was stored."""
    try:
        return msgspec.json.decode(text, type=Guess)
    except msgspec.MsgspecError:
        return Guess(at=text)


def _name(lesson: Lesson, prediction: Prediction) -> str:
    return f"{_PREFIX}{lesson.name} {prediction.label}"
