"""`grade undo`: restore the version from before the last reset or cell, or the folder from before the last update.

A second undo swaps back.
"""

from collections.abc import Sequence

from grader.commands import Answer, Context, Paths
from grader.commands.reset import keep, present, write
from grader.commands.update import complete
from grader.errors import UsageError
from grader.progress import journal
from grader.progress.store import CELL

PATHS = Paths.CHANGE
_REASONS = ("reset", "undo", "update", CELL)


def run(context: Context, words: Sequence[str]) -> Answer:
    """Swap the present file and the version that the last reset, cell, update or undo kept."""
    if not words:
        return _whole(context)
    if len(words) != 1:
        raise UsageError("Name the lesson to restore: grade undo LESSON, or none to take back the last grade update.")
    lesson = context.course.find(words[0])
    path = context.submission / f"{lesson.name}.py"
    versions = [version for version in context.store.versions(lesson.name) if version.reason in _REASONS]
    if not versions:
        reason = f" ({context.store.complaint})" if context.store.complaint else ""
        raise UsageError(
            f"Lesson {lesson.id} was never reset, updated or changed by a cell, so there is nothing to restore.{reason}"
        )
    now = present(path)
    if now == versions[0].content:
        return Answer(f"{path.name} already is the version from before the last change. Nothing was changed.")
    keep(context, lesson, path, now, "undo")
    write(path, versions[0].content)
    return Answer(f"Restored your earlier version. Run `grade undo {lesson.id}` again to swap back.")


def _whole(context: Context) -> Answer:
    """Take back the last update, or the last undo of one, with everything that it changed."""
    root = context.course.root
    if (interrupted := journal.unfinished(root)) is not None:
        complete(context, interrupted)
    last = journal.last(root)
    if last is None:
        step = "To restore one lesson from before a reset: grade undo LESSON"
        raise UsageError(f"This folder was never updated, so there is nothing to take back. {step}")
    back = last.reversed(root)
    if not back.changes:
        return Answer("Everything already is as it was before. Nothing was changed.")
    changed = {each.path for each in back.changes}
    for lesson in context.course.lessons:
        mine = context.content(lesson)
        if mine is not None and f"exercises/{lesson.name}.py" in changed:
            context.store.keep(lesson.name, mine, "update")
    journal.write(root, back)
    complete(context, back)
    files = "1 file is" if len(back.changes) == 1 else f"{len(back.changes)} files are"
    return Answer(f"{files} as before the last update. Run `grade undo` again to swap back.")
