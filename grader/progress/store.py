"""The verdict store: verdicts by content, and every version of a file that passed or was reset.

It holds a student's progress, lets a second `grade` answer at once, and makes `grade undo` possible. Nothing depends on
it: if it cannot be read or written, it says so once, in `complaint`, and grading continues.
"""

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from grader.course import versions
from grader.course.model import Lesson
from grader.sandbox.confinement import CONFINED
from grader.verdict import LessonVerdict, Status, lesson_from

FOLDER = ".grade"
CELL = "cell"
"""Why a version was kept: a cell of a notebook replaced a part of it."""
_RECHECK = "recheck "
"""Begins the name of the note on an exercise that was changed by an update since it was graded."""
SCHEMA = 1
BUSY_SECONDS = 2.0
MAX_VERDICTS = 100
"""How many verdicts on one version of a file are looked at."""
_TABLES = """
CREATE TABLE IF NOT EXISTS verdict (
    key TEXT PRIMARY KEY, lesson TEXT NOT NULL, content TEXT NOT NULL, at REAL NOT NULL, document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS verdict_by_content ON verdict (lesson, content, at);
CREATE TABLE IF NOT EXISTS pass (
    lesson TEXT NOT NULL, exercise TEXT NOT NULL, content TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (lesson, exercise)
);
CREATE TABLE IF NOT EXISTS version (
    id INTEGER PRIMARY KEY, lesson TEXT NOT NULL, at REAL NOT NULL, reason TEXT NOT NULL, content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Version:
    """An earlier version of a file."""

    id: int
    at: float
    """Seconds since 1970."""
    reason: str
    """``passed``, ``reset``, ``undo``, ``update``, ``edited`` or ``cell``: what happened to it."""
    content: bytes


@dataclass(frozen=True)
class Graded:
    """A verdict, and when it was reached last."""

    at: float
    """Seconds since 1970."""
    content: str
    """The digest of the file."""
    verdict: LessonVerdict


class Store:
    """The database of a course; if it cannot be used, every method does nothing."""

    def __init__(self, connection: sqlite3.Connection | None, path: Path, complaint: str = "") -> None:
        self._connection = connection
        self._path = path
        self.complaint = complaint
        """What is wrong with the store and what to do about it, or an empty string."""

    @classmethod
    def open(cls, root: Path) -> "Store":
        """Return the store of a course, created if missing; never raises."""
        path = root / FOLDER / "verdicts.sqlite3"
        try:
            path.parent.mkdir(exist_ok=True)
            ignore = path.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            return cls(None, path, _complaint(path, error))
        store = cls(connection, path)
        with store._use() as database:
            _prepare(database)
        return store

    def recall(self, key: str) -> LessonVerdict | None:
        """Return the verdict under a key, or None; a verdict that the machine may have caused does not count."""
        verdicts = self._verdicts("SELECT document FROM verdict WHERE key = ?", (key,))
        return next((verdict for verdict in verdicts if verdict.is_repeatable), None)

    def last(self, lesson: str, content: str) -> LessonVerdict | None:
        """Return the last verdict on each exercise of a lesson's file with this digest, or None if there is none.

        An exercise may have been graded alone, so the newest verdict of the file may leave others out. One that an
        update has marked is left out until it is graded.
        """
        query = "SELECT document FROM verdict WHERE lesson = ? AND content = ? ORDER BY at DESC LIMIT ?"
        verdicts = self._verdicts(query, (lesson, content, MAX_VERDICTS))
        if not verdicts:
            return None
        newest = {exercise.name: exercise for verdict in reversed(verdicts) for exercise in verdict.exercises}
        fullest = max(verdicts, key=lambda verdict: len(verdict.exercises))
        order = {exercise.name: None for verdict in (fullest, *verdicts) for exercise in verdict.exercises}
        marked = self.marked(lesson)
        return replace(verdicts[0], exercises=tuple(newest[name] for name in order if name not in marked))

    def under(self, keys: Sequence[str]) -> list[LessonVerdict]:
        """Return the verdicts under these keys, the newest first; those that the machine may have caused, too."""
        marks = ", ".join("?" * len(keys))
        return self._verdicts(f"SELECT document FROM verdict WHERE key IN ({marks}) ORDER BY at DESC", tuple(keys))  # noqa: S608  the marks alone

    def remember(self, key: str, content: bytes, verdict: LessonVerdict) -> None:
        """Store a verdict on a file, and the file itself if an exercise passed; faults are not stored."""
        if verdict.status is Status.FAULT:
            return
        now, sha = time.time(), digest(content)
        passed = [exercise.name for exercise in verdict.exercises if exercise.status is Status.PASSED]
        with self._use() as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)",
                (key, verdict.name, sha, now, json.dumps(asdict(verdict))),
            )
            database.executemany(
                "INSERT OR REPLACE INTO pass VALUES (?, ?, ?, ?)",
                [(verdict.name, exercise, sha, now) for exercise in passed],
            )
            database.executemany(
                "DELETE FROM note WHERE name = ?", [(_mark(verdict.name, each.name),) for each in verdict.exercises]
            )
            if passed:
                self._insert(database, verdict.name, content, "passed")
            database.execute("COMMIT")

    def passed(self, lesson: str) -> frozenset[str]:
        """Return the exercises of a lesson that have ever passed."""
        return frozenset(row[0] for row in self._rows("SELECT exercise FROM pass WHERE lesson = ?", (lesson,)))

    def mark(self, added: Iterable[tuple[str, str]], removed: Iterable[tuple[str, str]]) -> None:
        """Let the verdicts on these exercises, by lesson and name, count no longer, and those on others count again."""
        with self._use() as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("DELETE FROM note WHERE name = ?", [(_mark(*each),) for each in removed])
            database.executemany("INSERT OR REPLACE INTO note VALUES (?, '')", [(_mark(*each),) for each in added])
            database.execute("COMMIT")

    def marked(self, lesson: str) -> frozenset[str]:
        """Return the exercises of a lesson that an update has changed since they were graded."""
        return frozenset(name.removeprefix(_mark(lesson, "")) for name in self.notes(_mark(lesson, "")))

    def keep(self, lesson: str, content: bytes, reason: str) -> bool:
        """Store a version of a file for good; return whether that worked."""
        with self._use() as database:
            database.execute("BEGIN IMMEDIATE")
            self._insert(database, lesson, content, reason)
            database.execute("COMMIT")
        return not self.complaint

    def versions(self, lesson: str) -> tuple[Version, ...]:
        """Return the stored versions of a lesson's file, the newest first."""
        query = "SELECT id, at, reason, content FROM version WHERE lesson = ? ORDER BY id DESC"
        return tuple(Version(*row) for row in self._rows(query, (lesson,)))

    def lessons(self) -> tuple[str, ...]:
        """Return the names of the lessons of which something is stored."""
        query = "SELECT lesson FROM version UNION SELECT lesson FROM verdict"
        return tuple(str(row[0]) for row in self._rows(query, ()))

    def graded(self, lesson: str) -> tuple[Graded, ...]:
        """Return the verdicts on a lesson's file, the oldest first."""
        query = "SELECT at, content, document FROM verdict WHERE lesson = ? ORDER BY at"
        return tuple(
            Graded(at, content, verdict)
            for at, content, document in self._rows(query, (lesson,))
            if (verdict := _verdict(document)) is not None
        )

    def note(self, name: str, value: str) -> None:
        """Store a small fact, such as the number of hints shown."""
        with self._use() as database:
            database.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str | None:
        """Return a stored fact, or None."""
        return next((str(row[0]) for row in self._rows("SELECT value FROM note WHERE name = ?", (name,))), None)

    def notes(self, prefix: str) -> dict[str, str]:
        """Return the facts whose names begin with this."""
        query = "SELECT name, value FROM note WHERE substr(name, 1, ?) = ?"
        return {str(name): str(value) for name, value in self._rows(query, (len(prefix), prefix))}

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @staticmethod
    def _insert(database: sqlite3.Connection, lesson: str, content: bytes, reason: str) -> None:
        newest = database.execute(
            "SELECT reason, content FROM version WHERE lesson = ? ORDER BY id DESC LIMIT 1", (lesson,)
        ).fetchone()
        if newest != (reason, content):
            database.execute(
                "INSERT INTO version (lesson, at, reason, content) VALUES (?, ?, ?, ?)",
                (lesson, time.time(), reason, content),
            )

    def _verdicts(self, query: str, values: tuple[str | int, ...]) -> list[LessonVerdict]:
        verdicts = (_verdict(document) for (document,) in self._rows(query, values))
        return [verdict for verdict in verdicts if verdict is not None]

    def _rows(self, query: str, values: tuple[str | int, ...]) -> list[Any]:
        with self._use() as database:
            return database.execute(query, values).fetchall()
        return []

    @contextlib.contextmanager
    def _use(self) -> Iterator[sqlite3.Connection]:
        """Give the database to a block; an error ends the block, closes the store and becomes its complaint."""
        if self._connection is None:
            with contextlib.suppress(_ClosedError):
                yield _Closed()  # type: ignore[misc]  # every use of it ends the block
            return
        try:
            yield self._connection
        except (sqlite3.Error, OSError, ValueError, OverflowError, _NewerError) as error:
            self.complaint = _complaint(self._path, error)
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _verdict(document: Any) -> LessonVerdict | None:
    """Return a stored verdict; a row from another version, or a damaged one, counts as missing."""
    with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
        return lesson_from(json.loads(document))
    return None


