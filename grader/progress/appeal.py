"""An appeal: everything that an author needs to examine a verdict that a student believes is wrong, in one file.

A student's machine writes it, and an author's reads it. What is read is untrusted: it is text to show and a file to run
confined, and nothing in it is evaluated.
"""

import dataclasses
import json
import os
import platform
import re
import stat
import tempfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import msgspec

from grader.course import versions
from grader.course.model import Lesson
from grader.course.submission import MAX_BYTES, Source
from grader.errors import UsageError
from grader.text import cut
from grader.verdict import ExerciseVerdict

FORMAT = "workbook appeal 1"
MAX_SENTENCE = 1000
"""Characters of what the student says."""
MAX_FILE = 8 * MAX_BYTES
"""Bytes of an appeal: JSON needs up to six for one of the student's file, and the verdict is small."""
MAX_TEXT = 20_000
"""Characters of one text of the verdict."""
PACKAGES = ("torch", "numpy")
_Name = Annotated[str, msgspec.Meta(max_length=200)]


class Appeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A verdict that a student believes is wrong, with all that it depends on."""

    format: _Name
    lesson: _Name
    """The name of its folder."""
    exercise: _Name
    says: Annotated[str, msgspec.Meta(max_length=MAX_SENTENCE)]
    """What the student believes, in a sentence; may be empty."""
    check: _Name
    """The failed check that the student was shown."""
    call: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
    """Its failing call; empty if there is none."""
    seed: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
    """That of the examples; 0 for the fixed ones."""
    source: Annotated[str, msgspec.Meta(max_length=MAX_BYTES)]
    """The student's whole file."""
    lesson_version: _Name
    grader_version: _Name
    software: Annotated[dict[_Name, _Name], msgspec.Meta(max_length=20)]
    """The versions of Python and of what the exercise uses."""
    verdict: ExerciseVerdict

    @property
    def file(self) -> Source:
        """The student's file, to run confined."""
        return Source(f"{self.lesson}.py", self.source.encode())


def name_of(lesson: Lesson, exercise: str) -> str:
    """Return what the file of an appeal is called: ``appeal-1.4-compute_grid.json``."""
    return f"appeal-{lesson.id}-{exercise}.json"


@dataclasses.dataclass(frozen=True)
class Disputed:
    """A verdict, and what it is about."""

    content: bytes
    """The student's file."""
    verdict: ExerciseVerdict
    seed: int


def pack(lesson: Lesson, disputed: Disputed, says: str, places: Iterable[Path]) -> bytes:
    """Return the appeal against a verdict that has not passed, as JSON.

    Nothing of the machine is in it but versions: what the code printed and how long it took are left out, and so are
    ``places``, the home folder and the temporary one wherever a message names them. Raises UsageError for a file that
    is not UTF-8, and for a sentence that is too long.
    """
    verdict, content = disputed.verdict, disputed.content
    failure = verdict.first_failure
    assert failure is not None
    if len(says) > MAX_SENTENCE:
        raise UsageError(f"Your sentence has {len(says):,} characters; the limit is {MAX_SENTENCE:,}. Make it shorter.")
    try:
        source = content.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"{lesson.name}.py is not UTF-8 text (byte {error.start}). Save it as UTF-8 first.") from error
    plain = _without(_reduced(verdict), _named(places))
    appeal = Appeal(
        format=FORMAT,
        lesson=lesson.name,
        exercise=verdict.name,
        says=" ".join(says.split()),
        check=failure.name,
        call=next(each["counterexample"] for each in plain["checks"] if each["name"] == failure.name),
        seed=disputed.seed,
        source=source,
        lesson_version=versions.lesson_version(lesson),
        grader_version=versions.grader_version(),
        software=software(),
        verdict=msgspec.convert(plain, ExerciseVerdict),
    )
    return json.dumps(msgspec.to_builtins(appeal), indent=1).encode() + b"\n"


def read(path: Path) -> Appeal:
    """Return the appeal in a file; raises UsageError for anything else."""
    again = "Ask the student to pack it again: grade appeal LESSON EXERCISE"
    try:
        content = _content(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(content) > MAX_FILE:
        raise UsageError(f"{path} is larger than an appeal can be ({MAX_FILE:,} bytes). {again}")
    try:
        appeal = msgspec.json.decode(content, type=Appeal)
        appeal.source.encode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise UsageError(f"{path} is not a whole appeal ({cut(str(error), 200)}). {again}") from error
    if appeal.format != FORMAT:
        raise UsageError(f"{path} has the format {cut(appeal.format, 60)!r}, expected {FORMAT!r}. {again}")
    return appeal


def _content(path: Path) -> bytes:
    """Return the start of a regular file: a pipe would block."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("it is not a file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_FILE + 1)
    finally:
        os.close(descriptor)


def _reduced(verdict: ExerciseVerdict) -> dict[str, Any]:
    """Return a verdict as plain data, without what the machine decides."""
    plain = dataclasses.asdict(verdict)
    for check in plain["checks"]:
        check |= {"output": "", "duration_ms": 0.0, "frames": [each | {"file": ""} for each in check["frames"]]}
    return plain


def _named(places: Iterable[Path]) -> re.Pattern[str]:
    """Return what finds these folders in a text, and the home folder and the temporary one."""
    folders = {str(each) for place in (*places, Path(tempfile.gettempdir())) for each in (place, place.resolve())}
    folders |= {os.path.expanduser("~")} - {"~"}  # noqa: PTH111  Path.home raises where there is none
    names = sorted(map(re.escape, folders - {os.sep, "."}), key=len, reverse=True)
    return re.compile(rf"(?<![\w.)\]])(?:{'|'.join(names)})(?!\w){re.escape(os.sep)}?")


def _without(value: Any, folders: re.Pattern[str]) -> Any:
    """Return plain data with its texts cut, and without these folders in them."""
    match value:
        case str():
            return cut(folders.sub("", value), MAX_TEXT)
        case dict():
            return {key: _without(part, folders) for key, part in value.items()}
        case list() | tuple():
            return [_without(part, folders) for part in value]
    return value


def software() -> dict[str, str]:
    """Return the versions of what the exercises run on."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
