"""The lines that a student reads about a check that does not hold, in the order in which they help."""

from grader.verdict import CheckVerdict, Status

MAX_OUTPUT_LINES = 20


def describe(check: CheckVerdict) -> list[str]:
    """Return the lines: the claim, the smallest failing call, the values, the mistake, the frames, the output."""
    lines = [check.claim]
    if check.message:
        lines += ["", *check.message.splitlines()]
    if check.counterexample:
        lines += ["", *_indented(check.counterexample)]
    if check.returned or check.wanted:
        lines += [f"  your code returned  {check.returned}", f"  the check wants     {check.wanted}"]
    if check.explanation and check.explanation not in check.message:
        lines += ["", check.explanation]
    if check.frames:
        lines += ["", *(line for frame in check.frames for line in _frame_lines(frame.file, frame.line, frame.function, frame.code))]
    if check.output.strip():
        printed = check.output.strip("\n").splitlines()
        lines += ["", "It printed:", *(f"  {line}" for line in printed[:MAX_OUTPUT_LINES])]
        if len(printed) > MAX_OUTPUT_LINES:
            lines.append(f"  ({len(printed) - MAX_OUTPUT_LINES} more lines)")
    return lines


def summary(check: CheckVerdict) -> str:
    """Return the one line that says what happened, for formats that have room for no more."""
    if check.status is Status.PASSED:
        return check.claim
    return next((line for line in (check.explanation, check.message, check.claim) if line), "").splitlines()[0]


def _frame_lines(file: str, line: int, function: str, code: str) -> list[str]:
    place = f"{file}:{line}" + (f" in {function}" if function and function != "<module>" else "")
    return [f"  {place}", *([f"      {code}"] if code else [])]


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]