def _prepare(database: sqlite3.Connection) -> None:
    """Create the tables if missing; raises for a file that is not a store, or from a later version."""
    found = database.execute("PRAGMA user_version").fetchone()[0]
    if found > SCHEMA:
        raise _NewerError
    # A power cut may lose the last change, never the file.
    database.execute("PRAGMA synchronous = NORMAL")
    if found == SCHEMA:
        return
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError:
            # Another program is creating the file: for this statement SQLite does not wait.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    database.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")


class _NewerError(Exception):
    """The file was written by a later version of the grader."""


class _ClosedError(Exception):
    """There is no database."""


class _Closed:
    """A placeholder for a database that cannot be used."""

    def __getattr__(self, name: str) -> Any:
        raise _ClosedError


def _complaint(path: Path, error: Exception) -> str:
    """Return the message about an error of the store: what, where, and the next step."""
    shown = f"{path.parent.name}/{path.name}"
    so = "Grading continues without it: nothing is remembered."
    if isinstance(error, _NewerError):
        return f"{shown} was written by a newer version of the grader. Update the course, or move the file away. {so}"
    if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
        return f"{shown} is in use by another program. Try again in a moment. {so}"
    if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
        return f"{shown} cannot grow: the disk is full. Make room. {so}"
    if isinstance(error, sqlite3.DatabaseError | ValueError | OverflowError) and not isinstance(
        error, sqlite3.OperationalError
    ):
        return f"{shown} is damaged ({error}). Move it away; a new one will be created. {so}"
    return f"{shown} cannot be written ({error}). Is the folder {path.parent.parent} read-only? {so}"


def _mark(lesson: str, exercise: str) -> str:
    return f"{_RECHECK}{lesson} {exercise}"


def digest(content: bytes) -> str:
    """Return the SHA-256 of a content, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def key_of(  # noqa: PLR0913  what a verdict depends on, each by its name
    lesson: Lesson,
    content: bytes,
    seed: int,
    exercises: Iterable[str] = (),
    checks: Iterable[str] = (),
    *,
    isolation: str = CONFINED,
) -> str:
    """Return a hash of everything that a verdict depends on; a missing file counts as empty.

    ``checks`` are the visibilities of the checks that were run. A verdict made without confinement is recalled only
    where code cannot be confined: the code may have changed the verdict.
    """
    parts = [
        versions.grader_version().encode(),
        versions.lesson_version(lesson).encode(),
        content,
        str(seed).encode(),
        *(name.encode() for name in sorted(exercises)),
        *(b"checks: " + name.encode() for name in sorted(checks)),
        b"isolation: " + isolation.encode(),
    ]
    return versions.digest(parts)
