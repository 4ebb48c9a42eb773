"""`grade update`: bring the folder to a new version of the course; what the student wrote is kept.

Nothing is changed before the plan is shown and confirmed, and `grade undo` takes everything back.
"""

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.commands import Answer, Context, Paths, add_output
from grader.course import layout, shipped
from grader.course.derived import is_stub
from grader.course.installed import course_from
from grader.course.model import Course, Lesson
from grader.course.renewal import Renewal, pairs_of
from grader.errors import UsageError
from grader.progress import journal
from grader.progress.journal import Change, Journal

USAGE = "grade update, or grade update --from FOLDER"
PATHS = Paths.FOLDER
_PINNED = re.compile(rf"{layout.ENGINE}(\[[\w, -]*\])?==[\w.+!-]+")
_PAGES = ("lessons/", "solutions/")


@dataclass(frozen=True)
class Plan:
    """What an update would do."""

    journal: Journal
    lines: tuple[str, ...]
    """The same in words."""
    is_engine_new: bool = False


def run(context: Context, source: str, *, is_confirmed: bool) -> Answer:
    """Show what would change, ask, and change it; raises UsageError if a file cannot be brought along."""
    root = context.course.root
    if (open_one := journal.unfinished(root)) is not None:
        return _finished(context, open_one, ["The update that was interrupted is complete now."])
    with course_from(source, apart_from=root) as new:
        plan = plan_of(context.course, new, context.submission)
    if not plan.journal.changes:
        return Answer("This folder is up to date. Nothing was changed.")
    if not is_confirmed:
        context.write("\n".join([*plan.lines, ""]) + "\n")
        if context.ask("Update? [y/N] ").casefold() not in ("y", "yes"):
            return Answer("Nothing was changed. To update without a question, add --yes to the command.")
    for lesson in context.course.lessons:
        mine = context.content(lesson)
        if mine is not None and not _is_untouched(lesson, mine):
            context.store.keep(lesson.name, mine, "update")
    journal.write(root, plan.journal)
    engine = ["For the grader of this version: uv pip install -r pyproject.toml"] if plan.is_engine_new else []
    return _finished(context, plan.journal, [*(plan.lines if is_confirmed else ()), "Updated.", *engine])


def _finished(context: Context, changes: Journal, lines: list[str]) -> Answer:
    left = complete(context, changes)
    told = [f"{name} was changed meanwhile and is left as it is." for name in left]
    return Answer("\n".join([*lines, *told, "To take it all back: grade undo"]))


def complete(context: Context, changes: Journal) -> list[str]:
    """Make the changes of the open journal; return the files that were left alone."""
    left = journal.finish(context.course.root, changes)
    context.store.mark(changes.marked, changes.unmarked)
    journal.close(context.course.root)
    return left


def plan_of(old: Course, new: Course, submission: Path) -> Plan:
    """Return what brings a folder from the old version to the new one."""
    root, pairs = old.root, pairs_of(old, new)
    before = {lesson.name: lesson for lesson in old.lessons}
    renewals = [_renewal(lesson, before.get(pairs.get(lesson.name, "")), submission) for lesson in new.lessons]
    _require_mergeable(renewals)
    gone = [lesson for lesson in old.lessons if lesson.name not in pairs.values()]
    files: dict[str, bytes | None] = {**layout.course_files(new), **_pin_of(root)}
    lines: list[str] = []
    for name in _dropped(old, new, layout.course_files(old)):
        files[name] = None
    for renewal in renewals:
        files[_exercise(renewal.new)] = renewal.merged.content
        if renewal.is_moved and renewal.old is not None and renewal.mine is not None:
            files[_exercise(renewal.old)] = None
        if told := list(_told(renewal)):
            lines += [f"{renewal.new.id} {renewal.new.title}", *(f"  {line}" for line in told)]
    for lesson in gone:
        lines += [f"{lesson.id} {lesson.title}", "  removed from the course"]
        mine = journal.content_of(root, _exercise(lesson))
        if mine is not None and _is_untouched(lesson, mine):
            files[_exercise(lesson)] = None
        elif mine is not None:
            lines += [f"  {_exercise(lesson)} stays: it holds your code, which is no longer graded"]
    # The mark comes last: a folder that is half of each version is completed by the journal.
    changes = [Change(name, journal.content_of(root, name), after) for name, after in files.items()]
    changes = [change for change in changes if change.before != change.after]
    lines += [f"You changed {name}: your version is kept for grade undo." for name in _own_changes(old, changes)]
    count = sum(change.path.startswith(_PAGES) for change in changes)
    lines += [f"{count} of the files of lessons and solutions will change."] if count else []
    marked = tuple((renewal.new.name, name) for renewal in renewals for name in renewal.rechecks)
    is_engine_new = any(change.path == layout.PROJECT for change in changes)
    return Plan(Journal(tuple(changes), marked), tuple(lines), is_engine_new)


