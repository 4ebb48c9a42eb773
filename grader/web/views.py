"""What the page shows, as plain values: the server sends them as JSON, and `typescript` tells the page their types."""

from dataclasses import dataclass

from grader.commands.why import Requirement
from grader.reports.page import Block
from grader.scene import Control, Scene
from grader.verdict import LoopStep


@dataclass(frozen=True)
class ExerciseRow:
    """One exercise in the table of the course."""

    name: str
    bonus: bool
    status: str
    """A `Status` of the file as it is now; empty if it has not been graded."""


@dataclass(frozen=True)
class LessonRow:
    """One lesson in the table of the course."""

    name: str
    """The name of its folder, which every address uses."""
    id: str
    """``1.4``."""
    title: str
    minutes: int
    """How long reading takes, at 200 words a minute; 0 if unknown."""
    exercises: tuple[ExerciseRow, ...]
    complaint: str
    """Why the lesson cannot be read, or empty."""


@dataclass(frozen=True)
class Module:
    """Lessons that belong together."""

    title: str
    lessons: tuple[LessonRow, ...]


@dataclass(frozen=True)
class CourseView:
    """The first page."""

    title: str
    modules: tuple[Module, ...]
    next_step: str
    """The next step in one sentence."""
    next_lesson: str
    """The lesson of the next step; empty if there is none."""
    next_exercise: str


@dataclass(frozen=True)
class Prediction:
    """A question that is answered before the code is written."""

    label: str
    question: str
    options: tuple[str, ...]
    is_answered: bool
    chosen: int
    """The number of the option that was chosen last; -1 if it is not known."""
    sure: str
    """How sure the student was then; empty if it is not known."""


@dataclass(frozen=True)
class ReturnedPrediction:
    """A question of an earlier lesson that was answered wrongly, and comes back."""

    lesson: str
    """The name of the lesson that it belongs to."""
    id: str
    exercise: str
    prediction: Prediction


@dataclass(frozen=True)
class ExerciseInfo:
    """What does not change about an exercise while the student works on it."""

    name: str
    bonus: bool
    summary: str
    """The first line of its docstring."""
    fairness: str
    """On how many right and wrong answers its checks are tried."""
    predictions: tuple[Prediction, ...]
    hints: int
    """How many there are."""
    questions: tuple[str, ...]
    """Of a quiz; none for any other exercise."""


@dataclass(frozen=True)
class NamedControl:
    """A control of a figure."""

    name: str
    control: Control


@dataclass(frozen=True)
class Figure:
    """An interactive figure, which stands in the place of a picture of the lesson's page."""

    name: str
    still: str
    """The file of that picture."""
    title: str
    about: str
    """What to try."""
    exercises: tuple[str, ...]
    """The exercises whose functions it calls."""
    controls: tuple[NamedControl, ...]


@dataclass(frozen=True)
class Moved:
    """An interactive figure for one setting of its controls."""

    expected: Scene
    """With the solution's functions."""
    yours: Scene | None
    """With the student's; None if they are not called, or fail."""
    trouble: str
    """How the student's failed, or empty."""


@dataclass(frozen=True)
class LessonView:
    """A lesson's page."""

    name: str
    id: str
    title: str
    html: str
    """The explanation, without the solutions; a formula is ``<span class="math">`` or ``<div class="math">`` with its
    TeX as text."""
    file: str
    """The student's file, as people see it."""
    exercises: tuple[ExerciseInfo, ...]
    figures: tuple[Figure, ...]
    previous: str
    """The name of the lesson before, or empty."""
    following: str
    """The name of the lesson after, or empty."""
    returned: tuple[ReturnedPrediction, ...]


@dataclass(frozen=True)
class GlossaryView:
    """The glossary's page."""

    html: str


@dataclass(frozen=True)
class Mark:
    """A place in the student's file at which something went wrong."""

    line: int
    """Counted from 1."""
    column: int
    """Counted from 1; 0 for the whole line."""
    width: int
    message: str


@dataclass(frozen=True)
class CheckState:
    """One check of an exercise."""

    claim: str
    status: str
    points: int
    max_points: int


@dataclass(frozen=True)
class Failure:
    """The check that an exercise fails, in full."""

    claim: str
    counterexample: str
    """The smallest failing call, ready to paste; empty if there is none."""
    returned: str
    expected: str
    output: str
    """What the student's code printed."""
    message: str
    """What went wrong, in words; empty where the claim says it."""
    explanation: str
    """The mistake that it looks like, or how the values differ; empty if neither is known."""
    later: str
    """When the checks that pass will count, or empty."""
    marks: tuple[Mark, ...]
    steps: tuple[LoopStep, ...]
    """The student's loop up to the first step that differs, which is the last row; empty where it is not known."""


