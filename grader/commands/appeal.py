"""`grade appeal`: pack a verdict that a student believes is wrong into one file; for an author, examine such a file."""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from grader.commands import Answer, Context, Paths, add_seed
from grader.commands.reset import write
from grader.course import versions
from grader.course.definitions import Module, names_of, reached
from grader.course.drafts import READ, code_with_variant, function_from, mistake_lines, text_with_mistake
from grader.course.model import Lesson
from grader.course.parse import tree_of
from grader.course.solution import Exercise
from grader.course.submission import source_of
from grader.engine.grading import Options
from grader.errors import Fault, GraderError, UsageError
from grader.feedback.describe import describe
from grader.pool.job import Job
from grader.progress import appeal as appeals
from grader.progress.appeal import Appeal, Disputed
from grader.progress.store import key_of
from grader.reports.text import Style
from grader.sandbox import confinement
from grader.text import clean, cut
from grader.verdict import PUBLIC, CheckVerdict, ExerciseVerdict, Status

USAGE = "grade appeal LESSON EXERCISE, or, as the author of a lesson: grade appeal FILE"
PATHS = Paths.FOLDER
MAX_LINES = 200
"""Lines of a student's code that are shown."""
MAX_WIDTH = 200
HOLDS = (
    "It holds your file as it is, the failing call, the verdict, and the versions of the course, Python and torch."
    " Nothing of your computer is in it: no paths, no names but those that you have written into your file."
)
_OF_A_STUDENT = "It is a student's code, and loading it runs nothing of it: read it, and tidy it up."
_QUESTION = "Why is your answer right? In a sentence, or only Enter: "


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Pack an appeal, or examine one."""
    words: Sequence[str] = options.words
    if len(words) == 1 and (words[0].endswith(".json") or "/" in words[0]):
        return _examine(context, Path(words[0]), right=options.right, wrong=options.wrong)
    if options.right or options.wrong:
        raise UsageError("--right and --wrong decide about an appeal: grade appeal FILE --right NAME")
    lesson, exercise = context.selected(words, USAGE)
    seed = options.seed or 0
    packed(context, lesson, exercise, "", seed)  # what is missing is said before the question
    says = options.say if options.say is not None else context.ask(_QUESTION)
    path = Path(appeals.name_of(lesson, exercise.name))
    write(path, packed(context, lesson, exercise, says, seed))
    send = "Send it to your instructor, or add it to an issue of the course. They open it with:"
    return Answer("\n".join(context.style.wrapped([f"Written: {path}", "", HOLDS, send, f"  grade appeal {path}"])))


def packed(context: Context, lesson: Lesson, exercise: Exercise, says: str, seed: int = 0) -> bytes:
    """Return the appeal against the last verdict on an exercise of the present file; raises UsageError without one."""
    content = context.content(lesson)
    if content is None:
        raise UsageError(f"{lesson.name}.py cannot be read. See: grade {lesson.id} {exercise.name}")
    keys = [
        key_of(lesson, content, seed, names, PUBLIC, isolation=isolation)
        for names in ((), (exercise.name,))
        for isolation in (confinement.CONFINED, confinement.PROCESS)
    ]
    graded = (each for verdict in context.store.under(keys) for each in verdict.exercises)
    verdict = next((each for each in graded if each.name == exercise.name), None)
    if verdict is None:
        option = f" --seed {seed}" if seed else ""
        raise UsageError(
            f"There is no verdict on {exercise.name} of the saved file yet. First: grade {lesson.id}{option}"
        )
    if verdict.first_failure is None or verdict.status in (Status.TODO, Status.FAULT):
        what = "is not written yet" if verdict.status is Status.TODO else "has passed"
        raise UsageError(f"{exercise.name} {what}: there is no verdict to appeal against.")
    places = [context.submission, context.course.root, Path.cwd()]
    return appeals.pack(lesson, Disputed(content, verdict, seed), says, places)


def _examine(context: Context, path: Path, *, right: str, wrong: str) -> Answer:
    """Show the case, after running the student's file confined, and write what the author decides."""
    if right and wrong:
        raise UsageError("Choose one: --right NAME for a right answer, --wrong NAME for a wrong one.")
    appeal = appeals.read(path)
    lesson = next((each for each in context.course.lessons if each.name == appeal.lesson), None)
    if lesson is None:
        raise UsageError(
            f"{path} is about a lesson {clean(appeal.lesson)!r}, which this course does not have. Use the revision of"
            " the course that the student has."
        )
    exercise = lesson.exercise(appeal.exercise)
    if confinement.isolation() != confinement.CONFINED:
        raise UsageError(
            f"{path} holds another person's code, and it cannot be confined here: {confinement.missing()}. Use a newer"
            " Linux."
        )
    context.working(f"Loading PyTorch, then grading {lesson.id} {exercise.name}...")
    today, edits = _run(lesson, exercise, appeal, finds_edits=bool(wrong))
    lines = _case(appeal, lesson, today, context.style)
    try:
        if right:
            lines += _write_right(lesson, exercise, appeal, today, right)
        elif wrong:
            lines += _write_wrong(lesson, exercise, appeal, today, (wrong, edits))
        else:
            lines += _choices(lesson, path, today)
    except GraderError as error:
        return Answer("\n".join(context.style.wrapped(lines)), error.exit_code, f"grade: {error} Nothing was written.")
    return Answer("\n".join(context.style.wrapped(lines)))


