"""`grade init`: lay out a folder to work in; nothing that is there is overwritten."""

import argparse
import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader import files
from grader.commands import Answer, Context, Needs, Paths, add_output
from grader.course import settings
from grader.errors import Fault, UsageError

USAGE = "grade init --course FOLDER"
NEEDS = Needs.NOTHING
PATHS = Paths.FOLDER
ENGINE = "workbook-grader"
"""The distribution of the grader."""
TEMPLATE = Path(__file__).parent.parent / "template" / "course"
_FOLDERS = ("exercises", "lessons", "solutions")


def course(folder: Path, *, title: str, language: str, arrays: str) -> Answer:
    """Write an empty course into a folder; files that are there with this content are left as they are.

    Raises UsageError if another file is in the way, before anything is written.
    """
    texts = course_files(title, language, arrays)
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
    packages = [f"{ENGINE}[torch]{_pin()}", *(["torch>=2.7,<3"] if arrays == "torch" else ["numpy>=2,<3"])]
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


def _pin() -> str:
    """Return the version of this grader as a requirement; empty where it is not installed as a package."""
    try:
        return f"=={version(ENGINE)}"
    except PackageNotFoundError:
        return ""


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


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    parser.add_argument("--course", action="store_true", help="an empty course, for authors")
    parser.add_argument("--title", default="", metavar="TEXT", help="its title (default: the name of the folder)")
    parser.add_argument("--language", default="en", metavar="TAG", help="the language of its texts (default: en)")
    parser.add_argument("--torch", action="store_true", help="write its lessons with torch (default: NumPy)")


def command(_context: Context, options: argparse.Namespace) -> Answer:
    """Lay out a folder with these options."""
    if not options.course or len(options.words) != 1:
        raise UsageError(f"Name the folder of the new course: {USAGE}")
    folder = Path(options.words[0])
    title = options.title or re.sub(r"[-_\s]+", " ", folder.resolve().name).strip().capitalize() or settings.TITLE
    return course(folder, title=title, language=options.language, arrays="torch" if options.torch else "numpy")
