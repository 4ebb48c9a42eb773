"""`grade next`: the next step, which the other commands name too."""

from collections.abc import Sequence

from grader.commands import Answer, Context
from grader.errors import UsageError


def run(context: Context, words: Sequence[str]) -> Answer:
    """Name the next step."""
    if words:
        raise UsageError("grade next takes no arguments: it names the next step.")
    return Answer("\n".join(context.next_step()))
