"""How this program was started, and its commands as they work in that shell."""

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

NAME = "grade"
WORDS = (
    *("list", "predict", "hint", "why", "show", "repl", "solution", "debug", "reset", "undo", "doctor", "watch"),
    *("web", "read", "appeal", "update"),
    *("next", "help", "init", "new", "sync", "audit", "mistakes", "redteam", "ci", "class"),
)
"""The words that may follow the name of the program."""


def command(environment: Mapping[str, str], program: str, prefix: str) -> str:
    """Return what to type in place of ``grade``; ``program`` is the path that runs, ``prefix`` its environment's.

    `uv run` finds the program where the shell may not, and says so in its variables. The path stands for a program that
    was started by it, such as ``.venv/bin/grade``, and is not the one that the shell finds by its name.
    """
    is_of_uv = "UV" in environment and environment.get("VIRTUAL_ENV") == prefix
    if is_of_uv or "UV_RUN_RECURSION_DEPTH" in environment:
        return f"uv run {NAME}"
    if Path(program).name != NAME and "UV" in environment:
        return f"uv run {NAME}"  # the command of a course, by uvx: its folder has an environment of its own
    if Path(program).name != NAME or os.sep not in program:
        return NAME
    found = shutil.which(NAME, path=environment.get("PATH", ""))
    is_found = found is not None and os.path.realpath(found) == os.path.realpath(program)
    return NAME if is_found or re.search(r"\s", program) else program


def as_typed(text: str, command: str, lessons: Iterable[str] = ()) -> str:
    """Return a text in which every command of ours is one that works in this shell.

    A command is the program before a word of ours, a lesson's number, one of these names of lessons, an option, or a
    word in capitals: ``grade hint 1.4``, ``grade 1.4``, ``grade week2``, ``grade --all``, ``grade DIR``.
    """
    if command == NAME:
        return text
    words = "|".join(map(re.escape, (*WORDS, *lessons)))
    mentioned = rf"(?<![\w./-])(?<!uv run ){NAME}(?= (?:(?:{words})\b|\d+\.\d|m\d+_\d|--[a-z]|[A-Z]{{3,}}\b))"
    return re.sub(mentioned, command.replace("\\", r"\\"), text)
