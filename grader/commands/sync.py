"""`grade sync`: update what derives from a lesson's own files, and never overwrite a student's work."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.commands import Answer, Context, Paths, add_output
from grader.commands.reset import write
from grader.course import overview, rules
from grader.course.derived import Derived, texts_of
from grader.course.model import Course, Lesson
from grader.reports.text import Style

PATHS = Paths.COURSE


@dataclass
class _Told:
    """What was done, and whether everything is up to date."""

    lines: list[str]
    is_fine: bool = True


def run(context: Context, words: Sequence[str], *, check: bool = False) -> Answer:
    """Bring the named lessons, or all, up to date; with ``check``, only report what is stale, and exit 1."""
    lessons = [context.course.find(word) for word in words] or list(context.course.lessons)
    told = _Told([])
    for lesson in dict.fromkeys(lessons):
        rules.require(lesson)
        for derived in texts_of(lesson):
            _bring(lesson, derived, told, context.style, check=check)
        # After the README is written: its blocks draw, and may use its section Solutions.
        problems, figures = _figures(lesson)
        for derived in figures:
            _bring(lesson, derived, told, context.style, check=check)
        told.lines += problems
        told.is_fine = told.is_fine and not problems
    for derived in overview.texts_of(context.course):
        _bring(context.course, derived, told, context.style, check=check)
    if told.is_fine and not told.lines:
        told.lines.append(f"Everything is up to date in {', '.join(lesson.id for lesson in lessons)}.")
    elif check and not told.is_fine:
        told.lines += ["", "Nothing was changed. To update: grade sync"]
    return Answer("\n".join(told.lines), 0 if told.is_fine else 1)


def _bring(place: Lesson | Course, derived: Derived, told: _Told, style: Style, *, check: bool) -> None:
    """Write a stale file, or say why it was left alone."""
    if not derived.is_stale:
        return
    shown = derived.path.relative_to(place.root).as_posix()
    if derived.is_kept and isinstance(place, Lesson):
        told.is_fine = False
        told.lines += [
            f"{shown} is no longer the stub, so it was left alone.",
            *style.wrapped([f"To reset it and keep your version: grade reset {place.id}"], "  "),
        ]
    elif check:
        told.is_fine = False
        told.lines.append(f"{shown}:1: is stale: {derived.why}.")
    else:
        derived.path.parent.mkdir(parents=True, exist_ok=True)
        write(derived.path, derived.content)
        told.lines.append(f"written: {shown}")


def _figures(lesson: Lesson) -> tuple[list[str], list[Derived]]:
    """Return what failed in the blocks of the README, and the figures that changed."""
    from grader.audit import pictures, programs

    findings, drawn = programs.draw(lesson)
    folder = lesson.folder / "figures"
    changed = [
        Derived(folder / name, content, "the blocks of the README now draw a different picture")
        for name, content in drawn.items()
        if not pictures.looks_like(folder / name, content)
    ]
    return [*map(str, findings), *_not_drawn(lesson, set(drawn))] if not findings else list(map(str, findings)), changed


def _not_drawn(lesson: Lesson, drawn: set[str]) -> Iterator[str]:
    folder = lesson.folder / "figures"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in drawn:
            shown = path.relative_to(lesson.root).as_posix()
            yield f"{shown}:1: no block of the README draws this figure. Remove it, or draw it."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if something is stale")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Synchronize with these options."""
    return run(context, options.words, check=options.check)
