"""The command `grade`: parses the command line, prints, and exits; each command has a module of its own."""

import argparse
import contextlib
import importlib
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn, Self

from grader import files
from grader.commands import Answer, Context, Needs, Paths, add_file_options
from grader.course.locations import find_file, is_path, refuse_unconfined
from grader.course.model import Course, find_course
from grader.errors import Fault, GraderError, UsageError
from grader.invocation import NAME, WORDS, as_typed, command
from grader.progress import journal
from grader.progress.store import Store
from grader.reports.text import WIDTH, Style
from grader.text import clean, fit, meant

INTERRUPTED = 130
TERMINATED = 143
SECONDS_BETWEEN_LINES = 10.0
"""Between lines of progress outside a terminal."""

COMMANDS = {
    "": "commands.grade",
    **{word: f"commands.{word}" for word in WORDS if word != "help"},
    "class": "commands.cohort",
    "next": "commands.step",
    "read": "web.export",
    "web": "web.command",
}
"""The module in grader by command word; a command line without one grades."""

_RUN_SUBMISSIONS = frozenset({"", "predict", "show", "watch", "web", "debug"})
"""Commands that refuse unconfined submissions here; ci and class check themselves, repl takes only own exercises/."""

_STORELESS = frozenset({"", "ci", "class", "init", "mistakes", "redteam", "web"})
"""Commands that get no store: they need none, or open that of a student's own folder themselves."""

_INSTEAD = {
    ("class", "format"): "The results folder has a JSON report and an HTML page for each student.",
    ("class", "submission"): "Name the submissions folder without an option: grade class DIR --out OUT",
    ("class", "results"): "Name the results folder with --out.",
    ("class", "all"): "grade class grades every lesson that has a submission.",
    ("ci", "all"): "grade ci grades every lesson unless you name some.",
    ("ci", "out"): "Name the results folder with --results.",
    ("watch", "output"): "It reports in the terminal only.",
    ("watch", "all"): "grade watch takes at most one lesson: grade watch LESSON",
    ("", "exercise"): "Name the exercise after its lesson: grade LESSON EXERCISE",
}
"""What to do instead, by command and an option that it does not have."""

_HELP = """\
Grade the exercises of a course: LESSON is its number or its name.

  grade                              grade what you have started, and show the next step
  grade LESSON                       grade a lesson
  grade DIR/FILE.py                  grade this file, which is named after its lesson
  grade LESSON EXERCISE              grade one exercise of it
  grade --all                        grade every lesson
  grade watch [LESSON]               grade on every save
  grade web [LESSON]                 the lessons and the verdicts side by side, in a browser

to begin
  grade init DIR                     lay out a folder to work in (--gpu: with torch for a GPU)

while you work
  grade list                         the course and your progress
  grade next                         the next step
  grade predict LESSON               predict what will happen, then see it
  grade hint LESSON [EXERCISE]       the next hint
  grade why LESSON [EXERCISE]        what the checks require, in words
  grade show LESSON [EXERCISE]       a picture: expected, yours, and the difference
  grade repl LESSON [EXERCISE]       Python at the smallest failing call
  grade solution LESSON [EXERCISE]   the solution next to your code
  grade debug LESSON [EXERCISE]      a drill: code with one mistake, to find and to mend

when something goes wrong
  grade reset LESSON [EXERCISE]      go back to the starter code; your version is kept
  grade undo LESSON                  restore your version
  grade appeal LESSON [EXERCISE]     your answer is right and does not pass: pack the case for the author of the lesson
  grade update                       bring the course to a new version; your code is kept, grade undo takes it back
  grade doctor                       check Python, torch, the disk, the file watcher, the terminal
  grade help COMMAND                 the options of a command

for instructors
  grade init --course DIR            an empty course of your own
  grade read --out DIR               the lessons as pages for a website or a printer
  grade new LESSON --exercise NAME   a sample lesson to replace, which already passes the audit
  grade sync [LESSON ...]            update what derives from a solution: stub, README, figures (--check: only report)
  grade audit [LESSON ...]           prove that no right answer fails and every known wrong one is caught
                                     (--seeds N for more fresh examples, --quick for CI, --format json)
  grade appeal FILE                  examine such a case; --right NAME makes it a variant, --wrong NAME a known mistake

for courses
  grade class DIR --out OUT          grade a whole class: folders, zips, clones, or an export
  grade mistakes suggest OUT         draft known mistakes from failures that a class shares
  grade redteam [WORD]               try every known attack on this machine; none may get a point
  grade ci [LESSON ...]              grade in CI: summary, annotations, result files, exit code
"""
_EPILOG = """\
exit codes: 0 everything selected has passed; 1 something has not; 2 usage or course error; 3 grader fault;
130 Ctrl-C; 143 SIGTERM
"""


class Terminated(KeyboardInterrupt):
    """SIGTERM arrived: the process ends as it does after Ctrl-C."""


