"""Describe a check that failed, in the order in which its parts help a student."""

from grader.text import clean
from grader.verdict import CheckVerdict, Frame, LoopNumber, Status

MAX_OUTPUT_LINES = 20
MAX_OUTPUT_WIDTH = 200


def describe(check: CheckVerdict) -> list[str]:
    """Return the lines: prose at the margin, code and values indented by two.

    The claim, the smallest failing call with its values, the mistake, the student's frames, their output. If the call
    returned nothing, what happened replaces the claim.
    """
    lines = [f"Failed: {check.claim}"] if check.status is Status.WRONG else check.message.splitlines()
    if check.status is Status.WRONG and check.message:
        lines += ["", *check.message.splitlines()]
    if check.counterexample:
        lines += ["", *_indented(check.counterexample)]
    if check.returned or check.wanted:
        lines += [
            f"  your code returned  {_one_line(check.returned)}",
            f"  expected            {_one_line(check.wanted)}",
        ]
    if check.explanation and check.explanation not in check.message:
        lines += ["", check.explanation]
    if check.frames:
        lines += ["", *(line for frame in check.frames for line in _frame_lines(frame))]
    if check.output.strip():
        printed = check.output.strip("\n").splitlines()
        lines += ["", "Your code printed:", *(f"  {_cut(line)}" for line in printed[:MAX_OUTPUT_LINES])]
        if len(printed) > MAX_OUTPUT_LINES:
            lines.append(f"  ({len(printed) - MAX_OUTPUT_LINES} more lines)")
    return lines


def steps_of(check: CheckVerdict) -> list[str]:
    """Return the steps of a loop up to the first that differs, a line for each; none where they are not known."""
    steps = check.cause.steps if check.cause is not None else ()
    width = max((len(step.place) for step in steps), default=0)
    return [f"  {step.place:<{width}}  {', '.join(map(_number, step.numbers))}".rstrip() for step in steps]


def _number(number: LoopNumber) -> str:
    shown = f"{number.name} = {number.mine or '-'}"
    return f"{shown} (expected {number.expected})" if number.is_wrong else shown


def summary(check: CheckVerdict) -> str:
    """Return what happened in one line, for formats with room for no more."""
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
    """Return a student's text without line feeds: it must not look like a line of the grader."""
    return clean(text).replace("\n", "\\n")


def _cut(line: str) -> str:
    """Return the first MAX_OUTPUT_WIDTH characters of a printed line."""
    more = len(line) - MAX_OUTPUT_WIDTH
    return f"{line[:MAX_OUTPUT_WIDTH]} ({more} more characters)" if more > 0 else line


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]
