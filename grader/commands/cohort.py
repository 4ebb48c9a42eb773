"""`grade class`: grade what a whole class has handed in, and say where the results are."""

from typing import Protocol

from grader.cohort.cluster import on_cluster
from grader.cohort.run import Progress, Result, Wish, grade_class
from grader.cohort.tell import GRADES, STUDENTS, SUMMARY
from grader.commands import Answer

USAGE = "grade class DIR --out OUT"
MAX_FAULTS = 10


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
    files = f"{result.graded} different files graded now, {result.known} known before"
    lines = [
        f"{result.students} students, lesson {lessons}: {files}.",
        "",
        f"  {wish.out / GRADES}   the points",
        f"  {wish.out / f'{SUMMARY}.md'}   what holds, which mistakes were made, what fails alike",
        f"  {wish.out / STUDENTS}/   a report for each student",
    ]
    lines += [f"  {text}" for text in result.tables]
    if result.left:
        lines += ["", f"Ignored in {wish.folder}:", *(f"  {name}" for name in result.left[:MAX_FAULTS])]
    if result.faulty_students:
        number = len(result.faulty_students)
        text = (
            f"{len(result.faults)} verdicts are missing, because of a fault of ours: {number} students have no score."
        )
        lines += ["", f"{text} Give the same command again: only these are tried."]
        lines += [
            f"  {lesson} {exercise}: {why.splitlines()[0] if why else ''}"
            for (lesson, _, exercise), why in sorted(result.faults.items())[:MAX_FAULTS]
        ]
    return lines
