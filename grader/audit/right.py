"""Proofs 1, 2, 5, 6, 8, 9: right answers pass undiagnosed, empty ones get nothing, verdicts repeat, calls are fast."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.audit.finding import Finding, Proof, finding
from grader.audit.hooks import DIAGNOSE, MEASURE
from grader.audit.proving import PATIENT, Proving, Thoroughness, submission
from grader.course.model import Lesson
from grader.engine.grading import Options
from grader.metrics import Measured
from grader.pool.job import Job
from grader.pool.pool import Outcome
from grader.sandbox.confinement import Limits
from grader.text import counted
from grader.verdict import CheckVerdict, LessonVerdict, Status, lesson_from

ENOUGH_ROOM = 0.5
"""The fraction of a tolerance that the solution may use: another right answer may be off by twice as much."""
PART_OF_LIMIT = 0.1
"""The fraction of the time limit that a call of the solution may take: a student's may be ten times as slow."""
PART_OF_LESSON = 0.5
"""The fraction of a lesson's time limit that all calls of the solution may take."""


@dataclass
class Totals:
    """The measurements of several runs together.

    Of times, the fastest run counts: what the machine did besides is not the solution's time.
    """

    checks: dict[str, Measured] = field(default_factory=dict)
    slowest: dict[str, float] = field(default_factory=dict)
    together: float = math.inf
    """Seconds of all calls of the fastest run."""

    def add(self, answer: dict[str, Any]) -> None:
        """Add the measurements of one run."""
        self.together = min(self.together, answer["together"])
        for name, plain in answer["checks"].items():
            new, total = Measured(**plain), self.checks.setdefault(name, Measured())
            # A check without Hypothesis counts as one example.
            total.examples += max(1, new.examples)
            total.comparisons += new.comparisons
            total.used = max(total.used, new.used)
        for name, seconds in answer["slowest"].items():
            self.slowest[name] = min(self.slowest.get(name, math.inf), seconds)


def prove_solution(lesson: Lesson, how: Thoroughness) -> Proving:
    """Proofs 1 and 8: the solution passes with fresh examples, within its tolerances, and in time."""
    own = submission(lesson, lesson.solution.read_bytes())
    seeds = range(how.seeds + 1)
    outcomes = yield [Job(lesson.name, own, Options(seed=seed, limits=PATIENT), MEASURE) for seed in seeds]
    found: list[Finding] = []
    totals = Totals()
    for seed, outcome in zip(seeds, outcomes, strict=True):
        if outcome.fault or outcome.answer is None:
            found.append(finding(lesson, lesson.solution, 1, f"with seed {seed}: {outcome.fault}"))
            continue
        totals.add(outcome.answer)
        for check in _failures(lesson_from(outcome.answer["lesson"])):
            text = f"with seed {seed} the solution fails {check.name}: {_said(check)}"
            found.append(at_check(lesson, check.name, text))
    found += _tight(lesson, totals)
    yield_facts = _margins(totals)
    examples = sum(each.examples for each in totals.checks.values())
    facts = [f"{len(seeds)} seeds, {examples:,} examples; {yield_facts[0]}", *yield_facts[1:]]
    data = {
        "seeds": len(seeds),
        "examples": examples,
        "checks": {name: {"examples": each.examples, "used": each.used} for name, each in totals.checks.items()},
    }
    return (
        Proof(1, "the solution passes, with fresh examples", tuple(found), tuple(facts), data),
        _in_time(lesson, totals, how),
    )


def _margins(totals: Totals) -> list[str]:
    compared = {name: each for name, each in totals.checks.items() if each.comparisons}
    if not compared:
        return ["no check compares with a tolerance"]
    name, tightest = max(compared.items(), key=lambda pair: pair[1].used)
    return [f"the tightest check is {name}, which uses {_part(tightest.used)} of its tolerance"] + [
        f"{name}: {each.examples:,} examples"
        + (f", uses {_part(each.used)} of the tolerance" if each.comparisons else "")
        for name, each in totals.checks.items()
    ]


def _tight(lesson: Lesson, totals: Totals) -> Iterator[Finding]:
    for name, each in totals.checks.items():
        if each.used > ENOUGH_ROOM:
            text = (
                f"the solution uses {_part(each.used)} of the tolerance of {name}. Widen it, or scale the comparison."
            )
            yield at_check(lesson, name, text)


