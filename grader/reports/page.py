"""What the Markdown and the HTML report of one student have in common: their words, and prose apart from code."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader.feedback import describe
from grader.reports.audience import checks_held
from grader.text import clean, cut
from grader.verdict import ExerciseVerdict, LessonVerdict, Report, Status

MAX_TEXT = 20_000
"""Characters of one text of a report: nobody reads more, and nothing can make a page of any size."""
WORDS = {
    Status.PASSED: "passed",
    Status.WRONG: "wrong",
    Status.RAISED: "raised an exception",
    Status.TIMEOUT: "took too long",
    Status.CRASHED: "crashed",
    Status.INVALID: "cannot be run",
    Status.TODO: "to do",
    Status.FAULT: "fault of the grader",
}


@dataclass(frozen=True)
class Block:
    """A paragraph, or lines of code and values that stay as they are."""

    text: str
    is_code: bool


def blocks(lines: Sequence[str]) -> list[Block]:
    """Return lines as blocks: what is indented by two is code, and every other line is a paragraph."""
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
    """Return what there is to say about an exercise: its first failure in full, or what could be better."""
    check = exercise.first_failure
    if check is not None:
        is_unpaid = any(each.status is Status.PASSED and not each.earned for each in exercise.checks)
        later = ["", f"Checks that hold give their points once {exercise.unpaid_until}."] if is_unpaid else []
        return blocks([*describe.describe(check), *later])
    return blocks([f"Passed, and could be better: {text}" for text in exercise.advice])


def points(verdict: Report | LessonVerdict | ExerciseVerdict) -> str:
    """Return ``3 of 5 points``, or that there is no score."""
    return "no score" if verdict.points is None else f"{verdict.points} of {verdict.max_points} points"


def short_points(exercise: ExerciseVerdict) -> str:
    """Return the same for a cell of a table: ``3 of 5``."""
    return f"{points(exercise).removesuffix(' points')}{' (bonus)' if exercise.bonus else ''}"


def standing(exercise: ExerciseVerdict) -> str:
    """Return what there is beside the status, in one line: ``1 of 3 points; 2 of 3 checks``."""
    bonus = " (bonus: it does not count)" if exercise.bonus else ""
    return f"{points(exercise)}{bonus}; {checks_held(exercise)}"


def circumstances(report: Report) -> str:
    """Return in which way the code was run and on which examples."""
    examples = "the fixed examples" if report.seed == 0 else "fresh examples"
    told = f", seed {report.seed}" if report.seed else ""
    return f"Isolation: {report.isolation}. Checked with {examples}{told}."


def one_line(text: str) -> str:
    """Return a text, such as a name, as one line that holds nothing but characters to be seen."""
    return cut(clean(" ".join(text.split())), MAX_TEXT)
