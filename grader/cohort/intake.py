"""What a class has handed in: from a folder of folders, zips, clones or an export to files by student and lesson.

Names decide: a student's file is the one that is called like the lesson. Everything else is left alone and named,
above all what other graders would run or follow: a conftest.py, a torch.py, a link. Nothing is unpacked to the disk.
"""

import errno
import os
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from grader.characters import clean
from grader.course import LESSON_NAME
from grader.errors import UsageError
from grader.submission import MAX_BYTES, Source, Unreadable, read_file, source_of

MAX_FILES = 20_000
"""Of one student; what is beyond is not looked at, and said."""
MAX_DEPTH = 12
MAX_NAMED = 20
"""Ignored files of one student that are named; the others are counted."""
MAX_INSTEAD = 5
"""Files that a student is told of who has not handed in the one that is looked for."""
UNSEEN = frozenset({".git", ".venv", "__pycache__", "__MACOSX", "node_modules", ".DS_Store", ".grade"})
"""What tools leave behind and nobody has handed in."""
ELSEWHERE = frozenset({"solutions", "lessons", "tests", "grader"})
"""Folders of a clone of the course where a file of a lesson's name is no exercise."""
LESSON_FILE = re.compile(rf"{LESSON_NAME.pattern}\.py")
SUSPICIOUS = re.compile(
    r"conftest\.py|(pytest|tox)\.ini|setup\.cfg|(site|user)customize\.py|.*\.(pth|so|pyc|pkl)"
    r"|(torch|numpy|matplotlib|pytest|hypothesis|grader|checks|random|math)\.py"
)
"""Names that would change how other graders work."""
GRADESCOPE = "submission_metadata.yml"
RESULTS = "results.sqlite3"
"""The ledger of a class, by which a folder of results is known."""
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)", re.DOTALL)
"""What a student has handed in: as ``file``, as ``onlinetext``."""
_CANVAS = re.compile(r"(?P<name>[^_]+)_(LATE_)?(?P<id>\d+)_\d+_(?P<file>.+)", re.DOTALL)
_RENAMED = r"(copy of )?{}( - copy)?(?P<numbers>([ _-]?\(?[0-9]{{1,9}}\)?){{0,2}})( - copy)?\.py(\.txt)?"
"""What browsers, platforms and students make of a name."""
_PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Of these it can be told how much to unpack; a kilobyte of bzip2 may be a gigabyte."""

Look = Callable[[], Iterable["Found"]]


@dataclass(frozen=True)
class Found:
    """Something in a submission."""

    parts: tuple[str, ...]
    """Its path below the student's folder."""
    refused: str = ""
    """Why it is not even opened: it is a link, a pipe, encrypted."""
    hides: bool = False
    """Whether there may be files in it that cannot be seen: then nobody knows that one was not handed in."""
    is_fault: bool = False
    """Whether it lies at this machine, and not at the student, that it cannot be opened."""
    read: Callable[[str], Source | Unreadable] = field(default=lambda shown: Unreadable(shown, shown), compare=False)
    """Return its content, under the name that messages use."""

    @property
    def shown(self) -> str:
        """The path as it can be printed."""
        return _one_line("/".join(self.parts))


_TOO_MANY = Found(
    (), f"more than {MAX_FILES:,} files: the others were not looked at. Hand in the exercise files alone.", hides=True
)


@dataclass(frozen=True)
class Place:
    """Where a student's files are."""

    student: str
    """By what the student is known everywhere: an id, an address, or the name of the folder."""
    look: Look
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
    """What was ignored, and why; and which of several files counted."""


def places(folder: Path, out: Path | None = None) -> tuple[list[Place], list[str]]:
    """Return where the submissions of a class are, sorted by student, and what else there is to say of the folder.

    ``out`` is the folder of the results, which may stand among the submissions and is none. Raises UsageError for a
    folder that cannot be opened, or in which there is no submission.
    """
    try:
        return _places(folder, out)
    except OSError as error:
        raise UsageError(f"{error.filename or folder} cannot be opened: {error.strerror or error}.") from error


