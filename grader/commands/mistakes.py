"""`grade mistakes suggest`: draft known mistakes from failures that a class shares and that have no name yet."""

import argparse
import ast
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.classes.database import NAME, Ledger
from grader.classes.outputs import SUMMARY
from grader.commands import Answer, Context, Paths, add_output, wrapped
from grader.course.model import Course, Lesson
from grader.course.parse import tree_of
from grader.course.submission import Source
from grader.engine.grading import Options
from grader.engine.seeds import seed_of
from grader.errors import UsageError
from grader.pool.job import Job
from grader.pool.pool import Pool
from grader.sandbox import confinement
from grader.text import clean, counted, cut

USAGE = "grade mistakes suggest OUT, where OUT is the results folder of grade class"
MAX_MESSAGE = 400
"""Characters of a check's message."""
MAX_PROVED = 3
"""Files of a cluster on which proposed edits are proved, the shortest ones."""
MAX_EXAMINED = 50
"""Students of a cluster among whose files the shortest code is chosen."""
READ = "You ... (what is wrong, then why, but never the line of the answer)"


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
    return Answer("\n\n".join([*drafts, _comment(wrapped([after]))]))


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
        lines += wrapped([f"For {file}. With {these} the solution answers {calls} as the students' code does."])
        edits = "\n".join(f"- {_quoted(old)} becomes {_quoted(new)}" for old, new in proposal.edits)
        return "\n\n".join([_comment(lines), "### NAME", edits, READ])
    lines += [
        f"For {file}, from the shortest of these files.",
        "This is a student's code: read it before you copy it. Known mistakes run confined, like submissions.",
    ]
    codes = [code for source in cluster.sources if (code := mistake_from(source.content, lesson, exercise))]
    if not codes:
        return _comment([*lines, f"No function {exercise} could be extracted."])
    code = min(codes, key=len)
    fence = max([*re.findall("`+", code), "``"], key=len) + "`"
    return "\n\n".join([_comment(lines), "### NAME", f"{fence}python\n{code}\n{fence}", READ])


def _quoted(code: str) -> str:
    return f"`{code}`" if code else "``"


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


def mistake_from(content: bytes, lesson: Lesson, exercise: str) -> str:
    """Return a student's function as a draft of a known mistake, with the helpers it needs; empty if there is none.

    Loading the draft runs nothing of it: the function has no defaults, no decorators and the solution's annotations,
    and its helpers are inside it.
    """
    try:
        tree, wanted = tree_of(content), tree_of(lesson.solution.read_bytes())
    except SyntaxError:
        return ""
    function = _last(tree, exercise)
    model = _last(wanted, exercise)
    if function is None or model is None:
        return ""
    _strip(function.args)
    if len(function.args.args) == len(model.args.args):
        # Keep the names of the student's arguments: the body uses them.
        for mine, other in zip(function.args.args, model.args.args, strict=True):
            mine.annotation = other.annotation
    function.returns, function.decorator_list = model.returns, []
    if sys.version_info >= (3, 12):
        function.type_params = []
    helpers = _helpers(tree, function, {each.name for each in lesson.exercises})
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    function.body = [*helpers, *(body or [ast.Pass()])]
    try:
        code = ast.unparse(ast.fix_missing_locations(function))
        tree_of(code)
    except (SyntaxError, ValueError, RecursionError):
        return ""
    return code


def _last(tree: ast.Module, name: str) -> ast.FunctionDef | None:
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    return found[-1] if found else None


def _strip(args: ast.arguments) -> None:
    """Remove the defaults and annotations, which run where the function is defined."""
    args.defaults, args.kw_defaults = [], [None] * len(args.kwonlyargs)
    for node in ast.walk(args):
        if isinstance(node, ast.arg):
            node.annotation = None


def _helpers(tree: ast.Module, function: ast.FunctionDef, exercises: set[str]) -> list[ast.stmt]:
    """Return the student's own definitions that a function needs, in the order of the file."""
    defined = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    # Inside the function, a helper would hide an argument of the same name.
    for name in {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)} | exercises:
        defined.pop(name, None)
    needed: set[str] = set()
    waiting: list[ast.AST] = [function]
    while waiting:
        used = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        for name in used & set(defined) - needed:
            needed.add(name)
            waiting.append(defined[name])
    return [node for node in defined.values() if node.name in needed]


def _flat(text: object) -> str:
    """Return a text on one line of its own, with control characters spelled out."""
    return clean(str(text)).replace("\n", "\\n")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Suggest mistakes with these options."""
    return run(context.course, options.words)
