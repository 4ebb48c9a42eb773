"""`grade mistakes suggest`: draft known mistakes from failures that a class shares and that have no name yet."""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.classes.database import NAME, Ledger
from grader.classes.outputs import SUMMARY
from grader.commands import Answer, Context, Paths, add_output
from grader.course.drafts import READ, function_from, mistake_lines
from grader.course.model import Course, Lesson
from grader.course.submission import Source
from grader.engine.grading import Options
from grader.engine.seeds import seed_of
from grader.errors import UsageError
from grader.pool.job import Job
from grader.pool.pool import Pool
from grader.reports.text import Style
from grader.sandbox import confinement
from grader.text import clean, counted, cut

USAGE = "grade mistakes suggest OUT, where OUT is the results folder of grade class"
MAX_MESSAGE = 400
"""Characters of a check's message."""
MAX_PROVED = 3
"""Files of a cluster on which proposed edits are proved, the shortest ones."""
MAX_EXAMINED = 50
"""Students of a cluster among whose files the shortest code is chosen."""


PATHS = Paths.FOLDER


def run(course: Course, words: Sequence[str]) -> Answer:
    """Return a draft for each cluster of the last class run, in the form of an exercise's `.md`."""
    if len(words) != 2 or words[0] != "suggest":
        raise UsageError(USAGE)
    out = Path(words[1])
    if not (out / NAME).is_file():
        raise UsageError(f"{out} has no results of grade class. {USAGE}.")
    try:
        clusters = json.loads((out / f"{SUMMARY}.json").read_text(encoding="utf-8"))["clusters"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{out / SUMMARY}.json cannot be read ({error}). Run grade class again.") from error
    lessons = {lesson.name: lesson for lesson in course.lessons}
    with Ledger(out / NAME) as ledger:
        known = [_cluster(lessons[each["lesson"]], each, ledger) for each in clusters if each["lesson"] in lessons]
        secret = ledger.secret()
    proposed = _proposals(course, known, secret)
    drafts = [_draft(cluster, proposal) for cluster, proposal in zip(known, proposed, strict=True)]
    if not drafts:
        return Answer("No unnamed failure is shared: there is nothing to suggest.")
    after = (
        "Name each draft and write what the student reads: first what is wrong, then why. Often a one-line edit of the"
        " solution can replace the code. Then grade the class again: it grades only exercises whose mistakes changed."
    )
    return Answer("\n\n".join([*drafts, _comment(Style().wrapped([after]))]))


@dataclass(frozen=True)
class _Cluster:
    """A cluster of the last class run, with the different files of its students."""

    lesson: Lesson
    exercise: str
    students: tuple[str, ...]
    plain: dict[str, Any]
    """Its entry in the summary."""
    sources: tuple[Source, ...]
    """The shortest first."""


@dataclass(frozen=True)
class _Proposal:
    """Edits of the solution that answer all recorded calls as the files of a cluster do."""

    edits: tuple[tuple[str, str], ...] = ()
    calls: int = 0
    files: int = 0


def _cluster(lesson: Lesson, plain: dict[str, Any], ledger: Ledger) -> _Cluster:
    students = tuple(str(student) for student in plain["students"])
    contents = dict.fromkeys(ledger.content_of(student).get(lesson.name, "") for student in students[:MAX_EXAMINED])
    sources = [source for content in contents if content and isinstance(source := ledger.file(content), Source)]
    shortest = tuple(sorted(sources, key=lambda source: len(source.content)))
    return _Cluster(lesson, str(plain["exercise"]), students, plain, shortest)


def _proposals(course: Course, clusters: Sequence[_Cluster], secret: str) -> list[_Proposal]:
    """Search for edits that behave like each cluster; its files run confined, or not at all."""
    from grader.audit.hooks import REPRODUCE

    if confinement.missing():
        return [_Proposal()] * len(clusters)
    jobs = [
        Job(
            cluster.lesson.name,
            source,
            Options((cluster.exercise,), seed_of(secret, cluster.lesson.name), shrinks=False),
            REPRODUCE,
            str(number),
        )
        for number, cluster in enumerate(clusters)
        for source in cluster.sources[:MAX_PROVED]
    ]
    answers: dict[str, list[dict[str, Any]]] = {}
    if jobs:
        with Pool(course.root, lessons={job.lesson for job in jobs}, learns=False) as pool:
            for outcome in pool.run(jobs):
                answers.setdefault(outcome.job.label, []).append(outcome.answer or {"edits": [], "calls": 0})
    return [_common(answers.get(str(number), [])) for number in range(len(clusters))]


def _common(answers: Sequence[dict[str, Any]]) -> _Proposal:
    """Return the first edits that behave like all files that were tried."""
    first, *others = answers or [{"edits": [], "calls": 0}]
    for edits in first["edits"]:
        if all(edits in other["edits"] for other in others):
            calls = sum(each["calls"] for each in answers)
            return _Proposal(tuple((old, new) for old, new in edits), calls, len(answers))
    return _Proposal()


def _draft(cluster: _Cluster, proposal: _Proposal) -> str:
    lesson, exercise = cluster.lesson, cluster.exercise
    lines = [
        f"{lesson.id} {exercise}: {len(cluster.students)} students, {cluster.plain['files']} different files",
        # Semicolons: a name may be "Lovelace, Ada".
        f"{'; '.join(_flat(student) for student in cluster.students[:MAX_EXAMINED])}",
        *(f"  {line}" for line in _evidence(cluster.plain)),
    ]
    file = lesson.shown(lesson.text(exercise))
    if proposal.edits:
        these = "this edit" if len(proposal.edits) == 1 else "these edits"
        calls = f"all {proposal.calls} recorded calls of {counted(proposal.files, 'file')}"
        lines += Style().wrapped([f"For {file}. With {these} the solution answers {calls} as the students' code does."])
        return "\n\n".join([_comment(lines), "### NAME", mistake_lines("", proposal.edits), READ])
    lines += [
        f"For {file}, from the shortest of these files.",
        "This is a student's code: read it before you copy it. Known mistakes run confined, like submissions.",
    ]
    codes = [code for source in cluster.sources if (code := function_from(source.content, lesson, exercise))]
    if not codes:
        return _comment([*lines, f"No function {exercise} could be extracted."])
    return "\n\n".join([_comment(lines), "### NAME", mistake_lines(min(codes, key=len), ()), READ])


def _comment(lines: Iterable[str]) -> str:
    """Return lines as a Markdown comment that no student's text can end."""
    return "\n".join(["<!--", *(line.replace("-->", "-- >").replace("--!>", "-- !>") for line in lines), "-->"])


def _evidence(cluster: dict[str, Any]) -> list[str]:
    """Return the failing call with the returned and the expected value, or with the check's message."""
    call = [_flat(line) for line in str(cluster["counterexample"]).splitlines()]
    wanted = [f"expected        {_flat(cluster['wanted'])}"] if call and cluster["wanted"] else []
    if cluster["returned"]:
        return [*call, *([f"they return     {_flat(cluster['returned'])}"] if call else []), *wanted]
    # Code that raises returns nothing; the summary of an older version lacks the message.
    message = cut(str(cluster.get("message", "")), MAX_MESSAGE).splitlines()
    heads = ["the check says ", *[" " * 15] * len(message)]
    return [*call, *(f"{head} {_flat(line)}" for head, line in zip(heads, message, strict=False)), *wanted]


def _flat(text: object) -> str:
    """Return a text on one line of its own, with control characters spelled out."""
    return clean(str(text)).replace("\n", "\\n")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Suggest mistakes with these options."""
    return run(context.course, options.words)
