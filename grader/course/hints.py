"""The hints of a lesson: three for each exercise, read from its hints.md."""

import re
from pathlib import Path

from grader.course.model import Lesson
from grader.errors import CourseError

NUMBER = 3
_SECTION = re.compile(r"## +(\S+) *")
_ITEM = re.compile(r"(\d+)\. +(.*)")


def read_hints(lesson: Lesson) -> dict[str, tuple[str, ...]]:
    """Return the hints by exercise, as Markdown.

    Raises CourseError, with the line, for a section of an unknown exercise and for more or fewer than three hints.
    """
    path = lesson.folder / "hints.md"
    shown = path.relative_to(lesson.root).as_posix()
    if not path.is_file():
        raise CourseError(shown, 1, "there is no such file. Write three hints for each exercise there.")
    names = {exercise.name for exercise in lesson.exercises}
    hints: dict[str, list[list[str]]] = {}
    begins: dict[str, int] = {}
    present: list[list[str]] | None = None
    for number, line in enumerate(_text(path, shown).splitlines(), start=1):
        if match := _SECTION.fullmatch(line):
            name = match[1]
            if name not in names:
                raise CourseError(shown, number, f"{name} is no exercise. There are: {', '.join(sorted(names))}.")
            present, begins[name] = hints.setdefault(name, []), number
        elif present is not None and (item := _ITEM.fullmatch(line)):
            if int(item[1]) != len(present) + 1:
                raise CourseError(shown, number, f"this is hint {len(present) + 1}, and it is numbered {item[1]}.")
            present.append([item[2]])
        elif present:
            present[-1].append(line.removeprefix("   "))
    for name in sorted(names):
        found = len(hints.get(name, ()))
        if found != NUMBER:
            problem = f"{name} has {found} hints. Give it {NUMBER}: a question, the idea, the line."
            raise CourseError(shown, begins.get(name, 1), problem)
    return {name: tuple("\n".join(lines).strip() for lines in found) for name, found in hints.items()}


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CourseError(shown, 1, f"cannot be read: {error}.") from None


def plain(markdown: str) -> list[str]:
    """Return Markdown as lines for a terminal: code is indented, and a paragraph is one line, to be wrapped."""
    lines: list[str] = []
    is_code = False
    for line in markdown.splitlines():
        if line.strip().startswith("```"):
            is_code = not is_code
        elif is_code:
            lines.append(f"    {line}")
        elif line.strip() and lines and lines[-1] and not lines[-1].startswith("    "):
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.strip())
    return lines