def _places(folder: Path, out: Path | None) -> tuple[list[Place], list[str]]:
    root, noticed = _with_export(folder)
    people, problems = _gradescope(root)
    noticed += problems
    found: list[Place] = []
    joined: dict[tuple[str, str], list[Look]] = {}
    entries = sorted(os.scandir(root), key=lambda each: each.name)
    for entry in entries:
        why = _why_none(entry, out)
        if why is not None:
            noticed += [f"{_one_line(entry.name)}: {why}"] if why else []
        elif moodle := _joined(entry, people):
            joined.setdefault(moodle[0], []).append(moodle[1])
        elif entry.is_dir():
            found += _owners(entry.name, partial(walk_folder, Path(entry.path)), people)
        else:
            found += _owners(entry.name[:-4], partial(walk_zip, Path(entry.path)), people)
    found += [Place(student, partial(_all, looks), name) for (student, name), looks in joined.items()]
    if not found:
        raise UsageError(
            f"{folder} holds no submission. Put one folder or one zip for each student into it, or the unpacked export"
            " of Gradescope, Canvas or Moodle."
        )
    names = {entry.name.removesuffix(".zip") for entry in entries}
    noticed += [f"{each}: in {GRADESCOPE}, and not there" for each in people if each not in names]
    if len(found) == 1:
        noticed += _perhaps_a_class(root, found[0])
    apart, twice = _named_apart(found)
    return apart, noticed + twice


def _why_none(entry: os.DirEntry[str], out: Path | None) -> str | None:
    """Return why something is no submission, empty where nobody has to be told; None where it is one.

    Raises UsageError where the results shall go into a submission.
    """
    path = Path(entry.path)
    if entry.name in UNSEEN or entry.name == GRADESCOPE or (out is not None and path.resolve() == out.resolve()):
        return ""
    if entry.is_symlink():
        return "a link, which is not followed"
    if not entry.is_dir():
        is_one = entry.name.lower().endswith(".zip") or _flat(entry.name) is not None
        none = "" if entry.name.startswith(".") else "ignored, for it is no folder and no zip of a student"
        return None if is_one else none
    if entry.name.startswith("."):
        return "ignored, for its name begins with a dot"
    if out is not None and out.resolve().is_relative_to(path.resolve()):
        raise UsageError(f"--out {out} lies in {path}, which somebody has handed in. Name a folder outside.")
    # A folder in which we may not look is somebody's all the same.
    has_results = all(os.path.isfile(path / name) for name in (RESULTS, "grades.csv"))  # noqa: PTH113
    return "ignored, for it holds the results of a class" if has_results else None


def _flat(name: str) -> re.Match[str] | None:
    """Return the parts of the name of a file that Moodle or Canvas puts beside those of all others."""
    return _MOODLE.fullmatch(name) or _CANVAS.fullmatch(name)


def _joined(entry: os.DirEntry[str], people: Container[str]) -> tuple[tuple[str, str], Look] | None:
    """Return the (id, name) of whose file or folder it is where one student may have several; else None."""
    path, match = Path(entry.path), _MOODLE.fullmatch(entry.name) if entry.is_dir() else _flat(entry.name)
    if match is None or entry.name in people:
        return None
    if entry.is_dir():
        look: Look = partial(walk_folder, path)
    elif match["file"].lower().endswith(".zip"):
        look = partial(walk_zip, path)
    else:
        look = partial(list[Found], [Found((_decoded(match["file"]),), read=partial(read_file, path))])
    return (match["id"], _decoded(match["name"])), look


