"""The summary of a class: passed checks, known mistakes, time-outs, and unknown mistakes that several share."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.classes.database import Row
from grader.course.model import Lesson
from grader.reports import as_markdown, page
from grader.text import counted
from grader.verdict import CheckVerdict, ExerciseVerdict, Report, Status

SCHEMA = 1
MAX_NAMES = 5
"""Students of a cluster listed in the summary."""
MIN_CLUSTER = 2
"""Different files in a cluster: one file is not a pattern."""


@dataclass
class Cluster:
    """Students whose functions give the same wrong answers, and unlike any known mistake."""

    lesson: str
    exercise: str
    behaviour: str
    students: list[str] = field(default_factory=list)
    contents: set[str] = field(default_factory=set)
    """The keys of their different files."""
    check: CheckVerdict | None = None
    """The first failure of the first student."""


@dataclass
class _Exercise:
    """The counts of an exercise."""

    statuses: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    ran: Counter[str] = field(default_factory=Counter)
    claims: dict[str, str] = field(default_factory=dict)


class Summary:
    """Counts over the students of a class."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._lessons = lessons
        self._students = 0
        self._points: Counter[str] = Counter()
        self._exercises: dict[tuple[str, str], _Exercise] = {
            (lesson.name, exercise.name): _Exercise() for lesson in lessons for exercise in lesson.exercises
        }
        self._clusters: dict[tuple[str, str, str], Cluster] = {}
        self._faults: list[str] = []
        self._notes: list[tuple[str, tuple[str, ...]]] = []
        self._unrun: list[str] = []

    def add(self, row: Row, report: Report, behaviours: dict[tuple[str, str], str], contents: dict[str, str]) -> None:
        """Count one student."""
        self._students += 1
        self._points["no score" if report.points is None else str(report.points)] += 1
        if row.notes:
            self._notes.append((row.student, row.notes))
        for lesson in report.lessons:
            if all(verdict.status is Status.INVALID for verdict in lesson.exercises):
                self._unrun.append(f"{row.student}: {lesson.id}: {_why(lesson.exercises[0])}")
            for verdict in lesson.exercises:
                self._add(lesson.name, verdict)
                if verdict.status is Status.FAULT:
                    self._faults.append(f"{row.student}: {lesson.id} {verdict.name}: {_why(verdict)}")
                behaviour = behaviours.get((lesson.name, verdict.name), "")
                if behaviour:
                    place = lesson.name, verdict.name, behaviour
                    cluster = self._clusters.setdefault(place, Cluster(*place, check=verdict.first_failure))
                    cluster.students.append(row.student)
                    cluster.contents.add(contents[lesson.name])

    def clusters(self) -> list[Cluster]:
        """Return the clusters of different files, the largest first: copies of one file are not a pattern."""
        found = [cluster for cluster in self._clusters.values() if len(cluster.contents) >= MIN_CLUSTER]
        return sorted(found, key=lambda each: (-len(each.students), each.lesson, each.exercise, each.behaviour))

    def as_json(self, noticed: Iterable[str]) -> str:
        """Return all counts as one JSON object."""
        document = {
            "schema": SCHEMA,
            "students": self._students,
            "points": dict(sorted(self._points.items())),
            "faults": self._faults,
            "nothing_to_run": self._unrun,
            "lessons": [self._lesson(lesson) for lesson in self._lessons],
            "clusters": [_plain(cluster) for cluster in self.clusters()],
            "ignored": [{"student": student, "notes": list(notes)} for student, notes in self._notes],
            "noticed": list(noticed),
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"

    def as_markdown(self, noticed: Iterable[str]) -> str:
        """Return the summary as Markdown."""
        lines = [f"# {counted(self._students, 'student')}", ""]
        if self._faults:
            lines += [
                "## Faults of the grader",
                "",
                "Not scored: the grader failed, not the students' code. Grade again, and report what remains.",
                "",
                *(f"- {_text(fault)}" for fault in self._faults),
                "",
            ]
        if self._unrun:
            lines += ["## Nothing to run", "", "No file was found, or none that Python can run.", ""]
            lines += [*(f"- {_text(each)}" for each in self._unrun), ""]
        lines += ["## Points", "", "| points | students |", "| ---: | ---: |"]
        lines += [f"| {points} | {number} |" for points, number in sorted(self._points.items(), key=_by_points)]
        lines += [""]
        for lesson in self._lessons:
            lines += [f"## {lesson.id} {_text(lesson.title)}", "", *self._statuses(lesson), ""]
            lines += ["### Checks", "", *self._checks(lesson), ""]
            lines += ["### Known mistakes", "", *self._mistakes(lesson), ""]
        lines += ["## Unknown mistakes that several students share", "", *self._clusters_told(), ""]
        lines += self._noticed(list(noticed))
        return "\n".join(lines).rstrip() + "\n"

    def _add(self, lesson: str, verdict: ExerciseVerdict) -> None:
        counted = self._exercises[lesson, verdict.name]
        counted.statuses[verdict.status] += 1
        if verdict.status is Status.FAULT:
            return
        for check in verdict.checks:
            counted.claims.setdefault(check.name, check.claim)
            counted.ran[check.name] += 1
            counted.passed[check.name] += check.status is Status.PASSED
        counted.mistakes.update({check.mistake for check in verdict.checks if check.mistake})

    def _lesson(self, lesson: Lesson) -> dict[str, Any]:
        exercises = []
        for exercise in lesson.exercises:
            counted = self._exercises[lesson.name, exercise.name]
            checks = [
                {"name": name, "claim": claim, "passed": counted.passed[name], "of": counted.ran[name]}
                for name, claim in counted.claims.items()
            ]
            exercises.append(
                {
                    "name": exercise.name,
                    "statuses": dict(sorted(counted.statuses.items())),
                    "timeouts": counted.statuses[Status.TIMEOUT],
                    "checks": checks,
                    "mistakes": dict(_by_frequency(counted.mistakes)),
                }
            )
        return {"id": lesson.id, "name": lesson.name, "exercises": exercises}

    def _statuses(self, lesson: Lesson) -> list[str]:
        shown = [status for status in Status if self._count(lesson, status)]
        lines = [f"| exercise | {' | '.join(shown)} |", f"| --- |{' ---: |' * len(shown)}"]
        for exercise in lesson.exercises:
            statuses = self._exercises[lesson.name, exercise.name].statuses
            lines.append(f"| {exercise.name} | {' | '.join(str(statuses[status]) for status in shown)} |")
        return lines

    def _count(self, lesson: Lesson, status: Status) -> int:
        return sum(self._exercises[lesson.name, exercise.name].statuses[status] for exercise in lesson.exercises)

    def _checks(self, lesson: Lesson) -> list[str]:
        lines = ["| exercise | check | passed |", "| --- | --- | ---: |"]
        for exercise in lesson.exercises:
            counted = self._exercises[lesson.name, exercise.name]
            for name, claim in counted.claims.items():
                passed, of = counted.passed[name], counted.ran[name]
                lines.append(f"| {exercise.name} | {_text(claim)} | {passed} of {of} ({100 * passed / of:.0f} %) |")
        return lines

    def _mistakes(self, lesson: Lesson) -> list[str]:
        rows = [
            (number, exercise.name, mistake)
            for exercise in lesson.exercises
            for mistake, number in self._exercises[lesson.name, exercise.name].mistakes.items()
        ]
        if not rows:
            return ["None."]
        lines = ["| exercise | mistake | students |", "| --- | --- | ---: |"]
        ordered = sorted(rows, key=lambda row: (-row[0], row[1], row[2]))
        return lines + [f"| {exercise} | {mistake} | {number} |" for number, exercise, mistake in ordered]

    def _clusters_told(self) -> list[str]:
        clusters = self.clusters()
        if not clusters:
            return ["None."]
        lines = ["Each of these may be worth a new known mistake: `grade mistakes suggest` drafts it.", ""]
        ids = {lesson.name: lesson.id for lesson in self._lessons}
        for cluster in clusters:
            named = ", ".join(cluster.students[:MAX_NAMES])
            more = f" and {len(cluster.students) - MAX_NAMES} more" if len(cluster.students) > MAX_NAMES else ""
            check = cluster.check
            claim = f": {_text(check.claim)}" if check is not None else ""
            claim += f" {_text(check.cause.sentence)}" if check is not None and check.cause is not None else ""
            lines.append(
                f"- {ids[cluster.lesson]} {cluster.exercise}, {len(cluster.students)} students"
                f" ({_text(named)}{more}), {len(cluster.contents)} different files{claim}"
            )
        return lines

    def _noticed(self, noticed: list[str]) -> list[str]:
        if not noticed and not self._notes:
            return []
        lines = ["## Notes", ""]
        lines += [f"- {_text(name)}" for name in noticed]
        return lines + [f"- {_text(student)}: {_text('; '.join(notes))}" for student, notes in self._notes]


def _why(verdict: ExerciseVerdict) -> str:
    """Return the first line of the message of an exercise's first failure."""
    return verdict.first_failure.message.partition("\n")[0] if verdict.first_failure else ""


def _plain(cluster: Cluster) -> dict[str, Any]:
    check = cluster.check
    return {
        "lesson": cluster.lesson,
        "exercise": cluster.exercise,
        "behaviour": cluster.behaviour,
        "students": cluster.students,
        "files": len(cluster.contents),
        "check": check.name if check is not None else "",
        "counterexample": check.counterexample if check is not None else "",
        "message": check.message if check is not None else "",
        "returned": check.returned if check is not None else "",
        "wanted": check.wanted if check is not None else "",
        "cause": check.cause.sentence if check is not None and check.cause is not None else "",
    }


def _by_points(item: tuple[str, int]) -> tuple[bool, int]:
    """Return a sort key: most points first, no score last."""
    return not item[0].isdigit(), -int(item[0]) if item[0].isdigit() else 0


def _by_frequency(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def _text(text: str) -> str:
    """Return a text on one line, escaped for Markdown: it makes no links and mentions no users."""
    return as_markdown.escaped(page.one_line(text))
