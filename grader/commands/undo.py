"""`grade undo`: restore the version from before the last reset or notebook cell; a second undo swaps back."""

from collections.abc import Sequence

from grader.commands import Answer, Context, Paths
from grader.commands.reset import keep, present, write
from grader.errors import UsageError
from grader.progress.store import CELL

PATHS = Paths.CHANGE


def run(context: Context, words: Sequence[str]) -> Answer:
    """Swap the present file and the version that the last reset, cell or undo kept."""
    if len(words) != 1:
        raise UsageError("Name the lesson to restore: grade undo 1.4")
    lesson = context.course.find(words[0])
    path = context.submission / f"{lesson.name}.py"
    versions = [version for version in context.store.versions(lesson.name) if version.reason in ("reset", "undo", CELL)]
    if not versions:
        reason = f" ({context.store.complaint})" if context.store.complaint else ""
        raise UsageError(
            f"Lesson {lesson.id} was never reset or changed by a cell, so there is nothing to restore.{reason}"
        )
    now = present(path)
    if now == versions[0].content:
        return Answer(f"{path.name} already is the version from before the last change. Nothing was changed.")
    keep(context, lesson, path, now, "undo")
    write(path, versions[0].content)
    return Answer(f"Restored your earlier version. Run `grade undo {lesson.id}` again to swap back.")