def _perhaps_a_class(root: Path, place: Place) -> list[str]:
    """Return what to say where the only student has what looks like the folders of a whole class."""
    names = {
        (item.parts[0], item.parts[-1])
        for item in place.look()
        if len(item.parts) > 1 and item.parts[0] not in {"exercises", *ELSEWHERE}
    }
    counts = Counter(file for _, file in names if LESSON_FILE.fullmatch(file))
    if max(counts.values(), default=0) < 2:
        return []
    (name, number), step = counts.most_common(1)[0], f"If that is the class, begin there: {root / place.student}"
    return [f"{place.student}: the only student, with {number} folders that hold a {name}. {step}"]


def _all(looks: Iterable[Look]) -> Iterator[Found]:
    return chain.from_iterable(look() for look in looks)


def take(place: Place, lessons: Sequence[str], course: Container[str] = ()) -> Submission:
    """Return what one student has handed in for these lessons.

    ``course`` are the paths of the course's own files: nobody has to be told that those of a clone are ignored.
    """
    files: dict[str, Source | Unreadable] = {}
    found = list(place.look())
    notes = [item.refused for item in found if not item.parts]
    ignored = [item for item in found if item.parts]
    hidden = next((item for item in found if item.hides), None)
    missing = []
    for lesson in lessons:
        fitting, shown = _fitting(ignored, lesson), f"{lesson}.py"
        if fitting:
            chosen = fitting[0]
            ignored.remove(chosen)
            files[lesson] = Unreadable(shown, chosen.refused, chosen.is_fault) if chosen.refused else chosen.read(shown)
            if chosen.parts[-1] != shown:
                notes.append(f"{chosen.shown} was taken for {shown}")
            if len(fitting) > 1:
                notes.append(f"of {len(fitting)} files for {shown}, {chosen.shown} counted")
        elif hidden is not None:
            # That is what the student has to know, and not that the file is missing.
            files[lesson] = Unreadable(shown, hidden.refused, hidden.is_fault)
        else:
            missing.append(lesson)
    ignored = [item for item in ignored if not _is_known(item, lessons, course)]
    instead = [item for item in ignored if not ELSEWHERE.intersection(item.parts[:-1])]
    for lesson in missing if instead else ():
        files[lesson] = Unreadable(f"{lesson}.py", _not_handed_in(lesson, instead))
    return Submission(place.student, place.name, place.address, files, tuple(notes + _told(ignored)))


def _not_handed_in(lesson: str, instead: Sequence[Found]) -> str:
    told = [item.shown + (" (a link)" if "is a link" in item.refused else "") for item in instead[:MAX_INSTEAD]]
    more = f" and {len(instead) - MAX_INSTEAD:,} more" if len(instead) > MAX_INSTEAD else ""
    there = f"There is {', '.join(told)}{more}."
    return f"{lesson}.py was not handed in. {there} Give your file this name, and hand it in again."


def _is_known(item: Found, lessons: Sequence[str], course: Container[str]) -> bool:
    """Whether it is a file of the course itself, in a clone or in a zip of one, or of a lesson that is not graded."""
    if "/".join(item.parts) in course or "/".join(item.parts[1:]) in course:
        return not item.refused
    name = item.parts[-1]
    return f"exercises/{name}" in course and name.removesuffix(".py") not in lessons


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
            shown = "/".join(parts) or root.name
            reason = f"{_one_line(shown)} cannot be opened: {error.strerror or error}. Check its permissions."
            yield Found(parts, reason, hides=True, is_fault=True)
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
                else:
                    reason = (
                        f"{entry_name(where)} lies deeper than {MAX_DEPTH} folders. Hand in the exercise files alone."
                    )
                    yield Found(where, reason, hides=True)
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
    except Exception as error:  # noqa: BLE001  a zip of a stranger: nobody knows what breaks over it
        said = error.strerror if isinstance(error, OSError) and error.strerror else error
        reason = f"{_one_line(path.name)} cannot be opened as a zip: {said}. Hand in the file itself, or zip it anew."
        yield Found((), reason, hides=True, is_fault=_is_ours(error))
        return
    for number, member in enumerate(members):
        if number >= MAX_FILES:
            yield _TOO_MANY
            return
        # Some programs on Windows write its own separator.
        parts = tuple(_decoded(part) for part in re.split(r"[/\\]", member.filename) if part)
        if not parts or member.is_dir() or UNSEEN.intersection(parts):
            continue
        if stat.S_ISLNK(member.external_attr >> 16):
            yield Found(parts, _link(parts))
        elif member.flag_bits & 1:
            yield Found(parts, f"{entry_name(parts)} is encrypted. Hand it in without a password.")
        elif member.compress_type not in _PACKED:
            reason = f"{entry_name(parts)} is packed in a way that is not unpacked here. Make an ordinary zip."
            yield Found(parts, reason)
        else:
            yield Found(parts, read=partial(_read_member, path, member))


