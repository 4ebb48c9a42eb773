"""What a class has handed in: from a folder of folders, zips, clones or an export to files by student and lesson.

Names decide: a student's file is the one that is called like the lesson. Everything else is left alone and named,
above all what other graders would run or follow: a conftest.py, a torch.py, a link. Nothing is unpacked to the disk.
"""

import contextlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from grader.characters import clean
from grader.errors import UsageError
from grader.submission import MAX_BYTES, Source, Unreadable, read_file, source_of

MAX_FILES = 20_000
"""Of one student; what is beyond is not looked at, and said."""
MAX_DEPTH = 12
MAX_NAMED = 20
"""Ignored files of one student that are named; the others are counted."""
UNSEEN = frozenset({".git", ".venv", "__pycache__", "__MACOSX", "node_modules", ".DS_Store", ".grade"})
"""What tools leave behind and nobody has handed in."""
ELSEWHERE = frozenset({"solutions", "lessons", "tests", "grader"})
"""Folders of a clone of the course where a file of a lesson's name is no exercise."""
SUSPICIOUS = re.compile(
    r"conftest\.py|(pytest|tox)\.ini|setup\.cfg|(site|user)customize\.py|.*\.(pth|so|pyc|pkl)"
    r"|(torch|numpy|matplotlib|pytest|hypothesis|grader|checks|random|math)\.py"
)
"""Names that would change how other graders work."""
GRADESCOPE = "submission_metadata.yml"
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_file_?(?P<file>.*)", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_]+)_(LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)", re.DOTALL)
_COPY = r"([ _-]?\(?(?P<number>\d+)\)?)?\.py"
"""What browsers and platforms add to a name that is there already."""


@dataclass(frozen=True)
class Found:
    """Something in a submission."""

    parts: tuple[str, ...]
    """Its path below the student's folder."""
    refused: str = ""
    """Why it is not even opened: it is a link, a pipe, encrypted."""
    hides: bool = False
    """Whether there may be files in it that cannot be seen: then nobody knows that one was not handed in."""
    read: Callable[[str], Source | Unreadable] = field(default=lambda shown: Unreadable(shown, shown), compare=False)
    """Return its content, under the name that messages use."""

    @property
    def shown(self) -> str:
        """The path as it can be printed."""
        return clean("/".join(self.parts)).replace("\n", "\\n").replace("\t", "\\t")


_TOO_MANY = Found((), f"more than {MAX_FILES:,} files: the others were not looked at", hides=True)


@dataclass(frozen=True)
class Place:
    """Where a student's files are."""

    student: str
    """By what the student is known everywhere: an id, an address, or the name of the folder."""
    look: Callable[[], Iterable[Found]]
    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Submission:
    """What one student has handed in."""

    student: str
    name: str
    address: str
    files: dict[str, Source | Unreadable]
    """By lesson; a lesson without a file is not there."""
    notes: tuple[str, ...]
    """What was ignored, and why."""


def places(folder: Path, out: Path | None = None) -> tuple[list[Place], list[str]]:
    """Return where the submissions of a class are, sorted by student, and what in the folder is none of them.

    ``out`` is the folder of the results, which may stand among the submissions and is none. Raises UsageError for a
    folder in which there is no submission.
    """
    root = _with_export(folder)
    people = _gradescope(root)
    found: list[Place] = []
    flat: dict[tuple[str, str], list[Found]] = {}
    left: list[str] = []
    for entry in sorted(os.scandir(root), key=lambda each: each.name):
        path = Path(entry.path)
        if entry.name in UNSEEN or entry.name == GRADESCOPE or entry.name.startswith("."):
            continue
        if out is not None and path.resolve() == out.resolve():
            continue
        if entry.is_symlink():
            left.append(f"{_one_line(entry.name)}: a link, which is not followed")
        elif entry.is_dir(follow_symlinks=False):
            found += _owners(entry.name, partial(walk_folder, path), people)
        elif match := _MOODLE.fullmatch(entry.name) or _CANVAS.fullmatch(entry.name):
            item = Found((match["file"],), read=partial(read_file, path))
            items = walk_zip(path) if match["file"].lower().endswith(".zip") else [item]
            flat.setdefault((match["id"], match["name"]), []).extend(items)
        elif entry.name.lower().endswith(".zip"):
            found += _owners(entry.name[:-4], partial(walk_zip, path), people)
        else:
            left.append(f"{_one_line(entry.name)}: no folder and no zip of a student")
    found += [Place(student, partial(list, items), name) for (student, name), items in flat.items()]
    if not found:
        raise UsageError(
            f"{folder} holds no submission. Put one folder or one zip for each student into it, or the unpacked export"
            " of Gradescope, Canvas or Moodle."
        )
    return _named_apart(found), left


