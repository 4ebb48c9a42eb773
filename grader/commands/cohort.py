"""`grade class`: grade what a whole class has handed in, and say where the results are."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from grader.classes.dask import on_cluster
from grader.classes.gradebooks import Tables
from grader.classes.outputs import GRADES, STUDENTS, SUMMARY
from grader.classes.run import Progress, Result, Wish, grade_class, lessons_of
from grader.commands import (
    CHECKS,
    Answer,
    Context,
    Paths,
    Show,
    add_allow_unconfined,
    add_checks,
    add_output,
    add_seed,
    count,
)
from grader.errors import UsageError
from grader.text import counted

USAGE = "grade class DIR --out OUT"
MAX_NAMED = 10


PATHS = Paths.FOLDER


def run(wish: Wish, cluster: str, show: Show) -> Answer:
    """Grade a class; `cluster` is the address of a Dask scheduler, or empty for this machine."""

    def tell_progress(progress: Progress) -> None:
        show(line(progress), stays=progress.done in (0, progress.total))

    def tell_waiting() -> None:
        text = f"Another run works in {wish.out}. This one waits for it, and then grades what is missing."
        show(text, stays=True)

    work = on_cluster(cluster, wish) if cluster else None
    result = grade_class(wish, tell_progress, tell_waiting, work)
    return Answer("\n".join(_told(result, wish)), 3 if result.faulty_students else 0)


def line(progress: Progress) -> str:
    """Return how far a run is, in one line."""
    text = f"{progress.done} of {progress.total} files graded"
    if progress.faults:
        text += f", {progress.faults} faults"
    if progress.left is not None and progress.done < progress.total:
        text += f", about {_duration(progress.left)} left"
    return text


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _told(result: Result, wish: Wish) -> list[str]:
    lessons = ", ".join(result.lessons)
    files = f"{counted(result.graded, 'different file')} graded now, {result.known} known before"
    lines = [
        f"{counted(result.students, 'student')}, lesson {lessons}: {files}.",
        "",
        f"  {wish.out / GRADES}   the points",
        f"  {wish.out / f'{SUMMARY}.md'}   what holds, which mistakes were made, what fails alike",
        f"  {wish.out / STUDENTS}/   a report for each student",
    ]
    lines += [f"  {text}" for text in result.seen.tables]
    if result.seen.noticed:
        lines += ["", f"Noticed in {wish.folder}:", *(f"  {text}" for text in _some(result.seen.noticed))]
    if result.seen.gone:
        number, names = counted(len(result.seen.gone), "student"), "; ".join(_some(result.seen.gone))
        lines += ["", f"{number} of the run before handed nothing in here, and their reports were removed: {names}"]
    if result.faulty_students:
        number = counted(len(result.faulty_students), "student")
        missing = (
            f"{counted(len(result.faults), 'verdict')} missing, for no fault of the students, and no score: {number}."
        )
        lines += ["", f"{missing} Mend what is said below, and give the same command again: only these are tried."]
        why: dict[str, set[str]] = {}
        for (lesson, _, exercise), text in sorted(result.faults.items()):
            why.setdefault(text.partition("\n")[0], set()).add(f"{lesson} {exercise}")
        lines += _some([f"  {text} ({', '.join(sorted(places))})" for text, places in why.items()])
    return lines


def _some(texts: Sequence[str]) -> list[str]:
    """Return the first of them, and how many more there are."""
    return [*texts[:MAX_NAMED], *([f"... and {len(texts) - MAX_NAMED} more"] if len(texts) > MAX_NAMED else [])]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command line takes."""
    add_output(parser)
    add_seed(parser)
    add_checks(parser)
    add_allow_unconfined(parser)
    parser.add_argument("--out", metavar="OUT", help="the folder for the results")
    parser.add_argument("--processes", type=count, default=0, metavar="N", help="how many at once (default: cores)")
    parser.add_argument("--fresh", action="store_true", help="grade the whole class again, also what is known")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="grade on a Dask scheduler")
    parser.add_argument("--canvas", default="", metavar="FILE", help="fill the gradebook that Canvas exported")
    parser.add_argument("--assignment", default="", metavar="NAME", help="the title or number of its column")
    parser.add_argument("--moodle", default="", metavar="FILE", help="fill the grading worksheet of Moodle")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Do what the command line says."""
    if options.assignment and not options.canvas:
        raise UsageError("--assignment names a column of a gradebook of Canvas: name its file with --canvas FILE.")
    if not options.words or not options.out:
        raise UsageError(f"Name the folder of the submissions, and one for the results: {USAGE}")
    folder, *lessons = options.words
    if not Path(folder).is_dir():
        raise UsageError(f"{folder} is no folder. {USAGE}")
    wish = Wish(
        context.course,
        Path(folder),
        Path(options.out),
        lessons_of(context.course, lessons),
        options.seed,
        options.processes,
        options.allow_unconfined,
        CHECKS[options.checks or "public"],
        Tables(options.canvas, options.assignment, options.moodle),
        options.fresh,
    )
    try:
        return run(wish, options.cluster, context.show)
    except KeyboardInterrupt as error:
        error.add_note("Every verdict is kept: give the same command again.")
        raise
