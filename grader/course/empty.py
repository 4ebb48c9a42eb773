"""An empty course: the files that it begins with, for its author."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from grader.course.layout import IGNORED, requirement
from grader.sandbox.readable import MARK

TEMPLATE = Path(__file__).parent.parent / "template" / "course"
_FOLDERS = ("exercises", "lessons", "solutions")


def files_of(title: str, language: str, arrays: str) -> dict[str, bytes]:
    """Return the files of an empty course by their path; the one that marks it comes last."""
    packages = [requirement(), *(["torch>=2.7,<3"] if arrays == "torch" else ["numpy>=2,<3"])]
    values = {
        "LANGUAGE": _toml(language),
        "ARRAYS": _toml(arrays),
        "NAME": _toml(re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "course"),
        "DEPENDENCIES": "\n".join(f"    {_toml(each)}," for each in packages),
    }
    texts = {
        **{f"{name}/.gitkeep": "" for name in _FOLDERS},
        "pyproject.toml": _filled("pyproject.toml", values),
        "README.md": _filled("README.md", {"TITLE": title}),
        ".gitignore": "".join(f"{each}\n" for each in IGNORED),
        ".github/workflows/grade.yml": _filled("grade.yml", {}),
        MARK: _filled("course.toml", values | {"TITLE": _toml(title)}),
    }
    return {name: text.encode() for name, text in texts.items()}


def _filled(file: str, values: Mapping[str, str]) -> str:
    text = (TEMPLATE / f"{file}.txt").read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda match: values[match[1]], text) if values else text


def _toml(text: str) -> str:
    """Return a text as a string of TOML, which has the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
