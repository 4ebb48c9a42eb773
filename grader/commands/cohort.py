"""`grade class`: grade the submissions of a whole class, and say where the results are."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from grader.classes.dask import on_cluster
from grader.classes.gradebooks import Tables
from grader.classes.moodle import columns_of
from grader.classes.outputs import GRADES, STUDENTS, SUMMARY, Form
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
from grader.course.locations import refuse_exposed
from grader.errors import UsageError
from grader.text import counted

USAGE = "grade class DIR --out OUT"
MAX_NAMED = 10
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}


PATHS = Paths.FOLDER


def run(wish: Wish, cluster: str, show: Show) -> Answer:
    """Grade a class; `cluster` is the address of a Dask scheduler, or empty for this machine."""

    def tell_progress(progress: Progress) -> None:
        show(line(progress), stays=progress.done in (0, progress.total))

    def tell_waiting() -> None:
        text = f"Another run is using {wish.out}. Waiting for it, then grading what is missing."
        show(text, stays=True)

    work = on_cluster(cluster, wish) if cluster else None
    result = grade_class(wish, tell_progress, tell_waiting, work)
    return Answer("\n".join(_told(result, wish)), 3 if result.faulty_students else 0)


def line(progress: Progress) -> str:
    """Return the progress of a run in one line."""
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
    files = f"{counted(result.graded, 'different file')} graded, {result.known} already known"
    lines = [
        f"{counted(result.students, 'student')}, lesson {lessons}: {files}.",
        "",
        f"  {wish.out / GRADES}   the points",
        f"  {wish.out / f'{SUMMARY}.md'}   which checks pass, which mistakes were made, which failures are shared",
        f"  {wish.out / STUDENTS}/   a report for each student",
    ]
    lines += [f"  {text}" for text in result.seen.tables]
    if result.seen.noticed:
        lines += ["", f"Noticed in {wish.folder}:", *(f"  {text}" for text in _some(result.seen.noticed))]
    if result.seen.gone:
        number, names = counted(len(result.seen.gone), "student"), "; ".join(_some(result.seen.gone))
        lines += ["", f"{number} of the previous run did not submit; their reports were removed: {names}"]
    if result.faulty_students:
        number = counted(len(result.faulty_students), "student")
        missing = f"{counted(len(result.faults), 'verdict')} missing through grader faults; no score for {number}."
        lines += ["", f"{missing} Fix the causes below and run the same command again: it grades only these."]
        why: dict[str, set[str]] = {}
        for (lesson, _, exercise), text in sorted(result.faults.items()):
            why.setdefault(text.partition("\n")[0], set()).add(f"{lesson} {exercise}")
        lines += _some([f"  {text} ({', '.join(sorted(places))})" for text, places in why.items()])
    return lines


def _some(texts: Sequence[str]) -> list[str]:
    """Return the first texts, and the number of the others."""
    return [*texts[:MAX_NAMED], *([f"... and {len(texts) - MAX_NAMED} more"] if len(texts) > MAX_NAMED else [])]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    add_seed(parser)
    add_checks(parser)
    add_allow_unconfined(parser)
    parser.add_argument("--out", metavar="OUT", help="the folder for the results")
    parser.add_argument("--processes", type=count, default=0, metavar="N", help="number of processes (default: cores)")
    parser.add_argument("--fresh", action="store_true", help="grade the whole class again, known verdicts too")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="address of a Dask scheduler to grade on")
    parser.add_argument("--canvas", default="", metavar="FILE", help="fill in this gradebook, exported from Canvas")
    parser.add_argument("--assignment", default="", metavar="NAME", help="title or number of the gradebook column")
    parser.add_argument("--moodle", default="", metavar="FILE", help="fill in this grading worksheet, from Moodle")
    parser.add_argument(
        "--columns",
        action="append",
        default=[],
        metavar="KEY=TITLE",
        help="a title of a worksheet in another language, such as grade=Bewertung; may be repeated",
    )
    parser.add_argument("--roster", metavar="FILE", help="a CSV table: account, and id, email or name of each student")
    parser.add_argument("--bonus", action="store_true", help="add the bonus points to grades.csv and to --canvas")
    separators = f"{', '.join(SEPARATORS)}: what separates the cells of grades.csv (default: comma)"
    parser.add_argument("--separator", choices=SEPARATORS, default="comma", metavar="NAME", help=separators)


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Grade a class with these options."""
    if options.assignment and not options.canvas:
        raise UsageError("--assignment names a column of a Canvas gradebook: add --canvas FILE.")
    if options.columns and not options.moodle:
        raise UsageError("--columns names the columns of a Moodle worksheet: add --moodle FILE.")
    if not options.words or not options.out:
        raise UsageError(f"Name the submissions folder and the results folder: {USAGE}")
    folder, *lessons = options.words
    if not Path(folder).is_dir():
        raise UsageError(f"{folder} is not a folder. {USAGE}")
    if not options.allow_unconfined:
        refuse_exposed(context.course)
    wish = Wish(
        context.course,
        Path(folder),
        Path(options.out),
        lessons_of(context.course, lessons),
        options.seed,
        options.processes,
        options.allow_unconfined,
        CHECKS[options.checks or "public"],
        Tables(options.canvas, options.assignment, options.moodle, columns_of(options.columns)),
        options.fresh,
        Path(options.roster) if options.roster else None,
        Form(SEPARATORS[options.separator], options.bonus),
    )
    context.warn(lesson for lesson in context.course.lessons if not wish.lessons or lesson.name in wish.lessons)
    try:
        return run(wish, options.cluster, context.show)
    except KeyboardInterrupt as error:
        error.add_note("Every verdict so far is kept: run the same command again to go on.")
        raise
