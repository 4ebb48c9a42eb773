"""Write the results of a class: a report for each student, the table of grades, and the summary.

The files depend only on the verdicts, so a resumed run writes the same bytes as an uninterrupted one. Unchanged files
are not written again.
"""

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import files
from grader.classes.cache_keys import verdict_key
from grader.classes.csv_table import MARK, safe
from grader.classes.database import Ledger, Row
from grader.classes.roster import Person
from grader.classes.summary import Summary
from grader.course.model import Lesson
from grader.errors import Fault
from grader.reports import as_html, as_json
from grader.reports.audience import for_student
from grader.verdict import PUBLIC, ExerciseVerdict, LessonVerdict, Report, Status, Visibility, unchecked

GRADES = "grades.csv"
STUDENTS = "students"
SUMMARY = "summary"
ENDINGS = (".json", ".html")
_BATCH = 200


@dataclass(frozen=True)
class Form:
    """The form of the table of grades."""

    separator: str = ","
    has_bonus: bool = False
    """Whether bonus points have columns."""


@dataclass(frozen=True)
class Class:
    """What was graded, and how."""

    lessons: tuple[Lesson, ...]
    keys: dict[str, dict[str, str]]
    """By lesson and exercise, the key of what its verdicts depend on."""
    faults: dict[tuple[str, str, str], str]
    """By lesson, content and exercise: why there is no verdict."""
    isolation: str
    shown: frozenset[Visibility] = PUBLIC
    """The checks that the students' reports show."""
    noticed: tuple[str, ...] = ()
    """Notes about the folder of the class."""
    people: Mapping[str, Person] = field(default_factory=dict)
    """By student, who it is on the roster."""
    form: Form = field(default_factory=Form)

    def results(self, ledger: Ledger, student: str) -> "Results":
        """Return the results of a student's submission."""
        contents = ledger.content_of(student)
        behaviours: dict[tuple[str, str], str] = {}
        damaged: list[str] = []
        lessons = []
        for lesson in self.lessons:
            content = contents[lesson.name]
            exercises = []
            for exercise in lesson.exercises:
                key = verdict_key(self.keys[lesson.name][exercise.name], content)
                known = ledger.recall(key)
                if known is None:
                    why = self.faults.get((lesson.name, content, exercise.name), "")
                    if not why:
                        why = "Its stored verdict cannot be read."
                        damaged.append(key)
                    fault = unchecked(why, lesson.strictest)
                    exercises.append(ExerciseVerdict(exercise.name, exercise.bonus, (fault,)))
                else:
                    exercises.append(known.verdict)
                    behaviours[lesson.name, exercise.name] = known.behaviour
            lessons.append(LessonVerdict(lesson.id, lesson.name, lesson.title, tuple(exercises)))
        return Results(Report(tuple(lessons), self.isolation, seed=None), behaviours, contents, damaged)

    def state(self, ledger: Ledger, row: Row, doubtful: Collection[tuple[str, str]]) -> str:
        """Return a hash of everything that a student's reports show; empty if the next run may change it.

        ``doubtful`` holds the files, by lesson and content, with a verdict that the machine may have caused.
        """
        words = hashlib.sha256(repr((row, sorted(self.shown))).encode(errors="backslashreplace"))
        contents = ledger.content_of(row.student)
        for lesson in self.lessons:
            content = contents[lesson.name]
            has_fault = any((lesson.name, content, name) in self.faults for name in self.keys[lesson.name])
            if has_fault or (lesson.name, content) in doubtful:
                return ""
            words.update(f"{lesson.title} {content} {self.keys[lesson.name]}".encode())
        return words.hexdigest()


@dataclass(frozen=True)
class Results:
    """The results of one student's submission."""

    report: Report
    behaviours: dict[tuple[str, str], str]
    """By lesson and exercise, the fingerprint of its behaviour."""
    contents: dict[str, str]
    """By lesson, the key of the file's content."""
    damaged: list[str]
    """The keys of stored verdicts that cannot be read."""


@dataclass(frozen=True)
class Told:
    """What went wrong while the results were written."""

    faulty: list[str] = field(default_factory=list)
    """The students whose report has a fault."""
    damaged: list[str] = field(default_factory=list)
    """The keys of stored verdicts that cannot be read."""


def tell(ledger: Ledger, graded: Class, out: Path) -> Told:
    """Write every result that is not written yet."""
    try:
        (out / STUDENTS).mkdir(exist_ok=True)
        doubtful = ledger.unrepeatable()
        states = {row.student: graded.state(ledger, row, doubtful) for row in ledger.students()}
        telling = _Telling(ledger, graded, out, states)
        return Told() if telling.is_done() else telling.do()
    except OSError as error:
        raise Fault(
            f"{error.filename or out} cannot be written: {error.strerror or error}. Every verdict is kept: make room,"
            " or move away what is in its place, then run the same command again."
        ) from error


