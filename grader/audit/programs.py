"""Run a lesson's own code: the blocks of the README, the docstring examples, the exercise files as programs.

It runs in this process, in a temporary folder: call it in a check process.
"""

import ast
import contextlib
import doctest
import io
import runpy
import shutil
import sys
import tempfile
import traceback
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.audit import markdown, pictures
from grader.audit.finding import Finding, finding
from grader.audit.text import readme, readme_file
from grader.course.model import Lesson


def examine(lesson: Lesson) -> list[Finding]:
    """Return what does not run as the text says."""
    return [*blocks_run(lesson), *examples_hold(lesson), *file_draws(lesson)]


def blocks_run(lesson: Lesson) -> list[Finding]:
    """Run the blocks of the README in order: they print what the README shows, and draw its figures."""
    drawn: dict[str, bytes] = {}
    found = list(_blocks_run(lesson, drawn))
    return [*found, *_drawn_otherwise(lesson, drawn)] if drawn or not found else found


def draw(lesson: Lesson) -> tuple[list[Finding], dict[str, bytes]]:
    """Run the blocks of the README for their figures; return what prevented that, and the files by name."""
    drawn: dict[str, bytes] = {}
    found = list(_blocks_run(lesson, drawn)) if readme_file(lesson).is_file() else []
    return [] if drawn else found, drawn


def _blocks_run(lesson: Lesson, drawn: dict[str, bytes]) -> Iterator[Finding]:
    """Yield what does not run as the text says; fill ``drawn`` with the figures after all blocks have run."""
    path = readme_file(lesson)
    found = markdown.blocks(readme(lesson))
    conversations: list[markdown.Part] = []
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _elsewhere(lesson) as folder:
        (folder / "figures").mkdir()
        for block, following in zip(found, [*found[1:], markdown.Part("", 0)], strict=True):
            if block.kind == "pycon":
                conversations.append(block)
            if block.kind != "python":
                continue
            printed = io.StringIO()
            try:
                with contextlib.redirect_stdout(printed):
                    # The same line numbers as in the file, for the messages of failures.
                    exec(compile("\n" * (block.line - 1) + block.text, str(path), "exec"), namespace)
            except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it raises is a finding
                text = f"this block raises {type(error).__name__}: {_first_line(error)}"
                yield finding(lesson, path, _line_in(path, error) or block.line, text)
                return
            yield from _printed_otherwise(lesson, block, following, printed.getvalue())
        # The examples of exercises need the solutions, which are in the last section.
        for block in conversations:
            yield from _failed_examples(lesson, path, block.text, namespace, block.line)
        drawn |= {path.name: pictures.finished(path.name, path.read_bytes()) for path in (folder / "figures").iterdir()}


def _printed_otherwise(
    lesson: Lesson, block: markdown.Part, following: markdown.Part, printed: str
) -> Iterator[Finding]:
    wanted = following.text if following.kind == "text" else ""
    if not printed or printed == wanted:
        return
    if following.kind != "text":
        yield finding(
            lesson, readme_file(lesson), block.line, "this block prints, but no `text` block after it shows the output."
        )
        return
    pairs = enumerate(zip([*printed.splitlines(), ""], [*wanted.splitlines(), ""], strict=False))
    number, (is_, says) = next((i, pair) for i, pair in pairs if pair[0] != pair[1])
    text = f"the block above prints {is_!r} here, but the text says {says!r}. Write what it prints."
    yield finding(lesson, readme_file(lesson), following.line + number, text)


def _failed_examples(lesson: Lesson, path: Path, text: str, namespace: dict[str, Any], line: int) -> Iterator[Finding]:
    try:
        examples = doctest.DocTestParser().get_examples(text)
    except ValueError as error:
        yield finding(lesson, path, line, f"this is not a Python session: {error}")
        return
    runner = _Runner(verbose=False)
    runner.run(doctest.DocTest(examples, dict(namespace), path.name, None, line - 1, None), out=lambda _: None)
    for place, problem in runner.problems:
        yield finding(lesson, path, line + place, problem)


