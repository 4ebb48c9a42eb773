"""`grade undo`: bring back the version that was there before the last reset; undo again takes that back."""

from collections.abc import Sequence

from grader.commands import Answer, Context, Paths
from grader.commands.reset import keep, present, write
from grader.errors import UsageError

PATHS = Paths.CHANGE


def run(context: Context, words: Sequence[str]) -> Answer:
    """Exchange the present file and the version that the last reset or undo has kept."""
    if len(words) != 1:
        raise UsageError("Name the lesson whose file to bring back: grade undo 1.4")
    lesson = context.course.find(words[0])
    path = context.submission / f"{lesson.name}.py"
    versions = [version for version in context.store.versions(lesson.name) if version.reason in ("reset", "undo")]
    if not versions:
        reason = f" ({context.store.complaint})" if context.store.complaint else ""
        raise UsageError(f"Nothing of lesson {lesson.id} was reset, so there is nothing to bring back.{reason}")
    now = present(path)
    if now == versions[0].content:
        return Answer(f"{path.name} is already what it was before the last reset. Nothing was changed.")
    keep(context, lesson, path, now, "undo")
    write(path, versions[0].content)
    return Answer(
        f"{path.name} is again what it was before. What was there now is kept: grade undo {lesson.id} takes this back."
    )