def _read_member(path: Path, member: zipfile.ZipInfo, shown: str) -> Source | Unreadable:
    """Return a file of a zip; at most as much is unpacked as a submission may be large, whatever the zip promises."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            return source_of(file.read(MAX_BYTES + 1), shown)
    except Exception as error:  # noqa: BLE001  as above
        reason = f"{shown} cannot be read from the zip: {error}. Hand in the file itself, or zip it anew."
        return Unreadable(shown, reason, is_fault=_is_ours(error))


def _is_ours(error: Exception) -> bool:
    """Whether it lies at this machine that a zip cannot be read: its permissions, its disk, its network."""
    return isinstance(error, OSError) and error.errno not in (None, errno.EINVAL)


def _link(parts: Sequence[str]) -> str:
    return f"{entry_name(parts)} is a link, and links are not followed. Hand the file itself in."


def entry_name(parts: Sequence[str]) -> str:
    """Return the last part of a path as it can be printed."""
    return _one_line(parts[-1])


def _fitting(items: list[Found], lesson: str) -> list[Found]:
    """Return the files that may be a lesson's, and first the one that counts.

    In exercises/ comes before elsewhere, near the top before further down. A file that the platform, the browser or
    the student has renamed, such as ``m1_4_x-2.py``, counts where no other is there; of several the one with the
    highest number is the last.
    """
    pattern = re.compile(_RENAMED.format(re.escape(lesson)), re.IGNORECASE)
    fitting = [
        (match, item)
        for item in items
        if (match := pattern.fullmatch(item.parts[-1])) is not None and not ELSEWHERE.intersection(item.parts[:-1])
    ]

    def rank(candidate: tuple[re.Match[str], Found]) -> tuple[bool, bool, int, int, tuple[str, ...]]:
        match, item = candidate
        numbers = re.findall("[0-9]+", match["numbers"])
        is_renamed, number = item.parts[-1] != f"{lesson}.py", int(numbers[-1]) if numbers else 0
        return is_renamed, "exercises" not in item.parts[:-1], len(item.parts), -number, item.parts

    return [item for _, item in sorted(fitting, key=rank)]


def _told(ignored: list[Found]) -> list[str]:
    """Return a line for each ignored file, those that look like an attempt first."""
    order = sorted(ignored, key=lambda item: (not _is_suspicious(item), item.parts))
    lines = [f"ignored: {item.shown}{_because(item)}" for item in order[:MAX_NAMED]]
    if len(order) > MAX_NAMED:
        lines.append(f"ignored: {len(order) - MAX_NAMED:,} more files")
    return lines


def _because(item: Found) -> str:
    return " (a link)" if "is a link" in item.refused else f" ({item.refused})" if item.refused else ""


def _is_suspicious(item: Found) -> bool:
    return bool(item.refused) or SUSPICIOUS.fullmatch(item.parts[-1]) is not None


def _with_export(folder: Path) -> tuple[Path, list[str]]:
    """Return the folder of a Gradescope export, and what to say where it was unpacked into a folder of its own.

    It is the only one then: in a class, a student's own ``submission_metadata.yml`` says nothing about the others.
    """
    entries = [entry for entry in os.scandir(folder) if entry.name not in UNSEEN and not entry.name.startswith(".")]
    if len(entries) == 1 and entries[0].is_dir(follow_symlinks=False):
        inside = Path(entries[0].path)
        if os.path.isfile(inside / GRADESCOPE):  # noqa: PTH113  says no where it may not look
            return inside, [f"{_one_line(inside.name)}: taken for an export of Gradescope, for it holds a {GRADESCOPE}"]
    return folder, []


def _gradescope(root: Path) -> tuple[dict[str, list[tuple[str, str, str]]], list[str]]:
    """Return by folder the (id, name, address) of those who have handed it in together, and what is odd in the list."""
    path = root / GRADESCOPE
    if path.is_symlink() or not path.is_file():
        return {}, []
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads what Ruby has written: its own kinds of values do not matter here."""

    Loader.add_multi_constructor("!", lambda *_: None)
    try:
        document = yaml.load(path.read_bytes(), Loader)  # noqa: S506  a SafeLoader that ignores what it does not know
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} cannot be read as the list of a Gradescope export: {error}. Export again.") from error
    if type(document) is not dict:
        raise UsageError(f"{path} is no list of a Gradescope export: it holds no submissions by name. Export again.")
    people, noticed = {}, []
    for folder, record in document.items():
        submitters = record.get(":submitters") if type(record) is dict else None
        owners = [each for each in submitters if type(each) is dict] if type(submitters) is list else []
        if owners:
            people[str(folder)] = [_person(owner, str(folder)) for owner in owners]
        else:
            noticed.append(f"{_one_line(str(folder))}: {GRADESCOPE} names nobody who has handed it in")
    listed = {str(folder) for folder in document}
    noticed += [
        f"{_one_line(entry.name)}: not in {GRADESCOPE}"
        for entry in sorted(os.scandir(root), key=lambda each: each.name)
        if entry.is_dir() and entry.name not in listed | UNSEEN and not entry.name.startswith(".")
    ]
    return people, noticed