def _run(
    lesson: Lesson, exercise: Exercise, appeal: Appeal, *, finds_edits: bool
) -> tuple[ExerciseVerdict, list[tuple[str, str]]]:
    """Grade the student's file here; with ``finds_edits``, find what edits of the solution answer as it does."""
    from grader.audit.hooks import REPRODUCE
    from grader.pool.parallel import exercise_verdict
    from grader.pool.pool import Pool

    source = source_of(appeal.file.content, appeal.file.shown)
    options = Options((exercise.name,), appeal.seed, checks=PUBLIC)
    jobs = [Job(lesson.name, source, options, label="grade")]
    if finds_edits:
        jobs.append(Job(lesson.name, source, replace(options, shrinks=False), REPRODUCE, "edits"))
    with Pool(lesson.root, len(jobs), lessons=[lesson.name], learns=False) as pool:
        outcomes = {outcome.job.label: outcome for outcome in pool.run(jobs)}
    found = outcomes["edits"].answer if finds_edits else None
    edits = [(str(old), str(new)) for old, new in found["edits"][0]] if found and found["edits"] else []
    return exercise_verdict(outcomes["grade"], lesson, exercise.name), edits


def _case(appeal: Appeal, lesson: Lesson, today: ExerciseVerdict, style: Style) -> list[str]:
    lines = [style.paint(f"{lesson.id} {today.name}: an appeal", "1"), ""]
    lines += ["The student says:", *_quoted([appeal.says])] if appeal.says else ["The student says nothing more."]
    lines += ["", *_versions(appeal, lesson)]
    examples = f"the examples of seed {appeal.seed}" if appeal.seed else "the fixed examples"
    failure, said = today.first_failure, appeal.verdict.first_failure
    lines += [f"Graded here, confined, with {examples}:", ""]
    lines += [clean(line) for line in describe(failure)] if failure else ["All public checks pass."]
    if said is not None and not _is_same(said, failure):
        lines += ["", "The student's report is another one:", *_quoted(describe(said))]
    return [*lines, "", "The student's code:", *_code(appeal), ""]


def _versions(appeal: Appeal, lesson: Lesson) -> list[str]:
    """Return what is not the same here as on the student's machine."""
    lines = []
    if appeal.lesson_version != versions.lesson_version(lesson):
        lines.append(
            "The student has another version of this lesson's files, so their verdict may have been right. All that"
            " follows is about the files that are here."
        )
    here = appeals.software()
    others = [f"{name} {there}" for name, there in sorted(appeal.software.items()) if here.get(name) != there]
    if others:
        lines.append(f"The student has other software: {clean(', '.join(others))}.")
    elif appeal.grader_version != versions.grader_version():
        lines.append("The student has another version of the grader.")
    return [*lines, ""] if lines else []


def _is_same(one: CheckVerdict, other: CheckVerdict | None) -> bool:
    def told(check: CheckVerdict) -> tuple[str, ...]:
        return check.name, check.status, check.counterexample, check.returned, check.wanted, check.explanation

    return other is not None and told(one) == told(other)


