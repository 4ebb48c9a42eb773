"""Proof 7: the texts of a lesson are complete, and their code runs as they say."""

from grader.audit import figures, predictions, text
from grader.audit.finding import Finding, Proof, finding
from grader.audit.hooks import MOVE_FIGURES, RUN_PREDICTIONS, RUN_PROGRAMS, findings_from
from grader.audit.proving import Proving, Thoroughness, submission
from grader.course.model import Lesson
from grader.pool.job import Job

CLAIM = "the README, hints, docstrings, predictions and figures are complete and run as they say"


def prove(lesson: Lesson, how: Thoroughness) -> Proving:
    """Examine the texts, and run their code."""
    found: list[Finding] = text.examine(lesson)
    found += [*predictions.are_well_written(lesson), *figures.are_well_written(lesson)]
    own = submission(lesson, lesson.solution.read_bytes())
    hooks = [RUN_PROGRAMS] if how.runs_readme and text.readme_file(lesson).is_file() else []
    hooks += [RUN_PREDICTIONS] if lesson.predictions else []
    hooks += [MOVE_FIGURES] if lesson.interactive else []
    outcomes = yield [Job(lesson.name, own, hook=hook) for hook in hooks]
    for outcome in outcomes:
        if outcome.fault:
            found.append(finding(lesson, lesson.solution, 1, outcome.fault))
        else:
            found += findings_from(outcome.answer)
    facts = () if how.runs_readme else ("the code of the README was not run here; the tests of the lessons run it",)
    return (Proof(7, CLAIM, tuple(found), facts),)