def _person(owner: dict[str, Any], folder: str) -> tuple[str, str, str]:
    def of(key: str) -> str:
        return "" if owner.get(key) is None else _decoded(str(owner[key]))

    return of(":sid") or of(":email") or of(":name") or folder, of(":name"), of(":email")


def _owners(name: str, look: Look, people: dict[str, list[tuple[str, str, str]]]) -> Iterator[Place]:
    """Yield a place for each student to whom a folder or a zip belongs."""
    owners = people.get(name)
    moodle = _MOODLE.fullmatch(name)
    if owners:
        for student, full_name, address in owners:
            yield Place(student, look, full_name, address)
    elif moodle is not None:
        yield Place(moodle["id"], look, _decoded(moodle["name"]))
    else:
        yield Place(_decoded(name), look)


def _named_apart(found: list[Place]) -> tuple[list[Place], list[str]]:
    """Return the places by student, and whose name is there twice.

    The second of the same name gets a number, for nobody's points may be lost.
    """
    counts: dict[str, int] = {}
    apart, twice = [], []
    for place in sorted(found, key=lambda each: each.student):
        student = clean(place.student).replace("\n", "\\n").replace("\t", "\\t")
        number = counts[student] = counts.get(student, 0) + 1
        name = student if number == 1 else f"{student} [{number}]"
        twice += [] if number == 1 else [f"{student}: there is more than one, and this one is called {name}"]
        apart.append(replace(place, student=name))
    return sorted(apart, key=lambda each: each.student), twice


def _decoded(name: str) -> str:
    """Return a name of the disk, or of a list, without what is no text."""
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _one_line(text: str) -> str:
    return clean(_decoded(text)).replace("\n", "\\n").replace("\t", "\\t")
