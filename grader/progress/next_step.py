"""The next step of a student: one answer, which every command gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.verdict import ExerciseVerdict, Status

CURRENT = "current lesson"
"""The note in the store that holds the name of the lesson a student works on."""


class Progress(StrEnum):
    """How far an exercise is, in the file as it is now."""

    TODO = "todo"
    """Not written."""
    BEGUN = "begun"
    """A part is still to do."""
    UNGRADED = "ungraded"
    """Written or changed since it was graded."""
    FAILED = "failed"
    PASSED = "passed"


class Kind(StrEnum):
    """What to do next."""

    BEGIN = "begin"
    """Read a lesson of which nothing is written."""
    WRITE = "write"
    FINISH = "finish"
    FIX = "fix"
    GRADE = "grade"
    DONE = "done"
    """Nothing that counts is left."""


@dataclass(frozen=True)
class Step:
    """The next step."""

    kind: Kind
    lesson: Lesson | None = None
    exercise: str = ""

    @property
    def sentence(self) -> str:
        """What the student reads; of a lesson to begin, its title."""
        if self.lesson is None:
            return "Everything that counts has passed."
        check = f"grade {self.lesson.id} {self.exercise}"
        match self.kind:
            case Kind.BEGIN:
                return f"Next: lesson {self.lesson.id}, {self.lesson.title}"
            case Kind.GRADE:
                return f"Next: {check}"
        return f"Next: {self.kind} {self.exercise}, then {check}"


_KINDS = {
    Progress.TODO: Kind.WRITE,
    Progress.BEGUN: Kind.FINISH,
    Progress.UNGRADED: Kind.GRADE,
    Progress.FAILED: Kind.FIX,
}


def required_of(lesson: Lesson) -> tuple[Exercise, ...]:
    """Return the exercises that count: all but the bonus, or the bonus where there is nothing else."""
    return tuple(exercise for exercise in lesson.exercises if not exercise.bonus) or lesson.exercises


def progress_of(verdict: ExerciseVerdict) -> Progress:
    """Return how far an exercise with this verdict is."""
    if verdict.status is Status.PASSED:
        return Progress.PASSED
    if verdict.status is not Status.TODO:
        return Progress.FAILED
    is_begun = any(check.status is Status.PASSED for check in verdict.checks)
    return Progress.BEGUN if is_begun else Progress.TODO


def next_step(
    lessons: Sequence[Lesson], progress: Callable[[Lesson], Mapping[str, Progress]], current: str = ""
) -> Step:
    """Return the first exercise that counts and has not passed, from the current lesson on, and then from the start.

    ``progress`` returns how far each exercise of a lesson is; one that it leaves out was never graded. It is called for
    as few lessons as possible.
    """
    names = [lesson.name for lesson in lessons]
    first = names.index(current) if current in names else 0
    for lesson in (*lessons[first:], *lessons[:first]):
        found = progress(lesson)
        for exercise in required_of(lesson):
            name, state = exercise.name, found.get(exercise.name, Progress.UNGRADED)
            if state is Progress.PASSED:
                continue
            is_new = lesson.name != current and all(found.get(each.name) is Progress.TODO for each in lesson.exercises)
            return Step(Kind.BEGIN if is_new else _KINDS[state], lesson, name)
    return Step(Kind.DONE)
