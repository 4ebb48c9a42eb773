"""The lines that a student reads about a check that does not hold, in the order in which they help."""

from grader.text import clean
from grader.verdict import CheckVerdict, Frame, Status

MAX_OUTPUT_LINES = 20
MAX_OUTPUT_WIDTH = 200


def describe(check: CheckVerdict) -> list[str]:
    """Return the lines, prose at the margin and code and values indented by two.

    The claim, the smallest failing call with the values, the mistake, the student's frames, what they printed. Where
    nothing was returned, what happened comes before the claim.
    """
    lines = [f"Must hold: {check.claim}"] if check.status is Status.WRONG else check.message.splitlines()
    if check.status is Status.WRONG and check.message:
        lines += ["", *check.message.splitlines()]
    if check.counterexample:
        lines += ["", *_indented(check.counterexample)]
    if check.returned or check.wanted:
        lines += [
            f"  your code returned  {_one_line(check.returned)}",
            f"  the check wants     {_one_line(check.wanted)}",
        ]
    if check.explanation and check.explanation not in check.message:
        lines += ["", check.explanation]
    if check.frames:
        lines += ["", *(line for frame in check.frames for line in _frame_lines(frame))]
    if check.output.strip():
        printed = check.output.strip("\n").splitlines()
        lines += ["", "It printed:", *(f"  {_cut(line)}" for line in printed[:MAX_OUTPUT_LINES])]
        if len(printed) > MAX_OUTPUT_LINES:
            lines.append(f"  ({len(printed) - MAX_OUTPUT_LINES} more lines)")
    return lines


def summary(check: CheckVerdict) -> str:
    """Return the one line that says what happened, for formats that have room for no more."""
    if check.status is Status.PASSED:
        return check.claim
    texts = (check.explanation, check.message, check.claim)
    return next((line for text in texts for line in text.splitlines() if line.strip()), "")


def _frame_lines(frame: Frame) -> list[str]:
    place = f"{frame.file}:{frame.line}" + (f" in {frame.function}" if frame.function.isidentifier() else "")
    code = [f"      {_one_line(frame.code)}"] if frame.code else []
    mark = [f"      {' ' * (frame.column - 1)}{'^' * frame.width}"] if frame.code and frame.column else []
    return [f"  {place}", *code, *mark]


def _one_line(text: str) -> str:
    """Return a text of the student's without line feeds: it must not look like a line of ours."""
    return clean(text).replace("\n", "\\n")


def _cut(line: str) -> str:
    """Return a printed line as far as a person reads it."""
    more = len(line) - MAX_OUTPUT_WIDTH
    return f"{line[:MAX_OUTPUT_WIDTH]} ({more} more characters)" if more > 0 else line


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]
