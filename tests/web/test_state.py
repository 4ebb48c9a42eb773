"""What the page is told of a verdict."""

import json
from dataclasses import asdict
from pathlib import Path

from grader.live.events import Graded
from grader.verdict import (
    Cause,
    CheckVerdict,
    ExerciseVerdict,
    LessonVerdict,
    LoopNumber,
    LoopStep,
    Status,
    lesson_from,
)
from grader.web import state
from tests.small_lesson import write_lesson

STEPS = (
    LoopStep("before pass 1", (LoopNumber("w", "0", "0", is_wrong=False),)),
    LoopStep("after pass 1", (LoopNumber("w", "0.42", "0.21", is_wrong=True),)),
)
CAUSE = Cause("step", "w", "After pass 1", "After pass 1, your `w` is 0.42, expected 0.21.", STEPS)


def verdict(cause: Cause | None) -> LessonVerdict:
    check = CheckVerdict("test_it", "It holds.", Status.WRONG, cause=cause)
    return LessonVerdict("9.1", "m9_1_scaling", "Scaling", (ExerciseVerdict("scale", bonus=False, checks=(check,)),))


def test_a_failure_shows_the_steps_of_the_loop(tmp_path: Path) -> None:
    """They are stored and read with the verdict."""
    read = lesson_from(json.loads(json.dumps(asdict(verdict(CAUSE)))))

    now = state.after(state.start(write_lesson(tmp_path)), Graded("scale", read))

    failure = now.exercises[0].failure
    assert failure is not None
    assert failure.steps == (
        LoopStep("before pass 1", (LoopNumber("w", "0", "0", is_wrong=False),)),
        LoopStep("after pass 1", (LoopNumber("w", "0.42", "0.21", is_wrong=True),)),
    )


def test_a_verdict_that_was_stored_without_steps_is_read(tmp_path: Path) -> None:
    plain = json.loads(json.dumps(asdict(verdict(CAUSE))))
    del plain["exercises"][0]["checks"][0]["cause"]["steps"]

    for each in (lesson_from(plain), verdict(None)):
        now = state.after(state.start(write_lesson(tmp_path / str(id(each)))), Graded("scale", each))
        failure = now.exercises[0].failure
        assert failure is not None
        assert failure.steps == ()
