"""`grade debug`: a drill, which is code with one mistake that the checks catch: find it and mend it."""

import argparse
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.commands import Answer, Context, add_allow_unconfined, add_file_options
from grader.commands.reset import present, write
from grader.commands.show import as_characters, drawn_of
from grader.course.drill import Drill, drills_of, needed_for
from grader.course.model import DRILL, Lesson
from grader.course.submission import Source, Unreadable, read_submission
from grader.errors import Fault, UsageError
from grader.feedback.describe import describe
from grader.progress.store import digest
from grader.text import clean, counted
from grader.verdict import PUBLIC, ExerciseVerdict, Status

if TYPE_CHECKING:
    from grader.engine.grading import Task
    from grader.pool.pool import Pool

USAGE = "grade debug LESSON, or grade debug LESSON EXERCISE"
MOST_TRIED = 20
"""Drills that are graded until one fails: a small change may change nothing."""
_OPEN = "drill"
"""The note in the store that names the lesson and the drill of the file."""
_MENDED = "mended drill"
"""The note with the digest of the last mended file: it needs no keeping."""


@dataclass(frozen=True)
class _Graded:
    """What a drill's file does."""

    has_passed: bool
    failure: list[str]
    """What the first failing check shows, in lines to wrap."""
    picture: list[str]
    """The picture of the failing call as characters, and its path; empty where there is none."""


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Make a drill, or grade the one that is there."""
    words: Sequence[str] = options.words
    if len(words) > 2:
        raise UsageError(f"Name a lesson and optionally an exercise: {USAGE}")
    content, opened = present(context.submission / f"{DRILL}.py"), _opened(context)
    if opened is not None and content is not None and not options.new:
        lesson, drill = opened
        if not words or (context.course.find(words[0]) == lesson and words[1:] in ([], [drill.exercise])):
            return _graded_again(context, lesson, drill, is_hinted=options.hint)
    if not words:
        raise UsageError(f"No drill is open. Name the lesson that it is to be of: {USAGE}")
    lesson = context.course.find(words[0])
    context.warn([lesson])
    waiting = _waiting(context, lesson, words[1:], opened[1].label if opened is not None else "")
    is_as_made = opened is not None and content == opened[1].text.encode()
    is_done = is_as_made or content is None or digest(content) == context.store.noted(_MENDED)
    kept = "" if is_done or content is None else _keep(context, content)
    return _made(context, lesson, waiting, kept)


def _opened(context: Context) -> tuple[Lesson, Drill] | None:
    """Return the lesson and the drill of the file, unless it is mended, or the lesson has changed since."""
    name, _, label = (context.store.noted(_OPEN) or "").partition(" ")
    lesson = next((each for each in context.course.lessons if each.name == name), None)
    exercise = label.partition("__")[0]
    if lesson is None or exercise not in {each.name for each in lesson.exercises} or label in _mended(context, lesson):
        return None
    drill = next((each for each in drills_of(lesson, exercise) if each.label == label), None)
    return None if drill is None else (lesson, drill)


def _waiting(context: Context, lesson: Lesson, words: Sequence[str], opened: str) -> list[Iterator[Drill]]:
    """Return by exercise the drills that are neither open nor mended; raises UsageError where they would show too much.

    They are of exercises that have passed, and so have those that they call.
    """
    statuses = context.statuses(lesson)
    passed = {name for name, status in statuses.items() if status is Status.PASSED}
    chosen = [lesson.exercise(words[0])] if words else list(lesson.exercises)
    allowed = [each.name for each in chosen if needed_for(lesson, each.name) <= passed]
    if not allowed:
        of = f"{chosen[0].name} has" if len(chosen) == 1 else "an exercise has"
        raise UsageError(
            f"A drill shows most of a right answer, so there is one only where {of} passed. "
            f"First: grade {' '.join([lesson.id, *words])}"
        )
    mended = _mended(context, lesson)
    done = {*mended, opened}
    # Those with the fewest mended drills come first.
    allowed.sort(key=lambda name: sum(label.partition("__")[0] == name for label in mended))
    return [(drill for drill in drills_of(lesson, name) if drill.label not in done) for name in allowed]


def _mended(context: Context, lesson: Lesson) -> set[str]:
    return set((context.store.noted(f"mended {lesson.name}") or "").split())


def _keep(context: Context, content: bytes) -> str:
    """Keep a file that the student has changed beside the new drill, and say where."""
    names = (context.submission / f"{DRILL}.before{number or ''}.py" for number in range(1000))
    beside = next(name for name in names if not name.exists())
    write(beside, content)
    return f"What was in {DRILL}.py is kept in {beside.name}."


def _made(context: Context, lesson: Lesson, waiting: list[Iterator[Drill]], kept: str) -> Answer:
    """Write the first drill that the checks catch, and say what goes wrong."""
    from grader.pool.pool import Pool

    path = context.submission / f"{DRILL}.py"
    context.working(f"Loading PyTorch, then looking for a drill of {lesson.id}...")
    with Pool(lesson.root, lessons=[lesson.name], learns=False, borrows=True) as pool:
        for drill in itertools.islice(itertools.chain(*waiting), MOST_TRIED):
            source = Source(f"exercises/{DRILL}.py", drill.text.encode())
            graded = _grade(context, pool, lesson, drill, source)
            if graded.has_passed:
                continue
            write(path, drill.text.encode())
            context.store.note(_OPEN, f"{lesson.name} {drill.label}")
            title = context.style.paint(f"{lesson.id} {drill.exercise}: a drill", "1")
            story = (
                f"{_shown(context)} has a version of {drill.exercise} with one mistake. Find it, mend it, and save."
                f" Your own exercises/{lesson.name}.py stays as it is."
            )
            lines = [title, "", *context.style.wrapped([story, *([kept] if kept else [])]), ""]
            return Answer("\n".join([*lines, *_failure(context, graded), "", *_what_next(context)]))
    raise UsageError(f"There is no other drill of {lesson.id}. Take another lesson: {USAGE}")


def _graded_again(context: Context, lesson: Lesson, drill: Drill, *, is_hinted: bool) -> Answer:
    """Grade the file of the open drill, and say whether it is mended."""
    from grader.pool.pool import Pool

    source = read_submission(context.submission, DRILL)
    title = context.style.paint(f"{lesson.id} {drill.exercise}: a drill", "1")
    context.working(f"Loading PyTorch, then grading {_shown(context)}...")
    with Pool(lesson.root, lessons=[lesson.name], learns=False, borrows=True) as pool:
        graded = _grade(context, pool, lesson, drill, source)
    if not graded.has_passed:
        is_unchanged = isinstance(source, Source) and source.content == drill.text.encode()
        unchanged = [*context.style.wrapped([f"{_shown(context)} is as it was made."]), ""] if is_unchanged else []
        hint = (
            ["", *context.style.wrapped(["What the grader says about this mistake:", drill.explanation])]
            if is_hinted
            else []
        )
        lines = [title, "", *unchanged, *_failure(context, graded), *hint, "", *_what_next(context)]
        return Answer("\n".join(lines), 1)
    mended = _mended(context, lesson) | {drill.label}
    context.store.note(f"mended {lesson.name}", " ".join(sorted(mended)))
    if isinstance(source, Source):
        context.store.note(_MENDED, digest(source.content))
    said = [
        f"Mended: every check of {drill.exercise} passes.",
        "",
        "What the grader says about this mistake:",
        drill.explanation,
        "",
        f"{counted(len(mended), 'drill')} of lesson {lesson.id} mended. The next one: grade debug {lesson.id}",
    ]
    return Answer("\n".join([title, "", *context.style.wrapped(said)]))


def _grade(context: Context, pool: "Pool", lesson: Lesson, drill: Drill, source: Source | Unreadable) -> _Graded:
    from grader.engine.grading import Options
    from grader.pool.job import Job

    options = Options((drill.exercise,), checks=PUBLIC, width=context.style.width)
    (outcome,) = pool.run([Job(lesson.name, source, options, f"{__name__}:look")])
    if outcome.fault:
        raise Fault(outcome.fault)
    return _Graded(*outcome.answer)


def look(task: "Task") -> tuple[bool, list[str], list[str]]:
    """Grade a drill's file, and return the fields of what it does."""
    drawn = drawn_of(task, _without_names)
    if (fault := next((each for each in drawn.verdict.checks if each.status is Status.FAULT), None)) is not None:
        raise Fault(fault.message)
    check = drawn.verdict.first_failure
    if check is None:
        return True, [], []
    if drawn.comparison is None:
        return False, describe(check), []
    characters, place = as_characters(task, drawn)
    return False, describe(check), [*clean(characters).splitlines(), "", f"Picture: {place}"]


def _without_names(verdict: ExerciseVerdict) -> ExerciseVerdict:
    """Return a verdict that names no mistake and no cause: to find it is the drill."""
    checks = (replace(check, mistake="", explanation="", cause=None) for check in verdict.checks)
    return replace(verdict, checks=tuple(checks))


def _failure(context: Context, graded: _Graded) -> list[str]:
    lines = context.style.wrapped(graded.failure, "  ", is_framed=True)
    return [*lines, *(["", *graded.picture] if graded.picture else [])]


def _what_next(context: Context) -> list[str]:
    return context.style.wrapped(
        ["Grade it: grade debug", "Stuck? grade debug --hint says what kind of mistake it is."]
    )


def _shown(context: Context) -> str:
    path = context.submission / f"{DRILL}.py"
    root = context.course.root
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_file_options(parser)
    add_allow_unconfined(parser)
    parser.add_argument("--new", action="store_true", help="another drill; a file that you have changed is kept")
    parser.add_argument("--hint", action="store_true", help="say what kind of mistake it is")