def main() -> None:
    """Run the command line and exit."""
    # Leave SIGTERM ignored where the parent process set it so.
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)
    try:
        code = run(sys.argv[1:])
    except GraderError as error:
        _complain(f"grade: {error}")
        code = error.exit_code
    except KeyboardInterrupt as error:
        is_terminated = isinstance(error, Terminated)
        what = "grade: terminated." if is_terminated else "\ngrade: interrupted."
        _complain(" ".join([what, *getattr(error, "__notes__", ())]))
        code = TERMINATED if is_terminated else INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe, for example `grade | head`.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  the interpreter flushes it at exit
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is written and every child has ended: skip the slow teardown of torch.
    os._exit(code)


def _terminate(*_: object) -> None:
    # A second signal must not interrupt the cleanup after the first: ending all processes, removing their files.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    word, module, options = parse(arguments)
    needs = getattr(module, "NEEDS", Needs.LESSONS)
    course = Course(Path.cwd(), ()) if needs is Needs.NOTHING else find_course(Path.cwd())
    if needs is Needs.LESSONS and not course.lessons:
        step = "The first one: grade new week1 --exercise NAME"
        raise UsageError(f"{course.root / 'lessons'} has no lessons yet. {step}")
    output, named = getattr(options, "output", None), getattr(options, "submission", None)
    submission = Path(named) if named else course.root / "exercises"
    if output and not Path(output).parent.is_dir():
        raise UsageError(f"--output {output}: the folder {Path(output).parent} does not exist. Create it first.")
    if named and not submission.is_dir():
        raise UsageError(f"--submission {named} is not a folder. Name the folder with the student's files.")
    submission = _located(course, submission, word, options)
    if word in _RUN_SUBMISSIONS and not options.allow_unconfined:
        refuse_unconfined(course.root, submission)
    is_shown = output is None and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_shown else WIDTH
    style = Style(colour=not (options.plain or output) and _is_colourful(), width=width, command=_started_as())
    is_prose = getattr(options, "format", "text") == "text"
    store = Store(None, course.root) if word in _STORELESS else Store.open(course.root)
    if word not in ("update", "undo", "init") and journal.is_unfinished(course.root):
        _complain("grade: an update of this folder was interrupted. To complete it: grade update")
    with _Line() as line:
        context = Context(course, submission, store, style, _ask, line.show, line.working, _complain, _write)
        if hasattr(module, "command"):
            answer: Answer = module.command(context, options)
        else:
            answer = module.run(context, options.words)
    if answer.text:
        document = answer.text.rstrip("\n") + "\n"
        _deliver(_shown(document, is_fitted=is_shown) if is_prose else document, output)
    if answer.complaint:
        _complain(answer.complaint)
    return answer.exit_code


def parse(arguments: Sequence[str]) -> tuple[str, ModuleType, argparse.Namespace]:
    """Return the command word, its module, and the parsed options.

    Raises UsageError for an option that the command does not take.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    rest, words_only = list(arguments[:end]), arguments[end + 1 :]
    if rest[:1] == ["help"]:
        # As in `grade help hint`.
        rest = [*rest[1:], "--help"]
    first = next((each for each in rest if not each.startswith("-")), "")
    word = first if first in COMMANDS else ""
    if word:
        rest.remove(word)
    options, unknown = parser_of(word).parse_known_intermixed_args(rest)
    for name in unknown:
        raise UsageError(_no_option_of(word, name))
    options.words = [*options.words, *words_only]
    return word, module_of(word), options


def module_of(word: str) -> ModuleType:
    """Return the module of a command."""
    return importlib.import_module(f"grader.{COMMANDS[word]}")


def parser_of(word: str) -> "_Parser":
    """Return the parser of a command, with the options that its module declares."""
    parser = _Parser(
        prog=_command(word),
        usage=None if word else argparse.SUPPRESS,
        description=module_of(word).__doc__ if word else _help(),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    getattr(module_of(word), "add_options", add_file_options)(parser)
    parser.add_argument(
        "--plain", action="store_true", help="no colour (so do NO_COLOR and a pipe); watch: text that grows"
    )
    return parser


class _Parser(argparse.ArgumentParser):
    """Reports errors as UsageError, like the rest of the grader."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; of a mistyped choice, with the one that was meant."""
        choice = re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message)
        found = meant(choice[1], re.findall(r"[\w-]+", choice[2])) if choice is not None else ""
        guess = f" Did you mean {found}?" if found else ""
        raise UsageError(f"{message}.{guess} See: {self.prog} --help")

    def format_help(self) -> str:
        """Return the help, with commands as they work in this shell."""
        return _shown(super().format_help(), is_fitted=sys.stdout.isatty())

    def names(self) -> set[str]:
        """Return the long options."""
        return {name for action in self._actions for name in action.option_strings if name.startswith("--")}