def _quoted(lines: Iterable[str]) -> list[str]:
    """Return lines of another person, marked so that none looks like the grader's."""
    shown = [row for line in lines for row in clean(line).split("\n")]
    return [f"  | {cut(row, MAX_WIDTH)}" for row in shown[:MAX_LINES]]


def _code(appeal: Appeal) -> list[str]:
    """Return what the student's function is made of, as they wrote it."""
    try:
        tree = tree_of(appeal.source)
        module = Module("", appeal.source, tree)
        parts = reached(tree, [appeal.exercise])
        last = next((node for node in reversed(parts) if appeal.exercise in names_of(node)), None)
        texts = [module.text_of(node) for node in parts if node is last or appeal.exercise not in names_of(node)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        texts = []
    rows = "\n\n".join(texts).split("\n") if texts else ["(none could be extracted)"]
    more = [f"({len(rows) - MAX_LINES} more lines)"] if len(rows) > MAX_LINES else []
    return _quoted([*rows[: MAX_LINES - len(more)], *more])


def _choices(lesson: Lesson, path: Path, today: ExerciseVerdict) -> list[str]:
    name = clean(str(path))
    decides = "right, and stays right from now on" if today.status is Status.PASSED else "right"
    return [
        f"If the answer is {decides}, make it a variant that the checks must pass:",
        f"  grade appeal {name} --right NAME",
        "If it is wrong, make it a known mistake with a sentence of its own:",
        f"  grade appeal {name} --wrong NAME",
        f"Either is written into lessons/{lesson.name}/, for you to read before anything is graded with it.",
    ]


def _write_right(lesson: Lesson, exercise: Exercise, appeal: Appeal, today: ExerciseVerdict, name: str) -> list[str]:
    text, line = code_with_variant(lesson, exercise.name, name, appeal.file.content)
    path = lesson.code(exercise.name)
    write(path, text.encode())
    failing = next((each.claim for each in today.checks if each.status is not Status.PASSED), "")
    then = [f"The audit fails until this check accepts it: {failing}"] if failing else []
    return [f"Written: {lesson.shown(path)}:{line}, the variant {name}. {_OF_A_STUDENT}", *then, _next(lesson)]


def _write_wrong(
    lesson: Lesson,
    exercise: Exercise,
    appeal: Appeal,
    today: ExerciseVerdict,
    draft: tuple[str, list[tuple[str, str]]],
) -> list[str]:
    name, edits = draft
    path = lesson.text(exercise.name)
    known = next((each.mistake for each in today.checks if each.mistake), "")
    if known:
        line = next((each.line for each in lesson.mistakes if known in (each.name, each.label)), 1)
        raise UsageError(
            f"{lesson.shown(path)}:{line}: the known mistake {known} already names this answer. If its sentence did"
            " not help the student, change it there."
        )
    if today.status is Status.FAULT:
        raise Fault(f"{exercise.name} cannot be graded.")
    code = function_from(appeal.file.content, lesson, exercise.name) if not edits else ""
    if not edits and not code:
        raise UsageError(
            f"No function {exercise.name} can be taken from the student's file, and no edit of the solution gives its"
            f" answers. Read their code above, and write the mistake into {lesson.shown(path)} yourself."
        )
    text, line = text_with_mistake(lesson, exercise.name, name, mistake_lines(code, edits))
    write(path, text.encode())
    missing = today.status is Status.PASSED
    return [
        f"Written: {lesson.shown(path)}:{line}, the known mistake {name}. Replace its sentence, {READ!r}.",
        *([_OF_A_STUDENT] if not edits else []),
        *(["The audit fails until a check catches it: all pass now."] if missing else []),
        _next(lesson),
    ]


def _next(lesson: Lesson) -> str:
    return f"Next: grade sync {lesson.id}, then grade audit {lesson.id} proves it."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--say", metavar="TEXT", help="why the answer is right, in a sentence, without being asked")
    add_seed(parser)
    parser.add_argument("--right", default="", metavar="NAME", help="authors: write the answer as a right variant")
    parser.add_argument("--wrong", default="", metavar="NAME", help="authors: write the answer as a known mistake")
