"""Proof 7: what a reader meets is whole, and runs as it says."""

from grader.audit import predictions, text
from grader.audit.finding import Finding, Proof, finding
from grader.audit.hooks import RUN_PREDICTIONS, RUN_PROGRAMS, findings_from
from grader.audit.proving import Proving, Thoroughness, submission
from grader.course.model import Lesson
from grader.pool.job import Job

CLAIM = "the README, hints, docstrings and predictions are whole and run as they say"


def prove(lesson: Lesson, how: Thoroughness) -> Proving:
    """Look at the texts, and run what can be run."""
    found: list[Finding] = text.examine(lesson)
    found += predictions.are_well_written(lesson)
    own = submission(lesson, lesson.solution.read_bytes())
    hooks = [RUN_PROGRAMS] if how.runs_readme and text.readme_file(lesson).is_file() else []
    hooks += [RUN_PREDICTIONS] if lesson.predictions else []
    outcomes = yield [Job(lesson.name, own, hook=hook) for hook in hooks]
    for outcome in outcomes:
        if outcome.fault:
            found.append(finding(lesson, lesson.solution, 1, outcome.fault))
        else:
            found += findings_from(outcome.answer)
    facts = (
        ()
        if how.runs_readme
        else ("the code of the README was looked at and not run; the tests of the lessons run it",)
    )
    return (Proof(7, CLAIM, tuple(found), facts),)
