"""The engine of rounds: saves go in, events come out, and none is about an earlier file."""

import selectors
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.commands import show
from grader.course import shipped
from grader.course.model import read_course
from grader.course.stub import derive_stub
from grader.course.submission import Source, read_submission
from grader.live.events import (
    Done,
    Drawn,
    Event,
    Faulted,
    FirstFailure,
    Graded,
    Loaded,
    Loading,
    Reason,
    Started,
    Unusable,
)
from grader.live.rounds import Rounds
from grader.progress.cache import Memory
from grader.progress.next_step import CURRENT
from grader.progress.store import Store
from grader.verdict import Status
from tests.conftest import is_alive
from tests.patience import PATIENCE, comes_true
from tests.small_lesson import SOLUTION, write_lesson

WRONG = SOLUTION.replace("x * factor", "x + factor")
HANGS = SOLUTION.replace("    return x * factor", "    while True:\n        pass")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one small lesson, with its stub in exercises/."""
    lesson = write_lesson(tmp_path)
    (lesson.root / "exercises").mkdir(exist_ok=True)
    save(lesson.root, derive_stub(lesson.solution_text))
    return lesson.root


@pytest.fixture
def rounds(root: Path) -> Iterator[Rounds]:
    submission = root / "exercises"
    with Rounds(read_course(root), submission, Memory(root, submission)) as rounds:
        yield rounds


def path_of(root: Path) -> Path:
    (solution,) = (root / "solutions").glob("*.py")
    return root / "exercises" / solution.name


def save(root: Path, content: str) -> set[Path]:
    path_of(root).write_text(content)
    return {path_of(root)}


def until(rounds: Rounds, ends: Callable[[Event], bool]) -> list[Event]:
    """Return what the engine tells up to an event."""
    told: list[Event] = []
    while not any(map(ends, told)):
        with selectors.DefaultSelector() as selector:
            for each in rounds.waits_for():
                selector.register(each, selectors.EVENT_READ)
            ready = [key.fileobj for key, _ in selector.select(PATIENCE)]
        assert ready, told
        told += rounds.read(ready)
    return told


def is_done(event: Event) -> bool:
    return isinstance(event, Done)


def kinds(told: list[Event]) -> list[type]:
    return [type(event) for event in told]


def status(told: list[Event]) -> Status:
    (done,) = (event for event in told if isinstance(event, Done))
    assert done.lesson is not None
    return done.lesson.status


def test_the_lesson_that_is_watched_is_the_current_one(root: Path, rounds: Rounds) -> None:
    (lesson,) = rounds.course.lessons

    rounds.open(lesson)

    assert Store.open(root).noted(CURRENT) == lesson.name


def test_the_rounds_of_an_hour(root: Path, rounds: Rounds) -> None:
    (lesson,) = rounds.course.lessons

    told = rounds.open(lesson)
    assert kinds(told) == [Loading, Started]
    told = until(rounds, is_done)
    assert kinds(told) == [Loading, Loaded, Graded, Done]
    assert status(told) is Status.TODO

    # A failure comes before the verdict on its exercise, and once.
    (started,) = rounds.changed(save(root, WRONG))
    assert isinstance(started, Started)
    assert (started.reason, started.replaced) == (Reason.SAVED, False)
    assert isinstance(started.source, Source)
    assert started.source.content == WRONG.encode()
    told = until(rounds, is_done)
    assert kinds(told) == [FirstFailure, Graded, Done]
    assert status(told) is Status.WRONG

    # A save during a round ends its processes, and no verdict on the earlier file comes any more.
    rounds.changed(save(root, HANGS))
    (process,) = rounds.waits_for()
    assert rounds.is_running
    (started,) = rounds.changed(save(root, SOLUTION))
    assert isinstance(started, Started)
    assert started.replaced
    assert comes_true(lambda: not is_alive(process.pid))  # type: ignore[attr-defined]
    assert status(until(rounds, is_done)) is Status.PASSED

    # What is known is told at once, without a process; the student may request to grade again.
    told = rounds.changed(save(root, WRONG))
    assert kinds(told) == [Started, Graded, Done]
    assert status(told) is Status.WRONG
    assert rounds.waits_for() == []
    assert kinds(rounds.begin(Reason.REQUESTED)) == [Started]
    assert not rounds.draw(show.job(lesson, read_submission(root / "exercises", lesson.name), "scale", 80))
    assert status(until(rounds, is_done)) is Status.WRONG

    # A picture, of which nothing comes once the file has changed.
    assert rounds.draw(show.job(lesson, read_submission(root / "exercises", lesson.name), "scale", 80))
    (drawn,) = until(rounds, lambda event: isinstance(event, Drawn))
    assert isinstance(drawn, Drawn)
    assert "numbers differ" in drawn.answer

    # The author changes a check.
    code = lesson.code("scale")
    code.write_text(code.read_text().replace("Every entry is multiplied.", "Each entry is multiplied."))
    told = rounds.changed({code})
    assert kinds(told) == [Loading, Started]
    told = until(rounds, is_done)
    (graded,) = (event for event in told if isinstance(event, Graded))
    assert "Each entry is multiplied." in [check.claim for check in graded.lesson.exercises[0].checks]

    # Files that decide nothing start nothing.
    assert rounds.changed({root / "exercises" / "notes.md"}) == []

    # The author breaks a check, and then the solution, of which not even the exercises can be read.
    code.write_text("def broken(:\n")
    assert kinds(rounds.changed({code})) == [Loading, Started]
    told = until(rounds, is_done)
    assert kinds(told) == [Loaded, Faulted, Done]
    assert isinstance(told[-1], Done)
    assert told[-1].lesson is None
    lesson.solution.write_text("def broken(:\n")
    assert kinds(rounds.changed({lesson.solution}))[-1] is Unusable
    assert not rounds.is_running


def test_a_stub_needs_no_process(root: Path, rounds: Rounds) -> None:
    (lesson,) = rounds.course.lessons
    (lesson.folder / shipped.LIST).write_text(shipped.list_of(lesson))

    told = rounds.open(lesson)

    assert kinds(told) == [Loading, Started, Graded, Done]
    assert status(told) is Status.TODO
    assert not rounds.is_running
    assert kinds(until(rounds, lambda event: isinstance(event, Loaded))) == [Loading, Loaded]
    rounds.changed(save(root, SOLUTION))
    assert status(until(rounds, is_done)) is Status.PASSED
    assert kinds(rounds.changed(save(root, lesson.stub))) == [Started, Graded, Done]


def test_an_engine_that_ends_while_it_loads_leaves_nothing_behind(root: Path) -> None:
    submission = root / "exercises"
    with Rounds(read_course(root), submission, Memory(root, submission)) as rounds:
        rounds.open(rounds.course.lessons[0])
        assert rounds.waits_for()
        assert rounds.is_running
        # A save while it loads waits with the others.
        assert kinds(rounds.changed(save(root, SOLUTION))) == [Started]
