"""The settings of a course: `course.toml`, which also marks its root."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from grader.errors import CourseError
from grader.sandbox.readable import MARK
from grader.text import meant

FILE = MARK
TITLE = "Course"
"""The title of a course without settings."""
MAX_BYTES = 2**16
MAX_LINE = 200
"""Characters of the title."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Settings:
    """What a course says of itself."""

    title: str = TITLE
    language: str = "en"
    """The language of the lessons, as a web page declares it; the sentences of the engine are English."""
    welcome: str = ""
    """What a fresh copy of the course shows under its title."""
    arrays: Literal["torch", "numpy"] = "torch"
    """What `grade new` writes a lesson with."""
    lessons: tuple[str, ...] = ()
    """The lessons that come first, in this order; the others follow in the order of their names."""


def is_course(folder: Path) -> bool:
    """Whether a folder is the root of a course."""
    return (folder / FILE).is_file()


def read_settings(root: Path) -> Settings:
    """Return the settings of a course, the defaults if it has no `course.toml`.

    Raises CourseError with the line, or the key, that is wrong.
    """
    path = root / FILE
    if not path.exists():
        return Settings()
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, ValueError) as error:
        raise CourseError(FILE, 1, f"cannot be read: {error}. Save it as UTF-8 text.") from None
    if len(content) > MAX_BYTES:
        raise CourseError(FILE, 1, f"has {len(content):,} bytes; the limit is {MAX_BYTES:,}. Put texts into README.md.")
    return parse_settings(text)


def parse_settings(text: str) -> Settings:
    """Return the settings in a text; raises as `read_settings` does."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise CourseError(FILE, int(line[1]) if line else 1, f"is not TOML: {error}. Correct it.") from None
    return _settings(values, text)


def _settings(values: dict[str, object], text: str) -> Settings:
    keys = tuple(Settings.__dataclass_fields__)
    for key in values:
        if key not in keys:
            near = meant(key, keys)
            guess = f"Did you mean {near}?" if near else f"The keys are: {', '.join(keys)}."
            raise _wrong(text, key, f"{key!r} is not a setting of a course. {guess}")
    if "title" not in values:
        raise CourseError(FILE, 1, 'has no title. Add a line: title = "The name of the course"')
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        found = re.search(r"\$\.(\w+)", str(error))
        name = found[1] if found else ""
        form = '["intro", "week2"]' if name == "lessons" else '"text"'
        raise _wrong(text, name, f"{error}. Write for example: {name} = {form}") from None
    if not settings.title.strip() or len(settings.title) > MAX_LINE or not settings.title.isprintable():
        raise _wrong(text, "title", f"the title must be one line of 1 to {MAX_LINE} characters.")
    if not _LANGUAGE.fullmatch(settings.language):
        raise _wrong(text, "language", f"{settings.language!r} is not the tag of a language, such as en, de or pt-BR.")
    if doubled := sorted({each for each in settings.lessons if settings.lessons.count(each) > 1}):
        raise _wrong(text, "lessons", f"{doubled[0]!r} is named twice. Remove one of them.")
    return settings


def order_of(names: Iterable[str], settings: Settings, root: Path) -> list[str]:
    """Return the names of lessons in their order: those that the settings list first, then the others in natural order.

    Raises CourseError if the settings list a lesson that is not there.
    """
    present = sorted(names, key=natural)
    for name in settings.lessons:
        if name not in present:
            guess = f" Did you mean {found}?" if (found := meant(name, present)) else ""
            problem = f"there is no folder lessons/{name}.{guess} Correct or remove the name."
            raise _wrong((root / FILE).read_text(encoding="utf-8"), "lessons", problem)
    return [*settings.lessons, *(name for name in present if name not in settings.lessons)]


def natural(name: str) -> tuple[list[tuple[str, int]], str]:
    """Return what to sort a name by, with numbers by size: ``week2`` before ``week10``."""
    parts = re.findall(r"(\D*)(\d*)", name)
    return [(text, int(number or -1)) for text, number in parts], name


def _wrong(text: str, key: str, problem: str) -> CourseError:
    """Return the error with the line of a key; with line 1 if it is not to be found."""
    lines = text.splitlines()
    quoted = rf"""\s*["']?{re.escape(key)}["']?\s*="""
    line = next((number for number, line in enumerate(lines, 1) if key and re.match(quoted, line)), 1)
    return CourseError(FILE, line, problem)