@dataclass(frozen=True)
class ExerciseState:
    """How an exercise of the present file stands."""

    name: str
    status: str
    """A `Status`; empty while it is not known."""
    words: str
    """The status in words."""
    standing: str
    """Its points and checks in words; empty while they are not known."""
    line: int
    """Where its definition begins in the file; 0 if it is missing."""
    checks: tuple[CheckState, ...]
    failure: Failure | None
    advice: tuple[Block, ...]
    """What is right but could be better."""
    fault: str
    """Why there is no verdict, where the grader is to blame."""


@dataclass(frozen=True)
class RoundState:
    """How a lesson's file stands: sent whole, whenever something about it has changed."""

    lesson: str
    digest: str
    """Of the content that the verdicts are about; empty for a file that cannot be read."""
    loading: str
    """What has to be loaded before grading begins; empty if nothing."""
    is_grading: bool
    seconds: float
    """How long the last round took."""
    failing: str
    """The claim of the first check that fails, while the verdict on its exercise has still to come; else empty."""
    failing_exercise: str
    exercises: tuple[ExerciseState, ...]
    is_complete: bool
    """Whether all that counts has passed."""
    complaint: str
    """Why nothing can be graded, or empty."""
    isolation: str


@dataclass(frozen=True)
class Letter:
    """An answer to a question of a quiz."""

    exercise: str
    question: str
    letter: str


@dataclass(frozen=True)
class FileView:
    """The student's file as it is on disk."""

    lesson: str
    content: str
    """With ``\\n`` at the ends of lines, whatever the file has."""
    digest: str
    """What a save must name as the version that it was made from; empty if there is no file."""
    complaint: str
    """Why the file cannot be edited here, or empty."""
    letters: tuple[Letter, ...] = ()
    """What it answers the quizzes of the lesson with, where only that stands in their functions."""


@dataclass(frozen=True)
class HintView:
    """The hints shown so far."""

    shown: tuple[str, ...]
    """As HTML, the first one first."""
    total: int
    wrong_now: tuple[Block, ...]
    """What the last verdict says is wrong, where it knows."""


@dataclass(frozen=True)
class WhyView:
    """What the checks of an exercise require."""

    reasons: tuple[Requirement, ...]
    fairness: str
    later: str
    """How many checks are run only at grading, in words; or empty."""


@dataclass(frozen=True)
class Picture:
    """A drawing: in words, and as SVG."""

    words: tuple[str, ...]
    svg: str
    """Empty if it cannot be drawn."""
    call: str
    """The call whose result is drawn."""


@dataclass(frozen=True)
class PredictionGuess:
    """What the student answers to a prediction."""

    option: int
    """Its number, counted from 0."""
    sure: str = ""
    """How sure the student is, in the words of the page; may be empty."""
    during: str = ""
    """The name of the lesson whose page is open; empty for the prediction's own."""


@dataclass(frozen=True)
class PredictionAnswer:
    """What really happens."""

    is_right: bool
    sentence: str
    """About the chosen option."""
    because: str
    """What happens, if the chosen option is not right."""


@dataclass(frozen=True)
class VersionRow:
    """An earlier version of the file."""

    id: int
    at: float
    """Seconds since 1970."""
    reason: str
    """What happened to it, in words."""


@dataclass(frozen=True)
class SolutionView:
    """The solution of an exercise, beside the student's code."""

    mine: str
    solution: str
    words: str
    """How the two compare, or what to do now."""
    another: str
    """A right answer in another style; empty if there is none."""
    another_words: str
    explained: str
    """The part of the page that explains it, as HTML."""


@dataclass(frozen=True)
class Changed:
    """What a command did to the file, in a sentence, and the file after it."""

    said: str
    file: FileView


@dataclass(frozen=True)
class Ticket:
    """What opens the page once: the address that a browser is started with holds it."""

    ticket: str


@dataclass(frozen=True)
class Entrance:
    """What a page gets for a ticket."""

    token: str


@dataclass(frozen=True)
class Proof:
    """The answer to a challenge: this server holds the token."""

    proof: str


@dataclass(frozen=True)
class Problem:
    """Why a request was refused."""

    error: str


@dataclass(frozen=True)
class Conflict:
    """A save that was made from a version that is not on disk any more: nothing was written."""

    error: str
    file: FileView


@dataclass(frozen=True)
class Message:
    """One line of the stream: exactly one of the parts beside the number is not null."""

    number: int
    """Grows with every message; a reconnecting page names the last one it has seen."""
    hello: str | None = None
    """The server's own name, new at each start: a page that sees another one reads everything again."""
    round: RoundState | None = None
    file: FileView | None = None
    """A file has changed on disk."""
    course: CourseView | None = None
    """The progress has changed."""