def _in_time(lesson: Lesson, totals: Totals, how: Thoroughness) -> Proof:
    allowed = PART_OF_LIMIT * Limits().long_call_seconds
    lines = {exercise.name: _definition_line(lesson, exercise.name) for exercise in lesson.exercises}
    found = [
        finding(
            lesson,
            lesson.solution,
            lines.get(name, 1),
            f"a call of {name} takes {1000 * seconds:.0f} ms, more than {1000 * allowed:.0f} ms, a tenth of the limit."
            " Use smaller arguments in the checks.",
        )
        for name, seconds in totals.slowest.items()
        if seconds > allowed
    ]
    limit = Limits().lesson_seconds
    if PART_OF_LESSON * limit < totals.together < math.inf:
        text = f"all calls together take {totals.together:.1f} s of {limit:g} s. Make fewer calls in the checks."
        found.append(finding(lesson, lesson.solution, 1, text))
    slowest = ", ".join(f"{name} {1000 * seconds:.0f} ms" for name, seconds in totals.slowest.items())
    facts: tuple[str, ...] = (
        f"the slowest calls, allowed {1000 * allowed:.0f} ms: {slowest or 'none'}",
        f"all calls together, allowed {PART_OF_LESSON * limit:g} s: {totals.together:.2g} s",
    )
    data = {
        "slowest_ms": {name: round(1000 * seconds, 1) for name, seconds in totals.slowest.items()},
        "together_ms": round(1000 * totals.together, 1) if totals.slowest else 0.0,
    }
    if not how.judges_time:
        found, facts = [], ("measured but not judged: a CI machine may be busy with something else", *facts)
    return Proof(8, "every call of the solution takes at most a tenth of the limit", tuple(found), facts, data)


def prove_nothing(lesson: Lesson, _how: Thoroughness) -> Proving:
    """Proof 2: the stub and an empty file get no points."""
    files = {
        "the stub": submission(lesson, lesson.stub),
        "an empty file": submission(lesson, b""),
    }
    wanted = {"the stub": Status.TODO, "an empty file": Status.INVALID}
    outcomes = yield [Job(lesson.name, file) for file in files.values()]
    found = []
    for name, outcome in zip(files, outcomes, strict=True):
        if outcome.lesson is None or outcome.fault:
            found.append(finding(lesson, lesson.solution, 1, f"{name} makes the grader fail: {outcome.fault}"))
            continue
        for exercise in outcome.lesson.exercises:
            line = _definition_line(lesson, exercise.name)
            if exercise.points != 0:
                text = f"{name} gets {counted(exercise.points or 0, 'point')} for {exercise.name}."
                found.append(finding(lesson, lesson.solution, line, text))
            elif exercise.status is not wanted[name]:
                text = f"{name} is {exercise.status} in {exercise.name}, expected {wanted[name]}."
                found.append(finding(lesson, lesson.solution, line, text))
    return (Proof(2, "the stub and an empty file get no points", tuple(found)),)


def prove_variants(lesson: Lesson, _how: Thoroughness) -> Proving:
    """Proofs 5 and 9: right answers in other styles pass, and neither they nor the solution are diagnosed."""
    found: list[Finding] = []
    variants = lesson.variants
    for exercise in lesson.exercises:
        if not exercise.bonus and not any(each.exercise == exercise.name for each in variants):
            text = f"{exercise.name} has no variant: write it in another style, as a function marked @variant."
            found.append(finding(lesson, lesson.code(exercise.name), 1, text))
    own = submission(lesson, lesson.solution.read_bytes())
    *outcomes, of_solution = yield [
        *(
            Job(
                lesson.name,
                submission(lesson, lesson.varied(each)),
                Options((each.exercise,), limits=PATIENT, shrinks=False, is_strict=True),
                DIAGNOSE,
            )
            for each in variants
        ),
        Job(lesson.name, own, Options(limits=PATIENT, shrinks=False, is_strict=True), DIAGNOSE),
    ]
    diagnosed = list(_diagnosed(lesson, of_solution))
    totals = Totals()
    for variant, outcome in zip(variants, outcomes, strict=True):
        path = lesson.code(variant.exercise)
        if outcome.fault or outcome.answer is None:
            found.append(finding(lesson, path, variant.line, f"{variant.label}: {outcome.fault}"))
            continue
        totals.add(outcome.answer)
        diagnosed += [
            finding(lesson, path, variant.line, f"{variant.label} is right, but {text}")
            for texts in outcome.answer["diagnosed"].values()
            for text in texts
        ]
        failures = _failures(lesson_from(outcome.answer["lesson"]))
        if failures:
            names = ", ".join(check.name for check in failures)
            text = f"{variant.label} is right but fails {names}: {_said(failures[0])}"
            found.append(finding(lesson, path, variant.line, text))
    used = max((each.used for each in totals.checks.values()), default=0.0)
    counts = ", ".join(
        f"{exercise.name} {sum(each.exercise == exercise.name for each in variants)}" for exercise in lesson.exercises
    )
    facts = (f"{len(variants)} variants ({counts}); none uses more than {_part(used)} of a tolerance",)
    data = {"variants": [each.label for each in variants], "used": used}
    return (
        Proof(5, "right answers in other styles pass", tuple(found), facts, data),
        _undiagnosed(lesson, diagnosed, len(variants)),
    )


