"""The ledger of a class: the submissions, and every verdict as soon as it is known, in one SQLite file.

Verdicts are stored by content, so the next run continues an interrupted one. Unlike a student's store, the ledger is
not optional: what cannot be stored ends the run with a Fault.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.classes.collect import RESULTS, Submission
from grader.course.submission import Source, Unreadable
from grader.engine.seeds import new_secret
from grader.errors import Fault
from grader.progress.store import digest
from grader.verdict import ExerciseVerdict, exercise_from

NAME = RESULTS
SCHEMA = 2
BUSY_SECONDS = 30.0
_TABLES = """
CREATE TABLE student (student TEXT PRIMARY KEY, name TEXT NOT NULL, address TEXT NOT NULL, notes TEXT NOT NULL);
CREATE TABLE handed_in (
    student TEXT NOT NULL, lesson TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (student, lesson)
);
CREATE INDEX handed_in_by_content ON handed_in (lesson, content);
CREATE TABLE file (content TEXT PRIMARY KEY, shown TEXT NOT NULL, source BLOB, reason TEXT NOT NULL);
CREATE TABLE verdict (
    key TEXT PRIMARY KEY, lesson TEXT NOT NULL, content TEXT NOT NULL, behaviour TEXT NOT NULL, document TEXT NOT NULL
);
CREATE TABLE written (student TEXT PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_TABLES_2 = """
CREATE TABLE unrepeatable (key TEXT PRIMARY KEY, lesson TEXT NOT NULL, content TEXT NOT NULL);
"""
"""Added in schema 2: verdicts that the machine may have caused, which the next run makes again."""


@dataclass(frozen=True)
class Known:
    """A verdict on one exercise, and a fingerprint of the function's behaviour if its mistake is unknown."""

    verdict: ExerciseVerdict
    behaviour: str = ""


@dataclass(frozen=True)
class Row:
    """A student in the ledger."""

    student: str
    name: str
    address: str
    notes: tuple[str, ...]


class Ledger:
    """The database; a context manager that closes it."""

    def __init__(self, path: Path) -> None:
        """Open the ledger of a class; raises Fault if it cannot be opened."""
        self._path = path
        with self._told():
            self._database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._prepare()

    def __enter__(self) -> Self:
        """Return the ledger."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        with contextlib.suppress(sqlite3.Error):
            self._database.close()

    def enter(self, submissions: Iterable[Submission], lessons: Iterable[str] = ()) -> tuple[str, ...]:
        """Replace the stored submissions by these, in one transaction.

        Return the lessons that count: the named ones, or else those with at least one readable file. A student without
        a file for one of them gets an entry that says so.
        """
        with self._change() as database:
            database.execute("DELETE FROM student")
            database.execute("DELETE FROM handed_in")
            for each in submissions:
                database.execute(
                    "INSERT INTO student VALUES (?, ?, ?, ?)",
                    (each.student, each.name, each.address, json.dumps(each.notes)),
                )
                for lesson, file in each.files.items():
                    _keep_file(database, file)
                    database.execute("INSERT INTO handed_in VALUES (?, ?, ?)", (each.student, lesson, _content(file)))
            found = database.execute(
                "SELECT DISTINCT lesson FROM handed_in WHERE content NOT LIKE 'none-%' AND content NOT LIKE 'fault-%'"
            )
            counted = tuple(lessons) or tuple(str(lesson) for (lesson,) in found)
            for lesson in counted:
                missing = Unreadable(f"{lesson}.py", f"{lesson}.py was not handed in. Hand it in under this name.")
                _keep_file(database, missing)
                database.execute(
                    "INSERT OR IGNORE INTO handed_in SELECT student, ?, ? FROM student", (lesson, _content(missing))
                )
            database.executemany(
                "DELETE FROM handed_in WHERE lesson = ?",
                [row for row in database.execute("SELECT DISTINCT lesson FROM handed_in") if row[0] not in counted],
            )
        return counted

    def students(self) -> Iterator[Row]:
        """Yield the students, sorted by `student`."""
        rows = self._rows("SELECT student, name, address, notes FROM student ORDER BY student")
        return (Row(student, name, address, tuple(json.loads(notes))) for student, name, address, notes in rows)

    def contents(self) -> Iterator[tuple[str, str, int]]:
        """Yield each different file: its lesson, its content, and the number of students who handed it in."""
        query = "SELECT lesson, content, count(*) FROM handed_in GROUP BY lesson, content ORDER BY lesson, min(student)"
        return ((str(lesson), str(content), int(number)) for lesson, content, number in self._rows(query))

    def content_of(self, student: str) -> dict[str, str]:
        """Return by lesson the content of a student's file, as its key."""
        rows = self._rows("SELECT lesson, content FROM handed_in WHERE student = ?", student)
        return {str(lesson): str(content) for lesson, content in rows}

    def unread(self) -> dict[tuple[str, str], str]:
        """Return by lesson and content why this machine could not read the file."""
        query = "SELECT lesson, content, reason FROM handed_in JOIN file USING (content) WHERE content LIKE 'fault-%'"
        return {(str(lesson), str(content)): str(reason) for lesson, content, reason in self._rows(query)}

    def file(self, content: str) -> Source | Unreadable:
        """Return the file with this content."""
        for shown, source, reason in self._rows("SELECT shown, source, reason FROM file WHERE content = ?", content):
            return Unreadable(shown, reason) if source is None else Source(shown, bytes(source))
        raise Fault(f"{self._path} is damaged: a submitted file is missing. Move it away and grade again.")

    def keep(self, lesson: str, content: str, known: Sequence[tuple[str, Known]]) -> None:
        """Store verdicts on the exercises of a file by their keys, in one transaction."""
        rows = [
            (key, lesson, content, each.behaviour, json.dumps(asdict(each.verdict), separators=(",", ":")))
            for key, each in known
        ]
        doubtful = [(key, lesson, content) for key, each in known if not each.verdict.is_repeatable]
        with self._change() as database:
            database.executemany("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)", rows)
            database.executemany("INSERT OR REPLACE INTO unrepeatable VALUES (?, ?, ?)", doubtful)

    def has(self, key: str) -> bool:
        """Whether a verdict is known."""
        return bool(self._rows("SELECT 1 FROM verdict WHERE key = ?", key))

    def recall(self, key: str) -> Known | None:
        """Return a verdict, or None if it is unknown or cannot be read."""
        for behaviour, document in self._rows("SELECT behaviour, document FROM verdict WHERE key = ?", key):
            with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                return Known(exercise_from(json.loads(document)), str(behaviour))
        return None

    def forget(self, keys: Iterable[str]) -> None:
        """Delete verdicts, so that they are made again."""
        with self._change() as database:
            database.executemany("DELETE FROM verdict WHERE key = ?", [(key,) for key in keys])

    def forget_unrepeatable(self, *, everything: bool = False) -> None:
        """Delete the verdicts that the machine may have caused, or ``everything``: this run makes them again."""
        with self._change() as database:
            chosen = "" if everything else "WHERE key IN (SELECT key FROM unrepeatable)"
            database.execute(f"DELETE FROM verdict {chosen}")  # noqa: S608  one of two constants
            database.execute("DELETE FROM unrepeatable")

    def unrepeatable(self) -> frozenset[tuple[str, str]]:
        """Return by lesson and content the files with a verdict that may differ in the next run."""
        return frozenset(
            (str(lesson), str(content)) for lesson, content in self._rows("SELECT lesson, content FROM unrepeatable")
        )

    def written(self, student: str) -> str:
        """Return the state that a student's reports show, or an empty string."""
        return next((str(row[0]) for row in self._rows("SELECT state FROM written WHERE student = ?", student)), "")

    def note_written(self, states: dict[str, str]) -> None:
        """Store the state that each student's reports show."""
        with self._change() as database:
            database.executemany("INSERT OR REPLACE INTO written VALUES (?, ?)", list(states.items()))

    def note(self, name: str, value: str) -> None:
        """Store a fact about the class as a whole."""
        with self._change() as database:
            database.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str:
        """Return a stored fact, or an empty string."""
        return next((str(row[0]) for row in self._rows("SELECT value FROM note WHERE name = ?", name)), "")

    def secret(self) -> str:
        """Return the secret from which the seeds of this class are derived; made once, then stored."""
        if not self.noted("secret"):
            self.note("secret", new_secret())
        return self.noted("secret")

    def _prepare(self) -> None:
        found = int(self._database.execute("PRAGMA user_version").fetchone()[0])
        if found > SCHEMA:
            raise Fault(f"{self._path} was written by a newer version of the grader. Update, or choose another --out.")
        # Verdicts survive any end of this process; a power cut may lose the last second, never the file.
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        if found < SCHEMA:
            tables = "".join([_TABLES, _TABLES_2][found:])
            self._database.executescript(f"BEGIN IMMEDIATE; {tables} PRAGMA user_version = {SCHEMA}; COMMIT;")

    def _rows(self, query: str, *values: str) -> list[Any]:
        with self._told():
            return list(self._database.execute(query, values))

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction."""
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn an error of SQLite into a Fault that says what to do."""
        try:
            yield
        except sqlite3.Error as error:
            if "full" in str(error):
                step = "The disk is full: make room"
            elif "locked" in str(error):
                step = "Another program is using it: wait for it"
            elif isinstance(error, sqlite3.OperationalError):
                step = "Make sure that the folder is writable"
            else:
                step = "It is damaged: move it away"
            raise Fault(
                f"{self._path} cannot be used: {error}. {step}, then run the same command again. Nothing in it is"
                " deleted."
            ) from error


def _keep_file(database: sqlite3.Connection, file: Source | Unreadable) -> None:
    source, reason = (file.content, "") if isinstance(file, Source) else (None, file.reason)
    row = _content(file), file.shown, source, reason
    database.execute("INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?)", row)


def _content(file: Source | Unreadable) -> str:
    """Return the key of a file's content."""
    if isinstance(file, Source):
        return digest(file.content)
    return f"{'fault' if file.is_fault else 'none'}-{digest(file.reason.encode())}"
