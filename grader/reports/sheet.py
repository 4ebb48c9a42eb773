"""Tables in files of comma-separated values, kept as they came: separator, line ends and byte order mark."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.errors import UsageError
from grader.verdict import Report

_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these a spreadsheet takes a cell for a formula, and runs it; the last four are their wide forms."""

Graded = Mapping[str, Report]
"""By whatever names a student: an id, an address, a name."""


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, the header among them."""

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
        """The rows, to be changed: each has at least a cell for every title."""
        return [[*row, *("" for _ in range(len(self.rows[0]) - len(row)))] for row in self.rows]

    def write(self) -> str:
        """Return the text of the file."""
        written = io.StringIO()
        csv.writer(written, delimiter=self.separator, lineterminator=self.line_end).writerows(self.rows)
        return (_MARK if self.has_mark else "") + written.getvalue()

    def with_rows(self, rows: Sequence[Sequence[str]]) -> "Sheet":
        """Return a sheet of the same kind with other rows."""
        return replace(self, rows=tuple(tuple(row) for row in rows))


@dataclass(frozen=True)
class Filled:
    """A gradebook with points in it, and everybody whose points are not."""

    text: str
    missing: tuple[str, ...] = ()
    """The students who were graded and for whom it has no row."""
    without_score: tuple[str, ...] = ()
    """The students whose cell was left as it was, because a fault of the grader forbids a score."""
    kept: tuple[str, ...] = ()
    """The students whose cell was left as it was, because they are excused, or their grade is locked."""


def read(text: str, name: str) -> Sheet:
    """Return the table of a file; ``name`` is for the message of the UsageError where it is none."""
    has_mark = text.startswith(_MARK)
    text = text.removeprefix(_MARK)
    first = text.splitlines()[0] if text.strip() else ""
    if not first:
        raise UsageError(f"{name} is empty. Export it again.")
    separator = max((",", ";", "\t"), key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise UsageError(f"{name} is no table of comma-separated values: {error}. Export it again.") from None
    line_end = "\r\n" if "\r\n" in text else "\n"
    return Sheet(tuple(tuple(row) for row in rows if row), separator, line_end, has_mark)


def column(header: Sequence[str], title: str, name: str) -> int:
    """Return the number of the column with this title; raises UsageError where there is none, or more than one."""
    places = [place for place, found in enumerate(header) if found.strip() == title]
    if len(places) == 1:
        return places[0]
    how_many = "no column" if not places else f"{len(places)} columns"
    raise UsageError(f"{name} has {how_many} {title!r}. It has: {', '.join(filter(None, header))}.")


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe before whatever would begin a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def match(graded: Graded, rows: Sequence[Sequence[str]], name: str) -> list[str | None]:
    """Return for each row the name by which its student was graded: the first of its cells that is one.

    Raises UsageError where two rows name the same student: points must not go to a namesake.
    """
    found = [next((cell for cell in row if cell and cell in graded), None) for row in rows]
    twice = next((student for student in found if student is not None and found.count(student) > 1), None)
    if twice is not None:
        raise UsageError(
            f"{name} has more than one row for {twice!r}. Name the submissions by their ids, not by names."
        )
    return found
