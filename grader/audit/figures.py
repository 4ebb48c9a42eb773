"""Interactive figures: drawn at the ends of all their controls, alike with the solution's and with a student's code."""

from collections.abc import Iterator, Mapping
from typing import Any

from grader.audit.finding import Finding, finding
from grader.authoring import CheckFailed
from grader.course.interactive import INTERACTIVE, Interactive
from grader.course.model import Lesson
from grader.engine.moving import Moving
from grader.engine.student import Student
from grader.errors import Fault
from grader.feedback.call_failure import CallFailed, CallLost
from grader.scene import Panel, Scene, Slider

HIDDEN_AXES = (0.0, 0.0)


def are_well_written(lesson: Lesson) -> list[Finding]:
    """Find the figures that stand in the place of no picture."""
    readme = lesson.folder / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    return [
        _at(lesson, figure, f"the README shows no picture figures/{figure.still}, in whose place {figure.name} stands.")
        for figure in lesson.interactive
        if f"](figures/{figure.still})" not in text
    ]


def can_be_moved(student: Student) -> Iterator[Finding]:
    """Find the figures that fail, or differ with right code of a student, at an end of a control."""
    lesson, moving = student.lesson, Moving(student.reference)
    for figure in lesson.interactive:
        for values in settings(figure):
            shown = ", ".join(f"{name}={value}" for name, value in values.items()) or "the start"
            try:
                scene = moving.draw(figure, values)
                own = moving.draw_own(figure, values, student)
            except (CallFailed, CallLost, CheckFailed) as error:
                yield _at(lesson, figure, f"{figure.name} fails with a student's right code, at {shown}: {error}")
            except Fault as error:
                yield _at(lesson, figure, f"at {shown}: {error}")
            else:
                if own != scene:
                    yield _at(lesson, figure, f"{figure.name} differs with a student's right code, at {shown}.")
                yield from (_at(lesson, figure, f"at {shown}, {said}") for said in _faults(figure, scene))


def settings(figure: Interactive) -> Iterator[Mapping[str, Any]]:
    """Yield the start, and each control at each of its ends while the others stay."""
    yield {}
    for name, control in figure.controls.items():
        ends = (control.low, control.high) if isinstance(control, Slider) else range(len(control.options))
        for value in ends:
            yield {name: value}


def _faults(figure: Interactive, scene: Scene) -> Iterator[str]:
    if not scene.words.strip() or not scene.panels:
        yield f"{figure.name} needs panels, and words that say what they show."
    for panel in scene.panels:
        yield from _faults_of(figure, panel)


def _faults_of(figure: Interactive, panel: Panel) -> Iterator[str]:
    for low, high, is_log in ((*panel.x, panel.x_log), (*panel.y, panel.y_log)):
        if (low, high) != HIDDEN_AXES and not (low < high and (low > 0 or not is_log)):
            yield f"an axis of {figure.name} goes from {low} to {high}{', logarithmic' if is_log else ''}."
    for mark in panel.marks:
        if mark.kind == "handle" and (lost := {each.control for each in mark.sets} - figure.controls.keys()):
            yield f"a handle of {figure.name} sets {', '.join(sorted(lost))}, which is not a control."


def _at(lesson: Lesson, figure: Interactive, text: str) -> Finding:
    return finding(lesson, lesson.folder / f"{INTERACTIVE}.py", figure.line, text)
