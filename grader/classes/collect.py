"""Collect the submissions of a class: from folders, archives, clones or an export to files by student and lesson.

Names decide: a student's file is the one named like the lesson. Everything else is ignored and listed, above all what
other graders would run or follow: a conftest.py, a torch.py, a link. Nothing is unpacked to disk.

A student is identified by the name that the platform or the instructor gave to a folder or a file, never by what a
student wrote: neither the name of a file nor anything in it.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

from grader.classes.archive import (
    UNSEEN,
    Found,
    decoded,
    is_archive,
    one_line,
    walk_archive,
    walk_folder,
    without_ending,
)
from grader.course.submission import Source, Unreadable, read_file
from grader.course.unreadable import recognise
from grader.errors import UsageError

MAX_NAMED = 20
"""Ignored files of one student listed by name; the others are counted."""
MAX_INSTEAD = 5
"""Files listed for a student whose exercise file is missing."""
ELSEWHERE = frozenset({"solutions", "lessons", "tests", "grader"})
"""Folders of a clone of the course in which a file with a lesson's name is not an exercise."""
SUSPICIOUS = re.compile(
    r"conftest\.py|(pytest|tox)\.ini|setup\.cfg|(site|user)customize\.py|.*\.(pth|so|pyc|pkl)"
    r"|(torch|numpy|matplotlib|pytest|hypothesis|grader|checks|random|math)\.py"
)
"""Names that would change the behaviour of other graders."""
GRADESCOPE = "submission_metadata.yml"
RESULTS = "results.sqlite3"
"""The ledger of a class."""
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)", re.DOTALL)
"""A submission, as ``file`` or ``onlinetext``. The shortest possible name: the rest was written by the student."""
_CANVAS = re.compile(
    r"(?:(?:LATE_)?(?P<hidden>anon_(?=\d*[A-Za-z])[A-Za-z0-9]{5})|(?P<name>.+?)_(?:LATE_)?(?P<id>\d+))_\d+_(?P<file>.+)",
    re.DOTALL,
)
"""For anonymous students, a word of five characters replaces name and id."""
_COPY = r"(?:copy|kopie|copie|copia|c\u00f3pia|kopia|kopi|k\u00f3pia|\u526f\u672c|\u30b3\u30d4\u30fc)"
_COUNTED = rf"(?:[ _-]{{0,3}}\(?[0-9]{{1,9}}\)?|[ _-]{{0,3}}{_COPY})"
_RENAMED = (
    r"(?:(?:copy of|kopie von|kopie van|copie de|copia de|copia di|c\u00f3pia de|kopia av|kopi av|kopi af) )?"
    rf"LESSON(?P<counted>{_COUNTED}{{0,4}})"
    # Conflicting copies from two machines: Dropbox and Nextcloud, Syncthing, OneDrive.
    r"(?: ?\([^()]{0,100}(?:conflict|konflikt|conflit)[^()]{0,100}\)"
    r"|\.sync-conflict-[0-9A-Z-]{1,40}"
    r"|-(?-i:[A-Z][A-Z0-9-]{2,30})|-[\w' -]{0,30}(?:macbook|imac|laptop|desktop)[\w' -]{0,30})?"
    rf"{_COUNTED}? {{0,3}}\.py(?:\.txt)?"
)
"""How browsers, platforms, clouds and students rename a lesson's file."""

Look = Callable[[], Iterable[Found]]


@dataclass(frozen=True)
class Place:
    """Where a student's files are."""

    student: str
    """The name used everywhere: an id, an address, or the name of the folder."""
    look: Look
    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Submission:
    """What one student handed in."""

    student: str
    name: str
    address: str
    files: dict[str, Source | Unreadable]
    """By lesson; a lesson without a file is left out."""
    notes: tuple[str, ...]
    """What was ignored, and why; and which of several files counted."""