class _Telling:
    """Writes the files of a class."""

    def __init__(self, ledger: Ledger, graded: Class, out: Path, states: dict[str, str]) -> None:
        self._ledger, self._graded, self._out, self._states = ledger, graded, out, states
        self._files = file_names(states)
        whole = repr((list(states.items()), graded.noticed, sorted(graded.people.items()), graded.form))
        digest = hashlib.sha256(whole.encode(errors="backslashreplace")).hexdigest()
        self._whole = "" if "" in states.values() else digest
        self._there = {path.name for path in (out / STUDENTS).iterdir()}

    def is_done(self) -> bool:
        """Whether all files are there and show the current state."""
        whole = (GRADES, f"{SUMMARY}.md", f"{SUMMARY}.json")
        return (
            self._whole != ""
            and self._ledger.noted("told") == self._whole
            and self._wanted() <= self._there
            and all((self._out / name).is_file() for name in whole)
        )

    def do(self) -> Told:
        """Write the files; those of a student only if they have changed."""
        summary, told, fresh = Summary(self._graded.lessons), Told(), {}
        before = set(filter(None, self._ledger.noted("files").split("/")))
        self._ledger.note("files", "/".join(sorted(before | self._wanted())))
        table = io.StringIO()
        # Excel reads a file as UTF-8 only with the mark, and splits it at the separator of its region only.
        table.write(MARK)
        writer = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\n", delimiter=self._graded.form.separator)
        writer.writerow(_header(self._graded))
        for row in self._ledger.students():
            results = self._graded.results(self._ledger, row.student)
            report = results.report
            told.damaged.extend(results.damaged)
            summary.add(row, report, results.behaviours, results.contents)
            page = f"{STUDENTS}/{self._files[row.student]}.html"
            writer.writerow([safe(cell) for cell in (*_cells(row, report, self._graded), page)])
            if any(lesson.status is Status.FAULT for lesson in report.lessons):
                told.faulty.append(row.student)
            if not self._is_written(row.student):
                for ending, text in _reports(row, report, self._graded.shown):
                    path = self._out / STUDENTS / f"{self._files[row.student]}{ending}"
                    _write(path, text, is_precious=False)
                fresh[row.student] = "" if results.damaged else self._states[row.student]
            if len(fresh) >= _BATCH:
                self._ledger.note_written(fresh)
                fresh = {}
        self._ledger.note_written(fresh)
        # Remove the files of students who left the class. Files that this command did not write stay.
        for name in before & self._there - self._wanted():
            (self._out / STUDENTS / name).unlink()
        _write(self._out / GRADES, table.getvalue())
        _write(self._out / f"{SUMMARY}.json", summary.as_json(self._graded.noticed))
        _write(self._out / f"{SUMMARY}.md", summary.as_markdown(self._graded.noticed))
        self._ledger.note("files", "/".join(sorted(self._wanted())))
        self._ledger.note("told", "" if told.damaged else self._whole)
        return told

    def _wanted(self) -> set[str]:
        return {f"{name}{ending}" for name in self._files.values() for ending in ENDINGS}

    def _is_written(self, student: str) -> bool:
        state, name = self._states[student], self._files[student]
        is_there = {f"{name}{ending}" for ending in ENDINGS} <= self._there
        return state != "" and is_there and self._ledger.written(student) == state


def _reports(row: Row, report: Report, shown: frozenset[Visibility]) -> Iterator[tuple[str, str]]:
    """Yield the reports that a student may read, with the suffixes of their files and without durations."""
    steady = for_student(_without_times(report), shown)
    yield ".json", as_json.render(steady, row.student)
    yield ".html", as_html.render(steady, student=row.name or row.student, shown=shown)


def _without_times(report: Report) -> Report:
    return replace(
        report,
        lessons=tuple(
            replace(
                lesson,
                exercises=tuple(
                    replace(each, checks=tuple(replace(check, duration_ms=0.0) for check in each.checks))
                    for each in lesson.exercises
                ),
            )
            for lesson in report.lessons
        ),
    )


def _header(graded: Class) -> list[str]:
    ids = ["id"] if graded.people else []
    lessons = [f"lesson {each.id}" for each in graded.lessons]
    bonuses = [f"bonus {each.id}" for each in graded.lessons] if graded.form.has_bonus else []
    bonus = ["bonus"] if graded.form.has_bonus else []
    return ["student", "name", "email", *ids, *lessons, *bonuses, "points", "max_points", *bonus, "status", "report"]


def _cells(row: Row, report: Report, graded: Class) -> list[str]:
    """Return a student's row of the grades; without a score the cell is empty, never a zero."""
    person = graded.people.get(row.student)
    ids = [next(iter(person.ids), "") if person is not None else ""] if graded.people else []
    has_bonus = graded.form.has_bonus
    bonuses = [_number(lesson.bonus_points) for lesson in report.lessons] if has_bonus else []
    bonus = [_number(report.bonus_points)] if has_bonus else []
    status = {0: "passed", 1: "not passed"}.get(report.exit_code, "fault")
    if all(lesson.status is Status.INVALID for lesson in report.lessons):
        status = "nothing to run"
    points = [_number(lesson.points) for lesson in report.lessons]
    maximum = "" if report.points is None else str(report.max_points)
    total = _number(report.points)
    return [row.student, row.name, row.address, *ids, *points, *bonuses, total, maximum, *bonus, status]


def _number(points: int | None) -> str:
    return "" if points is None else str(points)


def file_names(students: dict[str, str]) -> dict[str, str]:
    """Return by student the name of their files: readable, unique, and valid in every file system."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        name = re.sub(r"[^\w@+ -]", "_", student)[:80].strip(" _") or "_"
        if name != student or name.casefold() in taken:
            name = f"{name}-{hashlib.sha256(student.encode(errors='backslashreplace')).hexdigest()[:8]}"
        taken.add(name.casefold())
        names[student] = name
    return names


def _write(path: Path, text: str, *, is_precious: bool = True) -> None:
    files.write(path, text.encode(errors="backslashreplace"), is_precious=is_precious)
