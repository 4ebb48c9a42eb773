"""`grade export`: pack your own versions and their times into one file, for a course that requests it.

It proves nothing: the file comes from a folder that its owner can change.
"""

import argparse
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.commands import Answer, Context, Paths
from grader.commands.reset import write
from grader.course.model import Lesson
from grader.course.submission import Source, read_submission
from grader.engine.unwritten import is_untouched
from grader.errors import GraderError, UsageError
from grader.progress.store import Graded, Version, digest
from grader.text import counted

FORMAT = "workbook history 1"
PROVES = (
    "Nothing. Everything in this file was written on a machine whose owner can change it, times included. A missing"
    " version means nothing either: versions are kept when an exercise passes, and before a reset, an undo, an update,"
    " a save in the page and a cell of a notebook."
)
PATHS = Paths.FOLDER


def run(context: Context, words: Sequence[str]) -> Answer:
    """Write the versions of all exercise files, and say what is in the file."""
    if len(words) > 1:
        raise UsageError("grade export takes one file at most: grade export history.zip")
    path = Path(words[0] if words else "history.zip")
    if path.suffix != ".zip":
        raise UsageError(f"{path} must end in .zip: grade export history.zip")
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} exists and is not overwritten. Name another: grade export {path.stem}-2.zip")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: the folder {path.parent} does not exist. Create it first.")
    lessons, files = _history(context)
    if not lessons:
        reason = f" ({context.store.complaint})" if context.store.complaint else ""
        raise UsageError(f"There is nothing to export: nothing is written and nothing was graded here yet.{reason}")
    head = {"format": FORMAT, "proves": PROVES, "exported": _time(datetime.now(UTC).timestamp())}
    document = json.dumps({**head, "lessons": lessons}, indent=2, ensure_ascii=False)
    write(path, _packed({"history.json": f"{document}\n".encode(), **files}))
    said = (
        f"{path}: {counted(len(files), 'version')} of {counted(len(lessons), 'lesson')}, with their times and verdicts."
    )
    what = "It holds your code and nothing else of this machine. It proves nothing, and history.json in it says so."
    return Answer("\n".join(context.style.wrapped([said, what])))


def _history(context: Context) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Return what is known of each lesson that was begun, and the versions of its file by their names."""
    lessons: list[dict[str, Any]] = []
    files: dict[str, bytes] = {}
    present = {lesson.name: context.content(lesson) for lesson in context.course.lessons if _is_begun(context, lesson)}
    for name in sorted({*context.store.lessons(), *present}):
        told: list[dict[str, Any]] = []
        for number, version in enumerate(reversed(context.store.versions(name)), start=1):
            file = f"{_safe(name)}/{number:04}-{_safe(version.reason)}.py"
            files[file] = version.content
            told.append({"file": file, **_version(version)})
        if (content := present.get(name)) is not None:
            file = f"{_safe(name)}/now.py"
            files[file] = content
            told.append({"file": file, "because": "now", "sha256": digest(content)})
        graded = [_graded(each) for each in context.store.graded(name)]
        lessons.append({"lesson": name, "versions": told, "graded": graded})
    return lessons, files


def _is_begun(context: Context, lesson: Lesson) -> bool:
    source = read_submission(context.submission, lesson.name)
    try:
        return isinstance(source, Source) and not is_untouched(lesson, source)
    except GraderError:
        return True  # a lesson that cannot be read


def _version(version: Version) -> dict[str, Any]:
    return {"kept": _time(version.at), "because": version.reason, "sha256": digest(version.content)}


def _graded(graded: Graded) -> dict[str, Any]:
    verdict = graded.verdict
    return {
        "graded": _time(graded.at),
        "sha256": graded.content,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "exercises": {each.name: each.status.value for each in verdict.exercises},
    }


def _packed(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        # What it is comes first.
        for name in sorted(files, key=lambda name: (name != "history.json", name)):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _time(seconds: float) -> str:
    """Return a time in UTC, or what a damaged store says instead."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError, TypeError):
        return str(seconds)


def _safe(name: str) -> str:
    """Return a name that stays inside the folder into which the file is unpacked."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", str(name))[:100]


def add_options(_parser: argparse.ArgumentParser) -> None:
    """Declare no options: it packs what is in this folder."""