def take(place: Place, lessons: Sequence[str]) -> Submission:
    """Return what one student has handed in for these lessons."""
    files: dict[str, Source | Unreadable] = {}
    found = list(place.look())
    notes = [item.refused for item in found if not item.parts]
    ignored = [item for item in found if item.parts]
    hidden = next((item.refused for item in found if item.hides), "")
    for lesson in lessons:
        chosen, shown = _choose(ignored, lesson), f"{lesson}.py"
        if chosen is None and hidden:
            # That is what the student has to know, and not that the file is missing.
            files[lesson] = Unreadable(shown, hidden)
        elif chosen is not None:
            ignored.remove(chosen)
            files[lesson] = Unreadable(shown, chosen.refused) if chosen.refused else chosen.read(shown)
            if chosen.parts[-1] != shown:
                notes.append(f"{chosen.shown} was taken for {shown}")
    return Submission(place.student, place.name, place.address, files, tuple(notes + _told(ignored)))


def walk_folder(root: Path) -> Iterator[Found]:
    """Yield what is in a folder and in its zips, without following a link."""
    for number, item in enumerate(_walk_folder(root)):
        if number >= MAX_FILES:
            yield _TOO_MANY
            return
        yield item


def _walk_folder(root: Path) -> Iterator[Found]:
    waiting: list[tuple[Path, tuple[str, ...]]] = [(root, ())]
    while waiting:
        folder, parts = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda each: each.name)
        except OSError as error:
            yield Found(parts, f"it cannot be opened: {error.strerror or error}", hides=True)
            continue
        for entry in entries:
            where = (*parts, _decoded(entry.name))
            if entry.name in UNSEEN:
                continue
            if entry.is_symlink():
                yield Found(where, _link(where))
            elif entry.is_dir(follow_symlinks=False):
                if len(where) < MAX_DEPTH:
                    waiting.append((Path(entry.path), where))
            elif entry.is_file(follow_symlinks=False):
                if entry.name.lower().endswith(".zip"):
                    # Moodle makes a folder for each student, and some of them hand a zip in.
                    yield from (replace(item, parts=(*where, *item.parts)) for item in walk_zip(Path(entry.path)))
                else:
                    yield Found(where, read=partial(read_file, Path(entry.path)))
            else:
                yield Found(where, f"{entry_name(where)} is no file. Hand your Python file in.")


def walk_zip(path: Path) -> Iterator[Found]:
    """Yield what is in a zip, without unpacking it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        yield Found((), f"{_one_line(path.name)} cannot be opened as a zip: {error}", hides=True)
        return
    for number, member in enumerate(members):
        if number >= MAX_FILES:
            yield _TOO_MANY
            return
        parts = tuple(part for part in member.filename.split("/") if part)
        if not parts or member.is_dir() or UNSEEN.intersection(parts):
            continue
        if stat.S_ISLNK(member.external_attr >> 16):
            yield Found(parts, _link(parts))
        elif member.flag_bits & 1:
            yield Found(parts, f"{entry_name(parts)} is encrypted. Hand it in without a password.")
        else:
            yield Found(parts, read=partial(_read_member, path, member))


def _read_member(path: Path, member: zipfile.ZipInfo, shown: str) -> Source | Unreadable:
    """Return a file of a zip; at most as much is unpacked as a submission may be large, whatever the zip promises."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            return source_of(file.read(MAX_BYTES + 1), shown)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        return Unreadable(shown, f"{shown} cannot be read from the zip: {error}")


def _link(parts: Sequence[str]) -> str:
    return f"{entry_name(parts)} is a link, and links are not followed. Hand the file itself in."


def entry_name(parts: Sequence[str]) -> str:
    """Return the last part of a path as it can be printed."""
    return _one_line(parts[-1])


