"""What `grade watch` knows at a moment, as a value, and how each event changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from grader.course.locations import lines_of
from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.unwritten import is_untouched
from grader.live.events import Done, Event, Faulted, FirstFailure, Graded, Loaded, Loading, Reason, Started, Unusable
from grader.reports.text import to_mend
from grader.verdict import ExerciseVerdict, Status


@dataclass(frozen=True)
class Row:
    """One exercise of the lesson."""

    name: str
    bonus: bool = False
    place: str = ""
    """The file and line of its function."""
    verdict: ExerciseVerdict | None = None
    """On the file as it is now; None until it is graded."""
    is_unwritten: bool = False
    """Whether the text alone says that it is still the stub."""
    before: Status | None = None
    """Its status when it was graded last."""
    fault: str = ""
    """Why there is no verdict."""

    @property
    def status(self) -> Status | None:
        """How the present file stands; None while that is unknown."""
        if self.fault:
            return Status.FAULT
        if self.verdict is not None:
            return self.verdict.status
        return Status.TODO if self.is_unwritten else None

    @property
    def has_passed(self) -> bool:
        """Whether it has passed, as far as is known."""
        return (self.status or self.before) is Status.PASSED

    @property
    def has_failed(self) -> bool:
        """Whether there is something to mend."""
        return self.status not in (None, Status.PASSED, Status.TODO)


@dataclass(frozen=True)
class Page:
    """Something longer to read, over the screen until a key is pressed or a file is saved."""

    title: str
    lines: tuple[str, ...]
    top: int = 0
    """The first line that is shown; a large number shows the end."""


@dataclass(frozen=True)
class Beside:
    """The rest of the course, as far as the screen shows it."""

    passed: int = 0
    """Exercises of the other lessons that have passed."""
    counted: int = 0
    reading: str = ""
    """The text of this lesson."""
    following: str = ""
    """The next lesson, as its number and title; empty for the last one."""


@dataclass(frozen=True)
class Now:
    """What is going on beside the verdicts."""

    loading: str = ""
    """What is being loaded."""
    grading: bool = False
    seconds: float | None = None
    """How long the last round took, or, while something goes on, how long it has gone on."""
    at: str = ""
    """When the round began, as a time of day."""
    failure: FirstFailure | None = None
    """The first failure of a round whose verdict has still to come."""


@dataclass(frozen=True)
class State:
    """Everything that the screen shows."""

    title: str = ""
    """The lesson's number and title."""
    rows: tuple[Row, ...] = ()
    focus: str = ""
    """The exercise on the screen; empty until the first verdicts decide."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The student's functions by name, to see which one a save has changed."""
    beside: Beside = Beside()
    now: Now = Now()
    question: str = ""
    """What the next key answers."""
    notice: str = ""
    """What the last key did, in a sentence."""
    page: Page | None = None

    @property
    def row(self) -> Row | None:
        """The exercise on the screen."""
        chosen = next((row for row in self.rows if row.name == self.focus), None)
        failed = to_mend([row.verdict for row in self.rows if row.verdict is not None])
        first = [row for row in self.rows if row.fault or (failed is not None and row.name == failed.name)]
        return chosen or next(iter([*first, *self._open()]), None)

    @property
    def counted(self) -> list[Row]:
        """The exercises that count."""
        return [row for row in self.rows if not row.bonus] or list(self.rows)

    @property
    def is_complete(self) -> bool:
        """Whether all that counts has passed, as the file is now."""
        return bool(self.rows) and all(row.status is Status.PASSED for row in self.counted)

    def _open(self) -> list[Row]:
        """Return the exercises in the order of working on them: what has not passed, then all."""
        return [*(row for row in self.counted if not row.has_passed), *self.counted]


def following(state: State) -> Row | None:
    """Return the exercise to go on with: the next one that counts and has not passed; None if there is no other."""
    names = [row.name for row in state.rows]
    start = names.index(state.row.name) + 1 if state.row is not None else 0
    others = [*state.rows[start:], *state.rows[: max(0, start - 1)]]
    return next((row for row in others if not row.bonus and not row.has_passed), None)