def _renewal(new: Lesson, old: Lesson | None, submission: Path) -> Renewal:
    return Renewal(new, old, journal.content_of(submission.parent, f"{submission.name}/{(old or new).name}.py"))


def _require_mergeable(renewals: list[Renewal]) -> None:
    """Raise UsageError for the files of the student that cannot be brought along."""
    problems = []
    for renewal in renewals:
        lesson = renewal.old or renewal.new
        try:
            assert renewal.merged is not None
        except (SyntaxError, ValueError) as error:
            step = f"Correct it, or put it back to the starter code, which keeps your version: grade reset {lesson.id}"
            problems.append(f"{_exercise(lesson)} cannot be read as Python ({error}). {step}")
    if problems:
        raise UsageError("\n".join(["Nothing was changed.", *problems, "Then run grade update again."]))


def _told(renewal: Renewal) -> Iterator[str]:
    """Yield what happens to the exercises of a lesson, in words."""
    merged, file = renewal.merged, _exercise(renewal.new)
    if renewal.old is None:
        yield f"new lesson: {file}" if renewal.mine is None else f"new lesson; your {file} stays"
        return
    if renewal.is_moved:
        yield f"was {renewal.old.id} {renewal.old.title}: your file is now {file}"
    if renewal.mine is None:
        yield f"new starter code: {file}"
        return
    yield from (f"new starter code  {name}  (you have not written it yet)" for name in merged.replaced)
    yield from (f"new exercise      {name}" for name in merged.added)
    yield from (f"removed           {name}  (you had not written it)" for name in merged.removed)
    yield from (f"removed           {name}  (your code stays, and is no longer graded)" for name in merged.left)
    yield from (f"new exercise      {name}  (your file already has this name: it stays)" for name in merged.taken)
    for name, said in renewal.rechecks.items():
        yield f"recheck           {name}  (your code stays; what has changed:)"
        yield from (f"    {line}" for line in said)


def _dropped(old: Course, new: Course, present: dict[str, bytes]) -> list[str]:
    """Return the files of the old version that the new one does not have; a file that the student added is kept."""
    names = set(layout.course_files(new))
    lessons = {lesson.name for lesson in new.lessons}
    dropped = []
    for lesson in old.lessons:
        listed = {path for path, _ in shipped.listed(lesson)}
        for name in present:
            is_page = name.startswith(f"lessons/{lesson.name}/") or name == f"solutions/{lesson.name}.py"
            if is_page and name not in names and (lesson.name not in lessons or name in listed):
                dropped.append(name)
    return dropped


def _own_changes(old: Course, changes: list[Change]) -> Iterator[str]:
    """Yield the files of the course that the student has changed and that the update replaces."""
    replaced = {change.path for change in changes if change.before is not None}
    for lesson in old.lessons:
        yield from (name for name in shipped.changed(lesson) if name in replaced)


def _pin_of(root: Path) -> dict[str, bytes]:
    """Return the folder's project file with the grader of this version, if it pins one."""
    content = journal.content_of(root, layout.PROJECT)
    try:
        text = (content or b"").decode()
    except ValueError:
        return {}
    if content is None or len(_PINNED.findall(text)) != 1 or "==" not in layout.requirement():
        return {}
    return {layout.PROJECT: _PINNED.sub(lambda _: layout.requirement(), text).encode()}


def _is_untouched(lesson: Lesson, mine: bytes) -> bool:
    try:
        return is_stub(mine.decode("utf-8-sig").replace("\r\n", "\n"), lesson.starters)
    except ValueError:
        return False


def _exercise(lesson: Lesson) -> str:
    return f"exercises/{lesson.name}.py"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    parser.add_argument("--from", default="", metavar="SOURCE", help="folder or wheel of the new version")
    parser.add_argument("--yes", action="store_true", help="update without a question")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Update with these options."""
    if options.words:
        raise UsageError(f"grade update takes no lesson: it updates the whole folder. {USAGE}")
    return run(context, vars(options)["from"], is_confirmed=options.yes)
