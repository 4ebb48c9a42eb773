"""CSV tables that keep their format: separator, line ends and byte order mark."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import UsageError
from grader.verdict import Report

MARK = "\ufeff"
"""The byte order mark: without it, Excel does not read a file as UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet runs a cell that begins with one of these as a formula; the last four are full-width forms."""

Graded = Mapping[str, Report]
"""By student: an id, an address or a name."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, with the header."""

    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    line_end: str = "\r\n"
    has_mark: bool = False

    @property
    def header(self) -> list[str]:
        """The titles of the columns."""
        return [title.strip() for title in self.rows[0]]

    @property
    def whole(self) -> list[list[str]]:
        """The rows as lists to change, each with at least one cell for every title."""
        return [[*row, *("" for _ in range(len(self.rows[0]) - len(row)))] for row in self.rows]

    def write(self) -> str:
        """Return the text of the file."""
        written = io.StringIO()
        csv.writer(written, delimiter=self.separator, lineterminator=self.line_end).writerows(self.rows)
        return (MARK if self.has_mark else "") + written.getvalue()

    def with_rows(self, rows: Sequence[Sequence[str]]) -> "Sheet":
        """Return a sheet of the same format with other rows."""
        return replace(self, rows=tuple(tuple(row) for row in rows))


@dataclass(frozen=True)
class Filled:
    """A gradebook filled with points, and the students whose points it lacks."""

    text: str
    missing: tuple[str, ...] = ()
    """Graded students without a row."""
    without_score: tuple[str, ...] = ()
    """Students whose cell is unchanged because a fault prevents a score."""
    kept: tuple[str, ...] = ()
    """Students whose cell is unchanged because they are excused or their grade is locked."""


def text_of(path: Path) -> str:
    """Return the text of a file, with its line ends and byte order mark; raises UsageError if it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}. Name the exported file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8 (byte {error.start}). Name the file as it was exported, or save it as CSV UTF-8."
        ) from error


def read_file(path: Path) -> Sheet:
    """Return the table of a file; raises UsageError for other files."""
    return read(text_of(path), str(path))


def read(text: str, name: str) -> Sheet:
    """Return the table of a file; raises UsageError, with ``name`` in its message, for other files."""
    has_mark = text.startswith(MARK)
    text = text.removeprefix(MARK)
    first = text.splitlines()[0] if text.strip() else ""
    if not first:
        raise UsageError(f"{name} is empty. Export it again.")
    separator = max((",", ";", "\t"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise UsageError(f"{name} is not a CSV table: {error}. Export it again.") from None
    line_end = "\r\n" if "\r\n" in text else "\n"
    return Sheet(tuple(tuple(row) for row in rows if row), separator, line_end, has_mark)


def place_of(header: Sequence[str], title: str) -> int | None:
    """Return the number of the first column with this title in any case, or None."""
    return next((place for place, found in enumerate(header) if _is_titled(found, title)), None)


def column(header: Sequence[str], title: str, name: str, step: str) -> int:
    """Return the number of the column with this title; unless there is exactly one, raises UsageError with the step."""
    places = [place for place, found in enumerate(header) if _is_titled(found, title)]
    if len(places) == 1:
        return places[0]
    how_many = "no column" if not places else f"{len(places)} columns"
    raise UsageError(f"{name} has {how_many} {title!r}. It has: {', '.join(filter(None, header))}. {step}")


def _is_titled(found: str, title: str) -> bool:
    return found.strip().casefold() == title.casefold()


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet runs: what would be a formula gets an apostrophe in front."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def composed(cell: str) -> str:
    """Return an id or a name in the form to compare.

    `u` with a diaeresis may be one character or two, and an address is the same in capitals.
    """
    text = unicodedata.normalize("NFC", cell.strip())
    return text.casefold() if "@" in text else text


@dataclass(frozen=True)
class Keys:
    """The ids and names of a row's student, composed."""

    ids: tuple[str, ...] = ()
    """Ids and addresses, which only the platform assigns; its own come first."""
    names: tuple[str, ...] = ()
    """Names, which a student may choose."""
    own: int = 1
    """How many of the ids are numbers of the platform's own, which no other system knows."""

    @property
    def number(self) -> str:
        """The first id, by which the row is found again."""
        return next(filter(None, self.ids), "")


@dataclass(frozen=True)
class Known:
    """All ids and all names of a table; each id with the own number of its row."""

    own: Mapping[str, str]
    """The numbers of the platform's own."""
    official: Mapping[str, str]
    """Ids and addresses that other systems may know too."""
    names: frozenset[str]

    @property
    def ids(self) -> Mapping[str, str]:
        """All ids; of one that is in two rows, the platform's own."""
        return {**self.official, **self.own}


def known(rows: Sequence[Keys]) -> Known:
    """Return all ids and names of the rows."""
    return Known(
        {cell: row.number for row in rows for cell in row.ids[: row.own] if cell},
        {cell: row.number for row in rows for cell in row.ids[row.own :] if cell},
        frozenset(filter(None, (cell for row in rows for cell in row.names))),
    )


def match(graded: Graded, rows: Sequence[Keys], name: str) -> list[str | None]:
    """Return for each row its student in ``graded``, found by the first id that fits, or else by name.

    An id counts before a name, because students choose their names: one may be the id of another student. Raises
    UsageError if two rows fit the same student: points must not go to a namesake.
    """
    by_key = {composed(student): student for student in graded}
    found: list[str | None] = [None] * len(rows)
    for cells in ([row.ids for row in rows], [row.names for row in rows]):
        taken = set(found)
        for number, row in enumerate(cells):
            student = next((by_key[cell] for cell in row if cell and cell in by_key), None)
            if found[number] is not None or student is None or student in taken:
                continue
            if student in found:
                raise UsageError(
                    f"{name} has more than one row for {student!r}. Name the submissions by their ids, not by names."
                )
            found[number] = student
    return found
