"""The screen of `grade watch`: a state in, the lines of a terminal of any size out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wcwidth import clip, wrap
from wcwidth import width as cells

from grader.commands.watch_state import Page, Row, State, following
from grader.feedback import describe
from grader.reports.text import INDENT, Style, beside_failure, is_begun, points_of, still_open
from grader.text import clean, counted
from grader.verdict import Frame, Status

KEYS = {
    "n": ("next", "go on to the next exercise or lesson"),
    "h": ("hint", "the next hint for this exercise"),
    "p": ("picture", "expected, yours, and the difference"),
    "v": ("verdict", "all lines of the verdict on this exercise"),
    "l": ("log", "what the rounds before said"),
    "c": ("course", "the whole course and your progress"),
    "r": ("run", "grade again"),
    "x": ("reset", "back to the starter code; your version is kept"),
    "u": ("undo", "restore your version from before a reset"),
    "q": ("quit", "leave; nothing is lost"),
    "?": ("help", "what the keys do"),
}
_LESS_NEEDED = "urcplvxh"
"""The keys that the line of keys leaves out first where it is too long."""
_NARROW = 24
"""Narrower terminals get no indents."""
_TALL = 18
_BAR = 10
_PLAIN = Style()
_BOLD, _DIM, _KEY, _ASKS = "1", "2", "36", "1;33"


@dataclass(frozen=True)
class Look:
    """How lines look: their colours, and whether a place in a file is a link."""

    style: Style = _PLAIN
    folder: str = ""
    """The folder that places are relative to; empty where the terminal finds places by itself, or has no links."""


_LOOK = Look()


@dataclass
class _Part:
    """Some lines of the screen."""

    lines: list[str]
    keeps_end: bool = False
    """Whether the first lines are taken away, not the last: a question ends with the keys that answer it."""


def screen(state: State, width: int, height: int, look: Look = _LOOK) -> list[str]:
    """Return at most ``height`` lines of at most ``width`` columns; the verdict and the next step are always there."""
    width, height = max(1, width), max(1, height)
    if state.page is not None:
        return _page(state.page, width, height, look.style)
    parts = {
        "header": _Part(_header(state, width, height, look.style)),
        "status": _Part([_status(state, width, look.style)]),
        "body": _Part(_surrounded(_body(state, width, look.style))),
        "rows": _Part(_rows(state, width, look.style)),
        "place": _Part([_place(state.row, look)] if state.row is not None else []),
        "notice": _Part(wrapped(state.notice, width) if state.notice else []),
        "next": _Part(_next(state, width, look.style), keeps_end=bool(state.question)),
        "keys": _Part(_keys(state, width, look.style, 2 if height >= _TALL else 1)),
    }
    _fit(parts, height, look.style)
    return [clip(line, 0, width) for part in parts.values() for line in part.lines]


def page_height(height: int) -> int:
    """Return how many lines of a page a screen shows."""
    return max(1, height - 2)


def page_lines(page: Page, width: int) -> list[str]:
    """Return the lines of a page, wrapped."""
    return [part for line in _unwrapped(page.lines) for part in wrapped(line, max(1, width), hang=0)]


_REPORT_WIDTH = Style().prose_width


def _unwrapped(lines: Iterable[str]) -> list[str]:
    """Return lines without the breaks of prose at the report width: it is wrapped again."""
    whole: list[str] = []
    last = ""
    for line in lines:
        text = line.lstrip(" ")
        indent = len(line) - len(text)
        is_prose = text and indent in (0, INDENT) and last[: indent + 1].strip() == last[indent : indent + 1] != ""
        if is_prose and len(last) - indent <= _REPORT_WIDTH <= len(last) - indent + len(text.partition(" ")[0]):
            whole[-1] += f" {text}"
        else:
            whole.append(line)
        last = line
    return whole


def wrapped(line: str, width: int, indent: int = 0, hang: int = 4) -> list[str]:
    """Return a line wrapped to a width; the indent of code stays, and its rest is indented further, by ``hang``."""
    plain = clean(line).expandtabs(4)
    text = plain.lstrip(" ")
    before = len(plain) - len(text) + indent
    if width < _NARROW:
        before = 0
    if not text:
        return [""]
    rest = before + (hang if len(plain) > len(text) and width >= _NARROW else 0)
    return wrap(
        text,
        width,
        initial_indent=" " * before,
        subsequent_indent=" " * rest,
        replace_whitespace=False,
        break_on_hyphens=False,
    )


def as_keys(said: str, state: State) -> str:
    """Return what another command says with the keys of `grade watch` in place of commands for a shell."""
    lesson = re.escape(state.title.partition(" ")[0])
    names = "|".join(re.escape(row.name) for row in state.rows) or "(?!)"
    which = rf"(?: {lesson}(?: (?:{names})\b)?)?"
    for word, key in (("hint", "h"), ("undo", "u"), ("show", "p"), ("list", "c")):
        said = re.sub(rf"Run `(?:uv run )?grade {word}{which}`", f"Press {key}", said)
        said = re.sub(rf"`?(?:uv run )?grade {word}{which}`?", f"press {key}", said)
    return re.sub(rf"then (?:uv run )?grade {lesson}(?: (?:{names})\b)?", "then save", said)


def _body(state: State, width: int, style: Style) -> list[str]:
    lines = [part for line in prose(state) for part in wrapped(line, width, 2)]
    return [style.paint(line, _BOLD) if line.lstrip().startswith("Failed:") else line for line in lines]


def prose(state: State) -> list[str]:
    """Return what is to be said about the exercise on the screen, beside its status and the next step."""
    row = state.row
    if row is None:
        return []
    if row.fault:
        return ["Not scored: a bug in the workbook, not in your code.", "", *row.fault.splitlines()]
    verdict, failure = row.verdict, state.now.failure
    if verdict is None:
        return [f"Failed: {failure.claim}"] if failure is not None and failure.exercise == row.name else []
    check = verdict.first_failure
    if verdict.status is Status.TODO:
        return still_open(verdict)
    if check is None:
        return [f"Passed, but could be better: {text}" for text in verdict.advice]
    first = [f"Mend {verdict.mend_first} first: {verdict.name} calls it.", ""] if verdict.mend_first else []
    # The line where it happened is below all this; those that called it are told with the failure.
    return [*first, *describe.describe(replace(check, frames=check.frames[:-1])), *beside_failure(verdict)]


def _surrounded(lines: list[str]) -> list[str]:
    return ["", *lines, ""] if lines else [""]


def _header(state: State, width: int, height: int, style: Style) -> list[str]:
    lesson = _bar([row.has_passed for row in state.counted], style)
    beside = state.beside
    passed = sum(row.has_passed for row in state.counted) + beside.passed
    course = _bar([True] * passed + [False] * (len(state.counted) + beside.counted - passed), style)
    title, bars = style.paint(clean(state.title), _BOLD), f"lesson {lesson}   course {course}"
    if cells(title) + 3 + cells(bars) <= width:
        return [f"{title}{' ' * (width - cells(title) - cells(bars))}{bars}"]
    if height < _TALL:
        return [f"{style.paint(state.title.partition(' ')[0], _BOLD)}  {bars}"]
    return [title, bars]


def _bar(passed: Sequence[bool], style: Style) -> str:
    full = _BAR * sum(passed) // max(1, len(passed))
    return f"{style.paint('█' * full, '32')}{style.paint('░' * (_BAR - full), _DIM)} {sum(passed)}/{len(passed)}"


def _status(state: State, width: int, style: Style) -> str:
    """Return the line of the verdict: the exercise, its status and points, and when it was graded."""
    row, now = state.row, state.now
    if row is None:
        return style.paint(f"{now.loading and 'Loading ' + now.loading}", _DIM)
    failure = now.failure if now.failure is not None and now.failure.exercise == row.name else None
    status = row.status or (failure.status if failure is not None else None)
    word = style.status(status) if status is not None else style.paint("waits  " if now.loading else "grading", _KEY)
    points = points_of(row.verdict) if row.verdict is not None else ""
    left = "  ".join(each for each in (word, style.paint(row.name, _BOLD), points) if each)
    right = _activity(state)
    room = width - cells(left) - cells(right)
    return f"{left}{' ' * room}{style.paint(right, _DIM)}" if room >= 2 else left


def _activity(state: State) -> str:
    now = state.now
    seconds = f"{now.seconds:.1f} s" if now.seconds is not None else ""
    if now.loading:
        return f"loading {now.loading} ... {seconds}"
    return f"grading ... {seconds}" if now.grading else f"{now.at}  {seconds}".strip()


def _rows(state: State, width: int, style: Style) -> list[str]:
    """Return how all exercises of the lesson stand."""
    failure = state.now.failure
    words = []
    for row in state.rows:
        status = row.status or (failure.status if failure is not None and failure.exercise == row.name else None)
        word = style.status(status, 0) if status is not None else "..."
        words.append(f"{word} {row.name}{' (bonus)' if row.bonus else ''}".replace(" ", "\xa0"))
    lines = wrap("   ".join(words), width, break_on_hyphens=False)
    return [*(line.replace("\xa0", " ") for line in lines), ""]


def _place(row: Row, look: Look) -> str:
    place, code = place_of(row)
    return f"{_link(place, look.folder)}   {code}".rstrip()


def place_of(row: Row) -> tuple[str, str]:
    """Return the line to look at, and its code: where the failure happened, else where the function begins."""
    check = row.verdict.first_failure if row.verdict is not None else None
    frame: Frame | None = check.frames[-1] if check is not None and check.frames else None
    place = clean(f"{frame.file}:{frame.line}" if frame is not None else row.place).replace("\n", "\\n")
    return place, clean(frame.code).replace("\n", " ") if frame is not None else ""


def _link(place: str, folder: str) -> str:
    """Return a place as a link that a terminal opens on a click."""
    if not folder or not place:
        return place
    file, _, line = place.rpartition(":")
    return f"\x1b]8;;{Path(folder, file).as_uri()}#{line}\x1b\\{place}\x1b]8;;\x1b\\"


def _next(state: State, width: int, style: Style) -> list[str]:
    """Return the next step; a question takes its place."""
    if state.question:
        return [style.paint(line, _ASKS) for line in wrapped(state.question, width)]
    step = next_action(state)
    return [style.paint(line, _BOLD) for line in wrapped(step, width)] if step else []


def next_action(state: State) -> str:
    """Return the next step, as keys of this screen."""
    row = state.row
    if row is None:
        return ""
    match row.status:
        case Status.FAULT:
            return "Press r to try again."
        case Status.TODO:
            begun = row.verdict is not None and is_begun(row.verdict)
            read = f"Read {state.beside.reading}, then write" if state.beside.reading else "Write"
            return f"Next: finish {row.name} and save." if begun else f"{read} {row.name} and save."
        case Status.PASSED if state.is_complete:
            return _complete(state)
        case Status.PASSED if (other := following(state)) is not None:
            return f"Passed. Press n to go on to {other.name}; until then every save is graded."
        case None | Status.PASSED:
            return ""
        case Status.INVALID:
            return "Next: mend this and save."
    first = row.verdict.mend_first if row.verdict is not None else ""
    return f"Next: mend {first or row.name} and save. Stuck? Press h for a hint."


def _complete(state: State) -> str:
    bonus = [row.name for row in state.rows if row.bonus and not row.has_passed]
    left = f" Left as a bonus: {', '.join(bonus)}." if bonus and len(state.counted) < len(state.rows) else ""
    on = f" Press n for lesson {state.beside.following}." if state.beside.following else " It is the last lesson."
    return f"Lesson complete.{on}{left}"


def _keys(state: State, width: int, style: Style, most: int) -> list[str]:
    """Return the line of keys, without the less needed ones where it gets too long."""
    row = state.row
    shown = [key for key in KEYS if key != "n" or (row is not None and row.status is Status.PASSED)]
    if state.question:
        return []
    for dropped in ("", *_LESS_NEEDED):
        shown = [key for key in shown if key != dropped]
        words = [f"{style.paint(key, _KEY)}\xa0{KEYS[key][0]}" for key in shown]
        lines = wrap("  ".join(words), width, break_long_words=False)
        if len(lines) <= most and all(cells(line) <= width for line in lines):
            break
    return [line.replace("\xa0", " ") for line in lines[:most]]


def _fit(parts: dict[str, _Part], height: int, style: Style) -> None:
    """Take lines away, the least needed first, until the parts fit."""
    order = [("rows", 0), ("body", 4), ("keys", 1), ("header", 1), ("body", 1), ("header", 0), ("notice", 1)]
    order += [("body", 0), ("next", 1), ("place", 0), ("notice", 0), ("keys", 0), ("next", 0)]
    for name, least in order:
        over = sum(len(part.lines) for part in parts.values()) - height
        if over <= 0:
            return
        part = parts[name]
        size = max(least, len(part.lines) - over)
        start = len(part.lines) - size if part.keeps_end else 0
        part.lines = cut(part.lines, size, style) if name == "body" else part.lines[start : start + size]


def cut(lines: Sequence[str], size: int, style: Style = _PLAIN) -> list[str]:
    """Return at most ``size`` lines: without the empty ones, and then without the middle, which a line counts."""
    full = list(lines)
    for index in reversed(range(len(full))):
        if len(full) > size and not full[index]:
            del full[index]
    if len(full) <= size or not size:
        return full[:size]
    head = (size - 1) // 3
    tail = size - 1 - head
    left = len(full) - head - tail
    marker = style.paint(f"  ... {counted(left, 'more line')}: press v for all", _KEY)
    return [*full[:head], marker, *full[len(full) - tail :]]


def _page(page: Page, width: int, height: int, style: Style) -> list[str]:
    lines, room = page_lines(page, width), page_height(height)
    top = top_of(page, len(lines), room)
    shown = lines[top : top + room]
    more = f"{len(lines) - top - len(shown)} more: space   " if top + len(shown) < len(lines) else ""
    back = "up: b   " if top else ""
    foot = style.paint(f"{more}{back}return: Enter", _KEY)
    kept: Iterable[str] = [style.paint(clean(page.title), _BOLD), *shown, foot] if height > 2 else shown
    return [clip(line, 0, width) for line in kept][:height]


def top_of(page: Page, number: int, room: int) -> int:
    """Return the first line to show of a number of lines."""
    return max(0, min(page.top, number - room))