@dataclass(frozen=True)
class _Entry:
    """A folder or a file of the class, with its name on disk."""

    path: Path
    is_dir: bool

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_submission(self) -> bool:
        """Whether it is a submission if no platform has named it."""
        return self.is_dir or is_archive(self.name)

    @property
    def student(self) -> str:
        """The name without an archive's suffix."""
        return self.name if self.is_dir else without_ending(self.name)

    def look(self, called: str = "") -> Iterable[Found]:
        """Return its contents; ``called`` is the student's name for a single file."""
        if self.is_dir:
            return walk_folder(self.path)
        if is_archive(self.name):
            return walk_archive(self.path)
        return [Found((decoded(called),), read=partial(read_file, self.path))]


def places(folder: Path, out: Path | None = None, lessons: Container[str] = ()) -> tuple[list[Place], list[str]]:
    """Return where the submissions of a class are, sorted by student, and notes about the folder.

    ``out`` is the folder of the results, which may be among the submissions and is skipped. ``lessons`` are the names
    of the course's lessons: by them a whole class is told from a student. Raises UsageError for a folder that cannot be
    opened, or that holds no submission.
    """
    try:
        return _places(folder, out, lessons)
    except OSError as error:
        raise UsageError(f"{error.filename or folder} cannot be opened: {error.strerror or error}.") from error


def _places(folder: Path, out: Path | None, lessons: Container[str]) -> tuple[list[Place], list[str]]:
    people, noticed = _gradescope(folder)
    entries: list[_Entry] = []
    for each in sorted(os.scandir(folder), key=lambda each: each.name):
        why = _why_none(each, out)
        noticed += [f"{one_line(each.name)}: {why}"] if why else []
        entries += [_Entry(Path(each.path), each.is_dir())] if why is None else []
    platform = None if people else _platform(entries)
    found: list[Place] = []
    joined: dict[tuple[str, str], list[Look]] = {}
    for entry in entries:
        if (match := _match(platform, entry)) is not None:
            named = match.groupdict()
            student, name = named.get("hidden") or named["id"], decoded(named["name"] or "")
            joined.setdefault((student, name), []).append(partial(entry.look, match["file"]))
        elif not entry.is_submission:
            noticed.append(f"{one_line(entry.name)}: ignored, because it is not a student's folder or archive")
        elif owners := people.get(entry.student):
            found += [Place(student, entry.look, name, address) for student, name, address in owners]
        else:
            found.append(Place(decoded(entry.student), entry.look))
        # No content excludes a folder from the class: only --out says where the results are.
        if entry.is_dir and os.path.isfile(entry.path / RESULTS):  # noqa: PTH113  says no where it may not look
            step = "If these are your results, move them out of the class."
            noticed.append(f"{one_line(entry.name)}: graded as a student, but it contains a {RESULTS}. {step}")
    found += [Place(student, partial(_all, looks), name) for (student, name), looks in joined.items()]
    if not found:
        raise UsageError(
            f"{folder} contains no submission. Put one folder or one zip for each student into it, or the unpacked"
            " export of Gradescope, Canvas or Moodle."
        )
    there = {entry.student for entry in entries}
    noticed += [f"{one_line(each)}: in {GRADESCOPE}, but not in the folder" for each in people if each not in there]
    if len(found) == 1:
        noticed += _perhaps_a_class(folder, found[0], entries, lessons)
    apart, contested = _named_apart(found)
    return apart, noticed + contested


def _why_none(entry: os.DirEntry[str], out: Path | None) -> str | None:
    """Return why an entry is not a submission, empty if that needs no note; None if it may be one.

    Raises UsageError if the results would go into a submission.
    """
    path = Path(entry.path)
    if entry.name in UNSEEN or entry.name == GRADESCOPE or (out is not None and path.resolve() == out.resolve()):
        return ""
    if entry.is_symlink():
        return "a link, which is not followed"
    if entry.name.startswith("."):
        return "ignored, because its name begins with a dot" if entry.is_dir() else ""
    if entry.is_dir() and out is not None and out.resolve().is_relative_to(path.resolve()):
        raise UsageError(f"--out {out} is inside {path}, a student's submission. Choose a folder outside of it.")
    return None


