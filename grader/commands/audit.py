"""`grade audit`: prove for each lesson that no right answer fails and every known wrong one is caught."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

from grader.audit.course import LessonAudit, audit
from grader.audit.finding import Proof
from grader.audit.linting import Linting
from grader.audit.proving import FULL, QUICK, Thoroughness
from grader.commands import Answer, Context, Paths, Show, add_output
from grader.course import rules
from grader.course.model import Course, Lesson
from grader.errors import UsageError
from grader.pool.pool import Pool
from grader.reports.text import Style

SCHEMA = 1


PATHS = Paths.COURSE


def run(  # noqa: PLR0913  the options of an audit
    context: Context,
    words: Sequence[str],
    *,
    form: str = "text",
    seeds: int | None = None,
    quick: bool = False,
    say: Show,
) -> Answer:
    """Audit the named lessons, or all; exit 1 if a proof fails.

    ``say`` shows the progress, and each lesson that is done.
    """
    lessons = _named(context.course, words)
    for stray in () if words else rules.strays_of(context.course):
        raise stray
    how = _thoroughness(seeds, quick=quick)

    def on_progress(lesson: Lesson, done: int, total: int) -> None:
        say(f"{lesson.id}: {done} of {total} gradings")

    found, root = {}, context.course.root
    # CI runs the tools on the whole course, beside the quick audit.
    linting = Linting(root, () if quick else lessons)
    with linting, Pool(root, lessons=[lesson.name for lesson in lessons]) as pool:
        for result in audit(lessons, how, pool, on_progress):
            found[result.lesson.name] = result
            number = sum(len(proof.findings) for proof in result.proofs)
            say(f"{result.lesson.id}: {_count(number) if number else 'all proofs hold'}", stays=True)
        say("ruff and mypy")
        linted = linting.proofs()
    results = [_with(found[lesson.name], linted) for lesson in lessons]
    code = 0 if all(result.holds for result in results) else 1
    if form == "json":
        return Answer(json.dumps(as_json(results, how), indent=2, ensure_ascii=False), code)
    return Answer(as_text(results, how, context.style), code)


def _with(result: LessonAudit, linted: Mapping[str, Proof]) -> LessonAudit:
    """Return the result with what the tools say of the lesson."""
    proof = linted.get(result.lesson.name)
    return result if proof is None else replace(result, proofs=(*result.proofs, proof))


def as_text(results: Sequence[LessonAudit], how: Thoroughness, style: Style) -> str:
    """Return each lesson with a line per proof, and each finding as file:line."""
    lines: list[str] = []
    for result in results:
        lines += [style.paint(f"{result.lesson.id} {result.lesson.title}", "1"), ""]
        for proof in result.proofs:
            mark = style.paint("holds", "32") if proof.holds else style.paint("FAILS", "31")
            lines.append(f"  {mark}  {proof.number} {proof.claim}")
            lines += [f"           {fact}" for fact in proof.facts]
            lines += [f"         {finding}" for finding in proof.findings]
        lines.append("")
    number = sum(len(proof.findings) for result in results for proof in result.proofs)
    tried = f"{how.seeds} seeds, {how.repeats} repeats, at most {how.mutants} mutants per function"
    if number:
        lines += style.wrapped([f"{_count(number)}. Each line names the place and the next step. ({tried})"])
    else:
        names = ", ".join(result.lesson.id for result in results)
        lines += style.wrapped([f"All proofs hold for {names}. ({tried})"])
    return "\n".join(lines)


def as_json(results: Sequence[LessonAudit], how: Thoroughness) -> dict[str, object]:
    """Return the results as JSON data."""
    return {
        "schema": SCHEMA,
        "thoroughness": asdict(how),
        "holds": all(result.holds for result in results),
        "lessons": [
            {
                "id": result.lesson.id,
                "name": result.lesson.name,
                "title": result.lesson.title,
                "holds": result.holds,
                "proofs": [
                    {
                        "number": proof.number,
                        "claim": proof.claim,
                        "holds": proof.holds,
                        "findings": [asdict(finding) for finding in proof.findings],
                        **proof.data,
                    }
                    for proof in result.proofs
                ],
            }
            for result in results
        ],
    }


def _named(course: Course, words: Sequence[str]) -> list[Lesson]:
    chosen = [course.find(word) for word in words] or list(course.lessons)
    return list(dict.fromkeys(chosen))


def _thoroughness(seeds: int | None, *, quick: bool) -> Thoroughness:
    how = QUICK if quick else FULL
    if seeds is not None and seeds < 0:
        raise UsageError(f"--seeds {seeds}: the number of seeds must be 0 or more.")
    return how if seeds is None else replace(how, seeds=seeds)


def _count(findings: int) -> str:
    return f"{findings} {'finding' if findings == 1 else 'findings'}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text (default), or json")
    parser.add_argument("--seeds", type=int, metavar="N", help="number of seeds to try each solution with (50)")
    parser.add_argument("--quick", action="store_true", help="a quicker, less thorough audit, for CI")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Run the audit with these options."""
    return run(context, options.words, form=options.format, seeds=options.seeds, quick=options.quick, say=context.show)
