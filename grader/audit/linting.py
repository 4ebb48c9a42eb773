"""What CI will say of a lesson's files: ruff and mypy, with the settings of the course, once for all lessons.

Both read the files and run nothing of them. They work while the other proofs grade.
"""

import contextlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from grader.audit.finding import Finding, Proof
from grader.course.interactive import INTERACTIVE
from grader.course.model import Lesson

NUMBER = 10
CLAIM = "ruff and mypy, with the settings of the course, find nothing"
_COMMANDS: Mapping[str, tuple[str, Sequence[str]]] = {
    "ruff check": ("ruff", ("check", "--output-format=json", "--force-exclude", "--no-fix")),
    "ruff format": ("ruff", ("format", "--check", "--force-exclude")),
    "mypy": ("mypy", ("--no-error-summary", "--no-color-output", "--hide-error-context", "--no-pretty")),
}
"""What runs, by its name: the module of the tool, and its arguments before the files."""
_OF_MYPY = re.compile(r"(.+?):(\d+): error: (.*)")
_OF_FORMAT = re.compile(r"^Would reformat: (.+)|^unformatted: .*\n +--> (.+?):\d+:\d+$", re.MULTILINE)
"""As older and newer versions of ruff say it."""


@dataclass(frozen=True)
class _Started:
    """A tool at work."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]
    complained: IO[bytes]


class Linting:
    """The tools at work on the files of some lessons; as a context manager it leaves no processes behind."""

    def __init__(self, root: Path, lessons: Sequence[Lesson]) -> None:
        self._root = root
        self._files = {path.relative_to(root).as_posix(): lesson for lesson in lessons for path in _files_of(lesson)}
        self._started: dict[str, _Started] = {}
        self._facts: list[str] = []
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        """Start the tools that are installed and that the course has settings for."""
        settings = _settings(self._root)
        for name, (module, arguments) in _COMMANDS.items():
            if module not in settings:
                self._note(f"{module} was not run: pyproject.toml has no [tool.{module}].")
            elif importlib.util.find_spec(module) is None:
                self._note(f"{module} was not run: it is not installed here. CI will run it.")
            elif self._files:
                self._started[name] = self._start([sys.executable, "-m", module, *arguments, *sorted(self._files)])
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs."""
        self._stack.close()

    def proofs(self) -> dict[str, Proof]:
        """Wait for the tools, and return the proof of each lesson by its name."""
        found: dict[str, list[Finding]] = {lesson.name: [] for lesson in self._files.values()}
        for name, started in self._started.items():
            code = started.process.wait()
            for file in (started.said, started.complained):
                file.seek(0)
            said, complained = (file.read().decode(errors="replace") for file in (started.said, started.complained))
            findings = list(_findings(name, said, self._root))
            if code != 0 and not findings:
                last = (complained or said).strip().splitlines()[-1:] or ["it said nothing"]
                findings = [Finding("pyproject.toml", 1, f"{name} failed (exit code {code}): {last[0]}")]
            for finding in findings:
                # What concerns no lesson alone, such as a broken setting, is told with the first one.
                lesson = self._files.get(finding.file, next(iter(self._files.values())))
                found[lesson.name].append(finding)
        return {name: Proof(NUMBER, CLAIM, tuple(findings), tuple(self._facts)) for name, findings in found.items()}

    def _note(self, fact: str) -> None:
        if fact not in self._facts:
            self._facts.append(fact)

    def _start(self, command: Sequence[str]) -> _Started:
        said = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  the stack closes it
        complained = self._stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  the stack closes it
        process = subprocess.Popen(  # noqa: S603  the interpreter, with names of ours and the paths of a course
            command, cwd=self._root, stdin=subprocess.DEVNULL, stdout=said, stderr=complained
        )
        self._stack.enter_context(process)
        self._stack.callback(process.kill)  # before it is waited for
        return _Started(process, said, complained)


def _files_of(lesson: Lesson) -> list[Path]:
    beside = lesson.folder / f"{INTERACTIVE}.py"
    own = [path for path in lesson.deciding if path.suffix == ".py"]
    return [path for path in [*own, beside] if path.is_file()]


def _settings(root: Path) -> Mapping[str, Any]:
    """Return the settings of tools, by tool; none if the course has no readable pyproject.toml."""
    with contextlib.suppress(OSError, ValueError):
        tools = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("tool", {})
        return tools if isinstance(tools, dict) else {}
    return {}


def _findings(name: str, said: str, root: Path) -> Iterator[Finding]:
    match name:
        case "ruff check":
            with contextlib.suppress(ValueError, KeyError, TypeError):
                for each in json.loads(said):
                    file = Path(each["filename"]).resolve().relative_to(root.resolve()).as_posix()
                    text = f"ruff: {each['message']} ({each['code'] or 'syntax'})"
                    yield Finding(file, int(each["location"]["row"]), text)
        case "ruff format":
            for older, newer in _OF_FORMAT.findall(said):
                path = older or newer
                yield Finding(path, 1, f"ruff would format this file another way. Run: ruff format {path}")
        case _:
            for file, line, message in _OF_MYPY.findall(said):
                yield Finding(file, int(line), f"mypy: {message}")