def _choose(items: list[Found], lesson: str) -> Found | None:
    """Return the file that is a lesson's: in exercises/ before elsewhere, near the top before further down.

    A file that the platform or the browser has renamed, such as ``m1_4_x-2.py``, counts where no other is there; of
    several the one with the highest number is the last.
    """
    pattern = re.compile(re.escape(lesson) + _COPY)
    fitting = [
        (match, item)
        for item in items
        if (match := pattern.fullmatch(item.parts[-1])) is not None and not ELSEWHERE.intersection(item.parts[:-1])
    ]
    if not fitting:
        return None

    def rank(candidate: tuple[re.Match[str], Found]) -> tuple[bool, bool, int, int, tuple[str, ...]]:
        match, item = candidate
        is_exact, number = match["number"] is None, int(match["number"] or 0)
        return not is_exact, "exercises" not in item.parts[:-1], len(item.parts), -number, item.parts

    return min(fitting, key=rank)[1]


def _told(ignored: list[Found]) -> list[str]:
    """Return a line for each ignored file, those that look like an attempt first."""
    order = sorted(ignored, key=lambda item: (not _is_suspicious(item), item.parts))
    lines = [f"ignored: {item.shown}{_because(item)}" for item in order[:MAX_NAMED]]
    if len(order) > MAX_NAMED:
        lines.append(f"ignored: {len(order) - MAX_NAMED:,} more files")
    return lines


def _because(item: Found) -> str:
    if item.hides:
        return f" ({item.refused})"
    return " (a link)" if "is a link" in item.refused else ""


def _is_suspicious(item: Found) -> bool:
    return bool(item.refused) or SUSPICIOUS.fullmatch(item.parts[-1]) is not None


def _with_export(folder: Path) -> Path:
    """Return the folder of a Gradescope export, which is often unpacked into a folder of its own."""
    inside = [path for path in folder.glob(f"*/{GRADESCOPE}") if not path.is_symlink()]
    return inside[0].parent if len(inside) == 1 and not (folder / GRADESCOPE).exists() else folder


def _gradescope(root: Path) -> dict[str, list[tuple[str, str, str]]]:
    """Return by folder the (id, name, address) of those who have handed it in together."""
    path = root / GRADESCOPE
    if not path.is_file():
        return {}
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads what Ruby has written: its own kinds of values do not matter here."""

    Loader.add_multi_constructor("!", lambda *_: None)
    try:
        document = yaml.load(path.read_bytes(), Loader)  # noqa: S506  a SafeLoader that ignores what it does not know
        return {
            str(folder): [
                (
                    str(person.get(":sid") or person.get(":email") or person.get(":name") or folder),
                    str(person.get(":name") or ""),
                    str(person.get(":email") or ""),
                )
                for person in record[":submitters"]
            ]
            for folder, record in document.items()
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError, OSError) as error:
        raise UsageError(f"{path} cannot be read as the list of a Gradescope export: {error}. Export again.") from error


def _owners(
    name: str, look: Callable[[], Iterable[Found]], people: dict[str, list[tuple[str, str, str]]]
) -> Iterator[Place]:
    """Yield a place for each student to whom a folder or a zip belongs."""
    owners = people.get(name)
    moodle = _MOODLE.fullmatch(name)
    if owners:
        for student, full_name, address in owners:
            yield Place(student, look, full_name, address)
    elif moodle is not None:
        yield Place(moodle["id"], look, moodle["name"])
    else:
        yield Place(_decoded(name), look)


def _named_apart(found: list[Place]) -> list[Place]:
    """Return the places by student; the second of the same name gets a number, for nobody's points may be lost."""
    counts: dict[str, int] = {}
    apart = []
    for place in sorted(found, key=lambda each: each.student):
        student = clean(place.student).replace("\n", "\\n").replace("\t", "\\t")
        number = counts[student] = counts.get(student, 0) + 1
        apart.append(replace(place, student=student if number == 1 else f"{student} [{number}]"))
    return sorted(apart, key=lambda each: each.student)


def _decoded(name: str) -> str:
    """Return a name of the disk without bytes that are no text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _one_line(text: str) -> str:
    with contextlib.suppress(UnicodeError):
        text = _decoded(text)
    return clean(text).replace("\n", "\\n").replace("\t", "\\t")
