"""`grade class`: grade what a whole class has handed in, and say where the results are."""

from collections.abc import Sequence
from typing import Protocol

from grader.classes.dask import on_cluster
from grader.classes.outputs import GRADES, STUDENTS, SUMMARY
from grader.classes.run import Progress, Result, Wish, grade_class
from grader.commands import Answer
from grader.text import counted

USAGE = "grade class DIR --out OUT"
MAX_NAMED = 10


class Show(Protocol):
    """Shows one line about how far the command is; what is not important may be left out."""

    def __call__(self, text: str, *, stays: bool = False) -> None:
        """Show the line."""


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