class _Runner(doctest.DocTestRunner):
    """Collects the failures instead of printing them."""

    def __init__(self, *, verbose: bool) -> None:
        super().__init__(verbose=verbose)
        self.problems: list[tuple[int, str]] = []

    def report_failure(self, out: Any, test: doctest.DocTest, example: doctest.Example, got: str) -> None:
        """Record a different result."""
        del out, test
        text = f"`{example.source.strip()}` gives {got.strip()!r}, but the example says {example.want.strip()!r}."
        self.problems.append((example.lineno, text))

    def report_unexpected_exception(
        self, out: Any, test: doctest.DocTest, example: doctest.Example, exc_info: Any
    ) -> None:
        """Record an exception that the example does not show."""
        del out, test
        text = f"`{example.source.strip()}` raises {exc_info[0].__name__}: {_first_line(exc_info[1])}"
        self.problems.append((example.lineno, text))


def _drawn_otherwise(lesson: Lesson, drawn: dict[str, bytes]) -> Iterator[Finding]:
    """Yield the figures that the blocks do not draw, draw differently, or draw without a stored file."""
    kept = lesson.folder / "figures"
    names = {path.name for path in kept.iterdir()} if kept.is_dir() else set()
    for name in sorted(drawn.keys() - names):
        yield finding(lesson, kept / name, 1, "the blocks of the README draw this figure, but the file is missing.")
    for name in sorted(names - drawn.keys()):
        yield finding(lesson, kept / name, 1, "no block of the README draws this figure.")
    for name in sorted(names & drawn.keys()):
        if not pictures.looks_like(kept / name, drawn[name]):
            text = f"the blocks of the README now draw a different picture. Draw it again: grade sync {lesson.id}"
            yield finding(lesson, kept / name, 1, text)


def examples_hold(lesson: Lesson) -> list[Finding]:
    """Run the examples in the docstrings of the solution."""
    path = lesson.solution
    namespace: dict[str, Any] = {}
    found: list[Finding] = []
    with _elsewhere(lesson):
        try:
            namespace = runpy.run_path(str(path), run_name="solution")
        except Exception as error:  # noqa: BLE001  whatever it raises is a finding
            return [finding(lesson, path, _line_in(path, error) or 1, f"it does not load: {_first_line(error)}")]
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (docstring := ast.get_docstring(node)):
                found += _failed_examples(lesson, path, docstring, namespace, node.body[0].lineno)
    return found


def file_draws(lesson: Lesson) -> list[Finding]:
    """Run the solution and the stub as programs: the solution draws, and the stub says what is missing."""
    return [*_solution_draws(lesson), *_stub_speaks(lesson)]


def _solution_draws(lesson: Lesson) -> Iterator[Finding]:
    path = lesson.solution
    with _elsewhere(lesson) as folder:
        ended = _run_as_program(path, folder)
        if ended is not None:
            text = f"as a program it ends with {type(ended).__name__}: {_first_line(ended)}"
            yield finding(lesson, path, _line_in(folder / path.name, ended) or 1, text)
        elif not list(folder.glob("my_*.png")):
            text = "as a program it draws no picture my_*.png. The block at its end must draw what is written so far."
            yield finding(lesson, path, 1, text)


def _stub_speaks(lesson: Lesson) -> Iterator[Finding]:
    path = lesson.root / "exercises" / f"{lesson.name}.py"
    if not path.is_file():
        return
    with _elsewhere(lesson) as folder:
        ended = _run_as_program(path, folder)
        if not isinstance(ended, SystemExit) or not isinstance(ended.code, str):
            what = f"{type(ended).__name__}: {_first_line(ended)}" if ended is not None else "no message"
            text = f"the stub, run as a program, ends with {what}. It must end with SystemExit and a sentence."
            yield finding(lesson, path, _line_in(folder / path.name, ended) or 1, text)


def _run_as_program(path: Path, folder: Path) -> BaseException | None:
    copy = Path(shutil.copy(path, folder))
    try:
        runpy.run_path(str(copy), run_name="__main__")
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever it raises is a finding
        return error
    return None


@contextlib.contextmanager
def _elsewhere(lesson: Lesson) -> Iterator[Path]:
    """Work in an empty temporary folder, without output, warnings or windows."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    with (
        tempfile.TemporaryDirectory(prefix=f"grade-{lesson.name}-") as name,
        contextlib.chdir(name),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        matplotlib.rc_context(),
    ):
        warnings.simplefilter("ignore")
        main = sys.modules["__main__"]
        # dataclasses and typing look up the module of a class by its name.
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            yield Path(name)
        finally:
            sys.modules["__main__"] = main
            plt.close("all")


def _line_in(path: Path, error: BaseException | None) -> int:
    """Return the innermost line of a file in the traceback of an error, or 0."""
    if error is None:
        return 0
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == str(path)), 0)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0]