def _diagnosed(lesson: Lesson, outcome: Outcome) -> Iterator[Finding]:
    """Find what the diagnosis says about the solution."""
    if outcome.fault or outcome.answer is None:
        yield finding(lesson, lesson.solution, 1, f"the solution: {outcome.fault}")
        return
    for name, texts in outcome.answer["diagnosed"].items():
        for text in texts:
            yield finding(lesson, lesson.solution, _definition_line(lesson, name), f"{name} is right, but {text}")


def _undiagnosed(lesson: Lesson, found: Sequence[Finding], variants: int) -> Proof:
    answers = f"the solution and {counted(variants, 'variant')}"
    facts = (f"{answers}: no mistake is named, no cause is found, and no mistake gives all answers",)
    data = {"right_answers": variants + len(lesson.exercises)}
    return Proof(9, "no right answer is diagnosed", tuple(found), () if found else facts, data)


def prove_same(lesson: Lesson, how: Thoroughness) -> Proving:
    """Proof 6: the same file gets the same verdict, word for word, be it right or full of mistakes."""
    files = {"the solution": submission(lesson, lesson.solution.read_bytes())}
    if first := {each.exercise: each for each in reversed(lesson.mistakes)}:
        files["the first mistake of each exercise"] = submission(lesson, lesson.mistaken(*first.values()))
    outcomes = yield [
        Job(lesson.name, file, Options(limits=PATIENT)) for file in files.values() for _ in range(how.repeats)
    ]
    found = []
    for i, name in enumerate(files):
        runs = outcomes[i * how.repeats : (i + 1) * how.repeats]
        found += list(_differences(lesson, name, runs))
    facts = (f"{how.repeats} runs each of {' and of '.join(files)}",)
    return (Proof(6, "the same file gets the same verdict", tuple(found), facts, {"runs": how.repeats}),)


def _differences(lesson: Lesson, name: str, runs: Sequence[Outcome]) -> Iterator[Finding]:
    faults = [run.fault for run in runs if run.lesson is None or run.fault]
    if faults:
        yield finding(lesson, lesson.solution, 1, f"no verdict on {name}: {faults[0]}")
        return
    first, *others = [_timeless(run.lesson) for run in runs if run.lesson is not None]
    for number, verdict in enumerate(others, start=2):
        if verdict == first:
            continue
        pairs = zip(first.exercises, verdict.exercises, strict=True)
        checks = [(a, b) for one, other in pairs for a, b in zip(one.checks, other.checks, strict=False) if a != b]
        if not checks:
            yield finding(lesson, lesson.solution, 1, f"run {number} of {name} differs from the first.")
            return
        one, other = checks[0]
        text = (
            f"run {number} of {name} differs from the first: {one.status}, then {other.status}: {_said(other)}"
            f" Is there something random in {one.name}?"
        )
        yield at_check(lesson, one.name, text)
        return


def _timeless(lesson: LessonVerdict) -> LessonVerdict:
    """Return the verdict without durations."""
    exercises = tuple(
        replace(exercise, checks=tuple(replace(check, duration_ms=0.0) for check in exercise.checks))
        for exercise in lesson.exercises
    )
    return replace(lesson, exercises=exercises)


def _failures(lesson: LessonVerdict) -> list[CheckVerdict]:
    return [check for exercise in lesson.exercises for check in exercise.checks if check.status is not Status.PASSED]


def at_check(lesson: Lesson, name: str, text: str) -> Finding:
    """Return a finding about a check at its line; one of the engine's own checks gets the line of its exercise."""
    base = name.partition("[")[0]
    for check in lesson.checks:
        if check.name == base:
            return finding(lesson, lesson.code(check.exercise), check.line, text)
    for exercise in lesson.exercises:
        if base.endswith(f"_{exercise.name}"):
            return finding(lesson, lesson.solution, _definition_line(lesson, exercise.name), text)
    return finding(lesson, lesson.solution, 1, text)


def _definition_line(lesson: Lesson, name: str) -> int:
    return next((node.lineno for node in lesson.solution_module.definitions() if node.name == name), 1)


def _said(check: CheckVerdict) -> str:
    parts = [check.message or check.claim, f"For {check.counterexample}" if check.counterexample else ""]
    parts += [f"it returned {check.returned}, expected {check.wanted}." if check.returned else ""]
    return " ".join(" ".join(part.split()) for part in parts if part)


def _part(used: float) -> str:
    if math.isinf(used) or used >= 1:
        return "all"
    return f"{float(f'{100 * used:.1g}'):g} %" if used else "nothing"