def _platform(entries: Sequence[_Entry]) -> re.Pattern[str] | None:
    """Return how the platform names the files in this folder, or None if the instructor has named them.

    The whole folder is from one platform, the one that most names match: a student cannot name a file so that it is
    read as another platform's.
    """
    fitting = {
        pattern: [match for entry in entries if (match := _match(pattern, entry)) is not None]
        for pattern in (_CANVAS, _MOODLE)
    }
    # In a tie, the one with the shorter prefixes: what follows them was written by the students.
    platform = max(fitting, key=lambda each: (len(fitting[each]), -sum(match.start("file") for match in fitting[each])))
    others = sum(entry.is_submission for entry in entries if _match(platform, entry) is None)
    return platform if fitting[platform] and len(fitting[platform]) >= others else None


def _match(platform: re.Pattern[str] | None, entry: _Entry) -> re.Match[str] | None:
    """Match a name that a platform has made; Canvas makes no folders."""
    if platform is None or (entry.is_dir and platform is _CANVAS):
        return None
    return platform.fullmatch(entry.name)


def _perhaps_a_class(root: Path, place: Place, entries: Sequence[_Entry], lessons: Container[str]) -> list[str]:
    """Return a note if the folder of the only student looks like a whole class."""
    folders = [entry for entry in entries if entry.is_dir]
    step = f"If that is the class, grade this folder: {folders[0].path if folders else root}"
    items = list(place.look())
    if folders and any(item.parts == (GRADESCOPE,) for item in items):
        return [f"{one_line(place.student)}: the only student, with a {GRADESCOPE} that is ignored. {step}"]
    names = {
        (item.parts[0], item.parts[-1])
        for item in items
        if len(item.parts) > 1 and item.parts[0] not in {"exercises", *ELSEWHERE}
    }
    counts = Counter(file for _, file in names if file.endswith(".py") and file.removesuffix(".py") in lessons)
    if max(counts.values(), default=0) < 2:
        return []
    name, number = counts.most_common(1)[0]
    return [f"{one_line(place.student)}: the only student, with {number} folders that contain a {name}. {step}"]


def _all(looks: Iterable[Look]) -> Iterator[Found]:
    return chain.from_iterable(look() for look in looks)


def take(place: Place, lessons: Sequence[str], course: Container[str] = ()) -> Submission:
    """Return what one student handed in for these lessons.

    ``course`` holds the paths of the course's own files: in a clone they are ignored without a note.
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
                notes.append(f"{chosen.shown} was graded as {shown}")
            if len(fitting) > 1:
                notes.append(f"of {len(fitting)} files for {shown}, {chosen.shown} counted")
        elif hidden is not None:
            # The student needs to know this, not that the file is missing.
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
    wrong = ((item, recognise(item.head())) for item in instead[:MAX_INSTEAD])
    step = next((f" {other.sentence(one_line(item.parts[-1]))}" for item, other in wrong if other is not None), "")
    there = f"Found: {', '.join(told)}{more}.{step}"
    return f"{lesson}.py was not handed in: hand in your Python file under this name. {there}"


def _is_known(item: Found, lessons: Sequence[str], course: Container[str]) -> bool:
    """Whether it is one of the course's own files, in a clone or its zip, or of a lesson that is not graded."""
    if "/".join(item.parts) in course or "/".join(item.parts[1:]) in course:
        return not item.refused
    name = item.parts[-1]
    return f"exercises/{name}" in course and name.removesuffix(".py") not in lessons


def _fitting(items: list[Found], lesson: str) -> list[Found]:
    """Return the files that may be a lesson's, the one that counts first.

    Files in exercises/ come before others, and those near the top before deeper ones. A file that the platform, the
    browser or the student renamed, such as ``m1_4_x-2.py``, counts if there is no other; of several, the highest
    number is the latest.
    """
    pattern = re.compile(_RENAMED.replace("LESSON", re.escape(lesson)), re.IGNORECASE)
    fitting = [
        (match, item)
        for item in items
        if (match := pattern.fullmatch(item.parts[-1])) is not None and not ELSEWHERE.intersection(item.parts[:-1])
    ]

    def rank(candidate: tuple[re.Match[str], Found]) -> tuple[bool, bool, int, int, tuple[str, ...]]:
        match, item = candidate
        numbers = re.findall("[0-9]+", match["counted"])
        is_renamed, number = item.parts[-1] != f"{lesson}.py", int(numbers[-1]) if numbers else 0
        return is_renamed, "exercises" not in item.parts[:-1], len(item.parts), -number, item.parts

    return [item for _, item in sorted(fitting, key=rank)]