def after(state: State, event: Event) -> State:
    """Return the state after an event."""
    now = state.now
    match event:
        case Loading(what):
            return replace(state, now=replace(now, loading=what, seconds=0.0))
        case Loaded():
            return replace(state, now=replace(now, loading="", seconds=0.0))
        case Started():
            return _started(state, event)
        case FirstFailure():
            return replace(state, now=replace(now, failure=event))
        case Graded(name, part):
            return replace(state, rows=_with(state.rows, name, verdict=part.exercises[0]))
        case Faulted(name, message):
            return replace(state, rows=_with(state.rows, name, fault=message))
        case Done():
            done = replace(now, grading=False, seconds=event.seconds, failure=None)
            return replace(state, now=done, focus=state.row.name if state.row is not None else "")
        case Unusable(message):
            return replace(state, notice=message, now=replace(now, grading=False))
    return state


def opened(
    state: State, lesson: Lesson, source: Source | Unreadable, before: Mapping[str, Status], beside: Beside
) -> State:
    """Return the state in which a lesson is opened, with what is known of the file before it is graded."""
    is_stub = is_untouched(lesson, source)
    rows = [Row(each.name, each.bonus, is_unwritten=is_stub, before=before.get(each.name)) for each in lesson.exercises]
    texts = functions_of(source)
    return State(
        title=f"{lesson.id} {lesson.title}",
        rows=_placed(rows, source),
        texts=texts,
        beside=beside,
        now=state.now,
        notice=state.notice,
    )


def functions_of(source: Source | Unreadable) -> dict[str, str]:
    """Return the text of each top-level function or class: from its first line to the next one's."""
    text = _text(source)
    rows = text.split("\n")
    starts = sorted((line, name) for name, line in lines_of(text).items())
    ends = [*(line for line, _ in starts), len(rows) + 1][1:]
    return {name: "\n".join(rows[line - 1 : end - 1]).strip() for (line, name), end in zip(starts, ends, strict=False)}


def _started(state: State, event: Started) -> State:
    """Forget the verdicts on the earlier file; show the exercise whose function the save has changed."""
    names = [exercise.name for exercise in event.lesson.exercises]
    old = {row.name: row for row in state.rows}
    is_first = event.reason is Reason.OPENED
    rows = [
        Row(
            exercise.name,
            exercise.bonus,
            is_unwritten=before.is_unwritten and is_first,
            before=before.status or before.before,
        )
        for exercise in event.lesson.exercises
        for before in [old.get(exercise.name, Row(exercise.name))]
    ]
    texts = functions_of(event.source)
    changed = [name for name in names if texts.get(name) != state.texts.get(name)]
    is_elsewhere = changed and state.focus not in changed and event.reason is Reason.SAVED
    focus = changed[0] if is_elsewhere else state.focus
    return replace(
        state,
        rows=_placed(rows, event.source),
        focus=focus,
        texts=texts,
        now=Now(loading=state.now.loading, grading=True, seconds=0.0, at=state.now.at),
        question="",
        notice="The lesson itself has changed." if event.reason is Reason.LESSON_CHANGED else "",
        page=None,
    )


def _text(source: Source | Unreadable) -> str:
    return source.content.decode("utf-8", "replace") if isinstance(source, Source) else ""


def _placed(rows: Iterable[Row], source: Source | Unreadable) -> tuple[Row, ...]:
    lines = lines_of(_text(source))
    return tuple(replace(row, place=f"{source.shown}:{lines.get(row.name, 1)}") for row in rows)


def _with(rows: tuple[Row, ...], name: str, **changes: ExerciseVerdict | str) -> tuple[Row, ...]:
    return tuple(replace(row, **changes) if row.name == name else row for row in rows)  # type: ignore[arg-type]
