"""Proof 3: every known mistake fails and is named as itself, and every check catches a mistake."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from grader.audit.finding import Finding, Proof, finding
from grader.audit.proving import Proving, Thoroughness, submission
from grader.course.definitions import replaced
from grader.course.exercise_text import Mistake, replacements, together
from grader.course.model import Lesson
from grader.engine.grading import Options
from grader.pool.job import Job
from grader.verdict import ExerciseVerdict, Status

CAUGHT, MISSED = "x", "."

Matrix = dict[str, dict[str, frozenset[str]]]
"""By exercise and mistake, the checks that fail."""


def prove(lesson: Lesson, _how: Thoroughness) -> Proving:
    """Grade every known mistake with every check of its exercise."""
    found: list[Finding] = []
    groups = _half_repaired(lesson)
    files = [(each, lesson.mistaken(each)) for each in lesson.mistakes]
    files += [(each, _with_starter(lesson, each)) for each in groups]
    outcomes = yield [
        Job(lesson.name, submission(lesson, text), Options((each.exercise,), shrinks=False, is_strict=True))
        for each, text in files
    ]
    columns: dict[str, list[str]] = {}
    matrix: Matrix = {}
    for mistake, outcome in zip(lesson.mistakes, outcomes, strict=False):
        path = lesson.text(mistake.exercise)
        if outcome.fault or outcome.lesson is None:
            text = f"with {mistake.label} the grader fails: {outcome.fault}"
            found.append(finding(lesson, path, mistake.line, text))
            continue
        (exercise,) = outcome.lesson.exercises
        columns.setdefault(exercise.name, [check.name for check in exercise.checks])
        failed = frozenset(check.name for check in exercise.checks if check.status is not Status.PASSED)
        matrix.setdefault(exercise.name, {})[mistake.name] = failed
        found += [finding(lesson, path, mistake.line, text) for text in _misjudged(mistake, exercise)]
    found += _idle_checks(lesson, matrix)
    for group, outcome in zip(groups, outcomes[len(lesson.mistakes) :], strict=True):
        text = f"with {group.label}, left of the starter, the grader fails: {outcome.fault}"
        if outcome.lesson is not None and not outcome.fault:
            text = f"{group.label}, left of the starter, does not fail. Add an @example with data that exposes it."
        if outcome.lesson is None or outcome.fault or outcome.lesson.exercises[0].first_failure is None:
            found.append(finding(lesson, lesson.text(group.exercise), group.line, text))
    facts = [f"{len(lesson.mistakes)} mistakes fail, each named as itself"] if not found else []
    facts += [f"{len(groups)} half-repaired starters fail"] if groups and not found else []
    facts += [line for name, rows in matrix.items() for line in table(name, rows, columns[name])]
    data: dict[str, Any] = {
        "matrix": {
            name: {mistake: [check for check in columns[name] if check in failed] for mistake, failed in rows.items()}
            for name, rows in matrix.items()
        }
    }
    return (
        Proof(3, "every known mistake fails and is named, every check catches one", tuple(found), tuple(facts), data),
    )


def _half_repaired(lesson: Lesson) -> list[Mistake]:
    """Return what may be left of each starter after a repair: its groups of mistakes, each as one mistake."""
    return [
        together(group)
        for text in lesson.texts.values()
        for size in range(2, len(text.starter) + 1)
        for group in itertools.combinations(text.starter, size)
    ]


def _with_starter(lesson: Lesson, group: Mistake) -> str:
    """Return the solution with such a group; a statement at its end keeps it from being the starter, which is to do."""
    changed = replacements(group, lesson.solution_module, lesson.shown(lesson.text(group.exercise)))
    return replaced(lesson.solution_module, {name: f"{source}\n    pass" for name, source in changed.items()})


def _misjudged(mistake: Mistake, exercise: ExerciseVerdict) -> Iterator[str]:
    first = exercise.first_failure
    if first is None:
        yield f"{mistake.label} passes every check. Add an @example with data that exposes it."
    elif first.mistake != mistake.name:
        other = f"named {exercise.name}__{first.mistake}" if first.mistake else f"not named ({exercise.status})"
        yield (
            f"{mistake.label} is {other}. Give the checks data on which they differ, or let them share one explanation."
        )
    for check in exercise.checks:
        if check.cause is not None:
            yield f"{mistake.label} is explained by a cause in {check.name}, too: {check.cause.sentence}"


def _idle_checks(lesson: Lesson, matrix: Matrix) -> Iterator[Finding]:
    """Find the checks that catch no mistake and have no @keeps, and those with a needless @keeps."""
    for check in lesson.checks:
        failed = any(
            each.partition("[")[0] == check.name
            for rows in matrix.values()
            for checks in rows.values()
            for each in checks
        )
        path = lesson.code(check.exercise)
        if not failed and not check.keeps:
            text = f'{check.name} catches no known mistake. Write the mistake, or say why it stays: @keeps("...").'
            yield finding(lesson, path, check.line, text)
        elif failed and check.keeps:
            text = f"{check.name} catches a known mistake, so it needs no @keeps. Remove it."
            yield finding(lesson, path, check.line, text)


def table(exercise: str, rows: dict[str, frozenset[str]], checks: Sequence[str]) -> list[str]:
    """Return the kill matrix of an exercise: a line for each mistake, a column for each check, and their names."""
    width = max(len(exercise), *(len(name) + 2 for name in rows))
    numbers = [str(number) for number in range(1, len(checks) + 1)]
    cell = max(len(number) for number in numbers) + 1
    lines = [f"{exercise:<{width}}" + "".join(f"{number:>{cell}}" for number in numbers)]
    lines += [
        f"{'  ' + name:<{width}}" + "".join(f"{CAUGHT if check in failed else MISSED:>{cell}}" for check in checks)
        for name, failed in rows.items()
    ]
    sums = [sum(check in failed for failed in rows.values()) for check in checks]
    lines += [
        f"  {number}: {check}, {count} caught" for number, check, count in zip(numbers, checks, sums, strict=True)
    ]
    return lines