def _told(ignored: list[Found]) -> list[str]:
    """Return a line for each ignored file, suspicious ones first."""
    order = sorted(ignored, key=lambda item: (not _is_suspicious(item), item.parts))
    lines = [f"ignored: {item.shown}{_because(item)}" for item in order[:MAX_NAMED]]
    if len(order) > MAX_NAMED:
        lines.append(f"ignored: {len(order) - MAX_NAMED:,} more files")
    return lines


def _because(item: Found) -> str:
    return " (a link)" if "is a link" in item.refused else f" ({item.refused})" if item.refused else ""


def _is_suspicious(item: Found) -> bool:
    return bool(item.refused) or SUSPICIOUS.fullmatch(item.parts[-1]) is not None


def _gradescope(root: Path) -> tuple[dict[str, list[tuple[str, str, str]]], list[str]]:
    """Return by folder the (id, name, address) of the students who share it, and notes about the list."""
    path = root / GRADESCOPE
    if path.is_symlink() or not path.is_file():
        return {}, []
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads YAML that Ruby wrote, and ignores Ruby's own types."""

    Loader.add_multi_constructor("!", lambda *_: None)
    try:
        document = yaml.load(path.read_bytes(), Loader)  # noqa: S506  a SafeLoader that ignores what it does not know
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} cannot be read as metadata of Gradescope: {error}. Export again.") from error
    if type(document) is not dict:
        raise UsageError(f"{path} is not metadata of Gradescope: it lists no submissions. Export again.")
    people, noticed = {}, []
    for folder, record in document.items():
        submitters = record.get(":submitters") if type(record) is dict else None
        owners = [each for each in submitters if type(each) is dict] if type(submitters) is list else []
        if owners:
            people[str(folder)] = [_person(owner, str(folder)) for owner in owners]
        else:
            noticed.append(f"{one_line(str(folder))}: {GRADESCOPE} does not name its student")
    listed = {str(folder) for folder in document}
    noticed += [
        f"{one_line(entry.name)}: not in {GRADESCOPE}"
        for entry in sorted(os.scandir(root), key=lambda each: each.name)
        if entry.is_dir() and entry.name not in listed | UNSEEN and not entry.name.startswith(".")
    ]
    return people, noticed


def _person(owner: dict[str, Any], folder: str) -> tuple[str, str, str]:
    def of(key: str) -> str:
        return "" if owner.get(key) is None else decoded(str(owner[key]))

    return of(":sid") or of(":email") or of(":name") or folder, of(":name"), of(":email")


def _named_apart(found: list[Place]) -> tuple[list[Place], list[str]]:
    """Return the places by student, and a note about each name that several submissions claim.

    The owner of such a name is unknown, so no submission keeps it, and no gradebook gets points under it.
    """
    known = [replace(place, student=one_line(place.student)) for place in found]
    counts = Counter(place.student for place in known)
    apart = [place for place in known if counts[place.student] == 1]
    contested = []
    taken = set(counts)
    for student, claims in sorted(counts.items()):
        if claims == 1:
            continue
        said = []
        numbers = (name for number in count(1) if (name := f"{student} [{number}]") not in taken)
        for place, name in zip((place for place in known if place.student == student), numbers, strict=False):
            apart.append(replace(place, student=name, name="", address=""))
            said.append(name + (f" ({one_line(place.name)})" if place.name else ""))
        contested.append(
            f"{student}: {claims} submissions claim this name, so no gradebook gets points for any of them. Their"
            f" reports are called {', '.join(said)}. Find out whose they are, keep one per student, and grade again."
        )
    return sorted(apart, key=lambda each: each.student), contested
