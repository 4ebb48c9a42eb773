"""`grade init --course`: the files of an empty course, for authors; nothing that is there is overwritten."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from grader import files
from grader.commands import Answer
from grader.course import layout, settings
from grader.errors import Fault, UsageError

USAGE = "grade init --course FOLDER"
TEMPLATE = Path(__file__).parent.parent / "template" / "course"
_FOLDERS = ("exercises", "lessons", "solutions")


def course(folder: Path, *, title: str, language: str, arrays: str) -> Answer:
    """Write an empty course into a folder; files that are there with this content are left as they are.

    Without a title, it has the name of the folder.

    Raises UsageError if another file is in the way, before anything is written.
    """
    named = re.sub(r"[-_\s]+", " ", folder.resolve().name).strip().capitalize() or settings.TITLE
    texts = course_files(title or named, language, arrays)
    for name, text in texts.items():
        path = folder / name
        _require_free(path, text)
    settings.parse_settings(texts[settings.FILE])
    # The settings come last: they mark the root of a course, and half of a course is not one.
    for name in sorted(texts, key=lambda name: name == settings.FILE):
        _write(folder / name, texts[name])
    lines = [
        f"Wrote an empty course to {folder}:",
        *(f"  {name}" for name in texts),
        "",
        "Next:",
        f"  1. cd {folder}",
        "  2. uv sync                                  installs the grader",
        "  3. uv run grade new week1 --exercise NAME   writes a sample lesson, which already passes the audit",
        "  4. uv run grade audit                       proves that the checks are right",
    ]
    return Answer("\n".join(lines))


def course_files(title: str, language: str, arrays: str) -> dict[str, str]:
    """Return the files of an empty course: their texts by path."""
    packages = [layout.requirement(), *(["torch>=2.7,<3"] if arrays == "torch" else ["numpy>=2,<3"])]
    values = {
        "TITLE": title,
        "LANGUAGE": _toml(language),
        "ARRAYS": _toml(arrays),
        "NAME": _toml(re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "course"),
        "DEPENDENCIES": "\n".join(f"    {_toml(each)}," for each in packages),
    }
    return {
        **{f"{name}/.gitkeep": "" for name in _FOLDERS},
        settings.FILE: _filled("course.toml", values | {"TITLE": _toml(title)}),
        "pyproject.toml": _filled("pyproject.toml", values),
        "README.md": _filled("README.md", values),
        ".gitignore": _filled("gitignore", values),
        ".github/workflows/grade.yml": _filled("grade.yml", {}),
    }


def _filled(file: str, values: Mapping[str, str]) -> str:
    text = (TEMPLATE / f"{file}.txt").read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda match: values[match[1]], text) if values else text


def _toml(text: str) -> str:
    """Return a text as a string of TOML, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _require_free(path: Path, text: str) -> None:
    try:
        there = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}. Name another folder.") from error
    if there != text.encode():
        raise UsageError(f"{path} already exists and is not overwritten. Name a new folder: {USAGE}")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            files.write(path, text.encode())
    except OSError as error:
        raise Fault(f"{path} cannot be written: {error.strerror or error}.") from error
