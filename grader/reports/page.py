"""The common part of the Markdown and the HTML report: status words, and prose separated from code."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.feedback import describe
from grader.reports.audience import checks_held
from grader.text import clean, cut
from grader.verdict import ExerciseVerdict, LessonVerdict, Report, Status

MAX_TEXT = 20_000
"""Characters of one text of a report, so that no text can make a page huge."""
WORDS = {
    Status.PASSED: "passed",
    Status.WRONG: "wrong",
    Status.RAISED: "raised an exception",
    Status.TIMEOUT: "took too long",
    Status.CRASHED: "crashed",
    Status.INVALID: "cannot be run",
    Status.TODO: "to do",
    Status.FAULT: "grader fault",
}


@dataclass(frozen=True)
class Block:
    """A paragraph, or lines of code and values that are shown literally."""

    text: str
    is_code: bool


def blocks(lines: Sequence[str]) -> list[Block]:
    """Return lines as blocks: lines indented by two are code, and every other line is a paragraph."""
    found: list[Block] = []
    code: list[str] = []
    for line in [*"\n".join(lines).split("\n"), ""]:
        if line.startswith("  "):
            code.append(line[2:])
            continue
        if code:
            found.append(_block("\n".join(code), is_code=True))
            code = []
        if line.strip():
            found.append(_block(line.strip(), is_code=False))
    return found


def _block(text: str, *, is_code: bool) -> Block:
    return Block(cut(clean(text), MAX_TEXT), is_code)


def details(exercise: ExerciseVerdict) -> list[Block]:
    """Return the first failure of an exercise in full, or the advice on it."""
    check = exercise.first_failure
    if check is not None:
        is_unpaid = any(each.status is Status.PASSED and not each.earned for each in exercise.checks)
        later = ["", f"Passing checks count once {exercise.unpaid_until}."] if is_unpaid else []
        return blocks([*describe.describe(check), *later])
    return blocks([f"Passed, but could be better: {text}" for text in exercise.advice])


def points(verdict: Report | LessonVerdict | ExerciseVerdict) -> str:
    """Return ``3 of 5 points``, or ``no score``."""
    return "no score" if verdict.points is None else f"{verdict.points} of {verdict.max_points} points"


def short_points(exercise: ExerciseVerdict) -> str:
    """Return the points for a cell of a table: ``3 of 5``."""
    return f"{points(exercise).removesuffix(' points')}{' (bonus)' if exercise.bonus else ''}"


def standing(exercise: ExerciseVerdict) -> str:
    """Return the points and the checks in one line: ``1 of 3 points; 2 of 3 checks``."""
    bonus = " (bonus: does not count)" if exercise.bonus else ""
    return f"{points(exercise)}{bonus}; {checks_held(exercise)}"


def circumstances(report: Report) -> str:
    """Return how the code was isolated and on which examples it was checked."""
    examples = "the fixed examples" if report.seed == 0 else "fresh examples"
    told = f", seed {report.seed}" if report.seed else ""
    return f"Isolation: {report.isolation}. Checked with {examples}{told}."


def one_line(text: str) -> str:
    """Return a text, such as a name, as one line of visible characters."""
    return cut(clean(" ".join(text.split())), MAX_TEXT)