def _help() -> str:
    """Return the table of commands as they work in this shell: all rows move alike."""
    shift = " " * (len(_started_as()) - len(NAME))
    moved = re.sub(r"^ {20,}(?=\()", rf"\g<0>{shift}", _HELP, flags=re.MULTILINE)
    return re.sub(rf"^  {NAME}\b", lambda _: f"  {_started_as()}", moved, flags=re.MULTILINE)


def _no_option_of(word: str, given: str) -> str:
    """Return the error for an option that a command does not take."""
    spelled = given.partition("=")[0]
    takers = ", ".join(_command(other) for other in COMMANDS if spelled in parser_of(other).names())
    found = meant(spelled, parser_of(word).names())
    guess = f"Did you mean {found}? " if found else ""
    belongs = f"It belongs to: {takers}." if takers else f"{guess}See: {_command(word)} --help"
    instead = _INSTEAD.get((word, spelled.removeprefix("--").replace("-", "_")), belongs)
    return f"{_command(word)} has no option {spelled}. {instead}"


def _command(word: str) -> str:
    return f"grade {word}".strip()


def _located(course: Course, submission: Path, word: str, options: argparse.Namespace) -> Path:
    """Return the folder of the files that are named by path; replace those paths in the words by lesson names."""
    meant = getattr(module_of(word), "PATHS", Paths.READ)
    paths = [each for each in options.words if is_path(each)] if meant is not Paths.FOLDER else []
    named = getattr(options, "submission", None)
    for path in paths:
        lesson, folder = find_file(course, path, submission)
        is_elsewhere = os.path.realpath(folder) != os.path.realpath(submission)
        if is_elsewhere and meant is Paths.COURSE and folder.resolve() != course.root.resolve() / "solutions":
            raise UsageError(f"{path} is not a file of this course. Name the lesson: {_command(word)} {lesson.id}")
        if is_elsewhere and meant is Paths.CHANGE:
            raise UsageError(f"{path} is not in {submission}, the only folder that {_command(word)} changes.")
        if is_elsewhere and (named or path != paths[0]):
            raise UsageError(f"{path} is not in {named or submission}. All files must be in one folder.")
        options.words = [lesson.name if each == path else each for each in options.words]
        submission = folder if meant is not Paths.COURSE else submission
    return submission


def _started_as() -> str:
    return command(os.environ, sys.argv[0], sys.prefix)


def _shown(text: str, *, is_fitted: bool) -> str:
    """Return a text for people, with commands as they work in this shell, and no line wider than its terminal."""
    typed = as_typed(text, _started_as(), _lesson_names())
    return fit(typed, shutil.get_terminal_size().columns) if is_fitted else typed


def _lesson_names() -> list[str]:
    """Return the names of the lessons of this folder, which commands in a text may mention."""
    with contextlib.suppress(GraderError, OSError):
        return [lesson.name for lesson in find_course(Path.cwd()).lessons]
    return []


def _write(text: str) -> None:
    _deliver(_shown(text, is_fitted=sys.stdout.isatty()))


def _ask(question: str) -> str:
    """Show a question and return the typed line; without a terminal, an empty string."""
    sys.stdout.write(_shown(question, is_fitted=sys.stdout.isatty()))
    sys.stdout.flush()
    if not sys.stdin.isatty():
        sys.stdout.write("\n")
        return ""
    return sys.stdin.readline().strip()


class _Line:
    """Progress on standard error: in a terminal one line that changes, elsewhere a line now and then."""

    def __init__(self) -> None:
        self._clear = "\r\x1b[K" if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else ""
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        """Return the line; nothing is shown yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the open line."""
        sys.stderr.write(self._clear)

    def show(self, text: str, *, stays: bool = False) -> None:
        """Show a line; outside a terminal, one that does not stay is shown only now and then."""
        now = time.monotonic()
        is_told = stays or now - self._last >= SECONDS_BETWEEN_LINES
        if not self._clear and not is_told:
            return
        ends = "\n" if stays or not self._clear else ""
        sys.stderr.write(f"{self._clear}{text}{ends}")
        sys.stderr.flush()
        self._last = now

    def working(self, text: str) -> None:
        """Show what takes time, in a terminal only."""
        if self._clear:
            self.show(text)


def _is_colourful() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _deliver(document: str, output: str | None = None) -> None:
    """Print a report, or write it to a file atomically."""
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(document)
        sys.stdout.flush()
        return
    try:
        files.write(Path(output), document.encode(errors="backslashreplace"))
    except OSError as error:
        # The work is done: print the report rather than lose it.
        _deliver(document, None)
        raise Fault(f"{output} cannot be written ({error.strerror or error}), so the report went to stdout.") from error


def _complain(text: str) -> None:
    print(_shown(clean(text), is_fitted=sys.stderr.isatty()), file=sys.stderr)
