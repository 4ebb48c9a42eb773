"""The command `grade`: the one place that prints, and the one that exits."""

import argparse
import importlib
import os
import secrets
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from grader.commands import Answer, Context
from grader.course import rules, shipped
from grader.course.locations import find_file, find_places, is_path, refuse_unconfined
from grader.course.model import Course, Lesson, find_course
from grader.course.submission import Source, Unreadable, read_submission
from grader.engine.seeds import VARIABLE, fresh_seeds
from grader.errors import Fault, GraderError, UsageError
from grader.progress.cache import Memory
from grader.progress.store import Store
from grader.reports.audience import for_student
from grader.reports.text import Style
from grader.sandbox import confinement
from grader.text import clean
from grader.verdict import AFTER_DUE, EVERYTHING, PUBLIC, Report, Status, Visibility

INTERRUPTED = 130
TERMINATED = 143
SECONDS_BETWEEN_LINES = 10.0
"""Of progress, where nobody looks at a terminal."""

COMMANDS = ("list", "predict", "hint", "why", "show", "repl", "solution", "reset", "undo", "doctor")
"""Modules of grader.commands that answer at once about a student's folder."""

_RUNNING = frozenset({"", "show", "watch"})
"""Commands that run the code of a submission; `grade ci` and `grade class` look themselves, and repl takes no other."""

CHECKS = {"public": PUBLIC, "after-due": AFTER_DUE, "all": EVERYTHING}
FORMATS = ("text", "json", "junit", "gradescope", "github", "html", "markdown")

_ALWAYS = frozenset({"plain"})
"""What every command can be told: all of them print."""
_ABOUT_FILES = frozenset({"submission", "output"})
OPTIONS = {
    "": frozenset({"all", "submission", "format", "output", "seed", "checks", "fresh", "allow_unconfined"}),
    **dict.fromkeys(COMMANDS, _ABOUT_FILES),
    "show": _ABOUT_FILES | {"allow_unconfined"},
    "watch": frozenset({"submission", "allow_unconfined"}),
    "new": frozenset({"exercise", "output"}),
    "sync": frozenset({"check", "output"}),
    "audit": frozenset({"format", "output", "seeds", "quick"}),
    "class": frozenset(
        {"out", "judges", "cluster", "canvas", "assignment", "moodle", "seed", "checks", "allow_unconfined", "output"}
        | {"fresh"}
    ),
    "mistakes": frozenset({"output"}),
    "redteam": frozenset({"judges", "output"}),
    "ci": frozenset({"submission", "seed", "checks", "min_points", "results", "allow_unconfined"}),
}
"""By command, the options that it heeds; none is taken and then ignored. The empty word stands for grading."""
_INSTEAD = {
    ("class", "format"): "The results folder has a report of each student as JSON and as a page.",
    ("class", "submission"): "The folder of the submissions is named without an option: grade class DIR --out OUT",
    ("class", "results"): "The folder for the results is named with --out.",
    ("class", "all"): "A class is graded in every lesson of which somebody has handed a file in.",
    ("ci", "format"): "grade ci writes every format: name a folder for them with --results.",
    ("ci", "output"): "grade ci writes every format: name a folder for them with --results.",
    ("ci", "all"): "grade ci takes every lesson unless you name some.",
    ("ci", "out"): "The folder for the results is named with --results.",
    ("watch", "output"): "It shows what it finds out in the terminal only.",
    ("watch", "all"): "grade watch takes a lesson at most: grade watch 1.4",
    ("", "exercise"): "An exercise is named behind its lesson: grade 1.4 compute_grid",
}
"""By command and option, the next step for who has taken one for the other."""
_NAME_FOLDERS = frozenset({"new", "class", "mistakes", "redteam"})
"""Commands of which a path is a folder to read or to write."""
_OF_THE_COURSE = frozenset({"sync", "audit"})
"""Commands about the course's own files."""
_WRITE = frozenset({"reset", "undo"})
"""Commands that change a student's file: in another folder only where an option says so."""
_USUAL: dict[str, Any] = {
    "words": (),
    **dict.fromkeys(("all", "plain", "check", "quick", "allow_unconfined", "fresh"), False),
    "judges": 0,
    **dict.fromkeys(("seed", "submission", "output", "checks", "out", "seeds", "results", "min_points")),
    **dict.fromkeys(("exercise", "cluster", "canvas", "assignment", "moodle"), ""),
    "format": "text",
}
"""What holds for an option that is not given."""
_COUNTS = ("judges", "min_points")

_HELP = """\
Grade the exercises of the Training Loop Workbook.

  grade                       grade what you have started, and show what is next
  grade 1.4                   grade a lesson: by number, or by name
  grade DIR/m1_4_....py       grade this file
  grade 1.4 run_descent       grade one exercise of it
  grade --all                 grade every lesson
  grade watch [1.4]           grade at every save

when you work
  grade list                  the course, and where you stand
  grade predict 1.4           a question to answer before you write, and a picture of what happens
  grade hint 1.4 [exercise]   one more hint
  grade why 1.4 [exercise]    what is checked, in words
  grade show 1.4 [exercise]   a picture: what is wanted, what your code returns, the difference
  grade repl 1.4 [exercise]   Python at the smallest failing call
  grade solution 1.4          the solution beside your code

when something went wrong
  grade reset 1.4 [exercise]  begin a file or an exercise anew; your version is kept
  grade undo 1.4              bring it back
  grade doctor                look at Python, torch, the disk, the watcher, the terminal

for instructors
  grade new 1.7 momentum --exercise run_momentum      a lesson to overwrite, which already passes the audit
  grade sync [1.4 ...]        write what follows from a solution: stub, README, figures (--check: only say so)
  grade audit [1.4 ...]       prove that the checks are right: no right answer fails, every wrong one is caught
                              (--seeds N for more fresh examples, --quick for CI, --format json)

for courses
  grade class DIR --out OUT   grade a whole class: folders, zips, clones, or an export
  grade mistakes suggest OUT  drafts of new known mistakes, from what fails alike in a class
  grade redteam [WORD]        try every known attack on this machine, and see that none gets a point
  grade ci [1.4 ...]          grade in CI: summary, annotations, results files, exit code
"""
_EPILOG = """\
exit codes: 0 everything selected has passed; 1 something has not; 2 usage or course error; 3 our fault; 130 Ctrl-C;
143 SIGTERM
"""


class Terminated(KeyboardInterrupt):
    """Somebody has asked this process to end: that is done as at Ctrl-C."""


def main() -> None:
    """Run the command line and exit."""
    # Who ignores SIGTERM has started us so, and means it.
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
        # Whoever read us has left, for example `grade | head`.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  the interpreter flushes it at its end
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is written and every child has ended: taking torch apart would only take time.
    os._exit(code)


def _terminate(*_: object) -> None:
    # A second signal must not break off what the first one has begun: to end all processes and remove their files.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks and return the exit code."""
    options = _options(arguments)
    course = find_course(Path.cwd())
    if not course.lessons:
        raise UsageError(f"{course.root / 'lessons'} has no lesson yet.")
    submission = Path(options.submission) if options.submission else course.root / "exercises"
    if options.output and not Path(options.output).parent.is_dir():
        raise UsageError(f"--output {options.output}: there is no folder {Path(options.output).parent}. Make it first.")
    if options.submission and not submission.is_dir():
        raise UsageError(f"--submission {options.submission} is no folder. Name the folder with the student's files.")
    submission = _located(course, submission, options)
    first, *rest = options.words or [""]
    if (first in _RUNNING or first not in OPTIONS) and not options.allow_unconfined:
        refuse_unconfined(course.root, submission)
    if first in COMMANDS:
        return _say(_answer(first, _context(course, submission, options), rest), options)
    return OTHERS.get(first, _grade_selected)(course, submission, options, rest)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says; raises UsageError for an option that its command would ignore."""
    given = vars(_parser().parse_intermixed_args(arguments))
    options = argparse.Namespace(**(_USUAL | given))
    word = options.words[0] if options.words and options.words[0] in OPTIONS else ""
    for name in given:
        if name != "words" and name not in OPTIONS[word] | _ALWAYS:
            raise UsageError(_no_option_of(word, name))
    for name in _COUNTS:
        if name in given and given[name] < 0:
            raise UsageError(f"{_spelled(name)} {given[name]} makes no sense: name a number from 0 on.")
    if options.assignment and not options.canvas:
        raise UsageError("--assignment names a column of a gradebook of Canvas: name its file with --canvas FILE.")
    if word == "audit" and options.format not in ("text", "json"):
        raise UsageError(f"grade audit has no format {options.format}: it writes text, or json.")
    return options


def _located(course: Course, submission: Path, options: argparse.Namespace) -> Path:
    """Return the folder of the files that the words name by their paths; in the words the lessons take their places."""
    word = options.words[0] if options.words and options.words[0] in OPTIONS else ""
    paths = [each for each in options.words if is_path(each)] if word not in _NAME_FOLDERS else []
    for path in paths:
        lesson, folder = find_file(course, path, submission)
        is_elsewhere = os.path.realpath(folder) != os.path.realpath(submission)
        if is_elsewhere and word in _OF_THE_COURSE and folder.resolve() != course.root.resolve() / "solutions":
            raise UsageError(f"{path} is not a file of this course. Name the lesson: {_command(word)} {lesson.id}")
        if is_elsewhere and word in _WRITE:
            raise UsageError(f"{path} is not in {submission}, which is all that {_command(word)} changes.")
        if is_elsewhere and (options.submission or path != paths[0]):
            raise UsageError(f"{path} is not in {options.submission or submission}. Name files of one folder.")
        options.words = [lesson.name if each == path else each for each in options.words]
        submission = folder if word not in _OF_THE_COURSE else submission
    return submission


def _no_option_of(word: str, name: str) -> str:
    """Return the sentence about an option that a command does not heed."""
    takers = ", ".join(_command(other) for other, names in OPTIONS.items() if name in names)
    instead = _INSTEAD.get((word, name), f"It belongs to: {takers}.")
    return f"{_command(word)} has no option {_spelled(name)}. {instead}"


def _command(word: str) -> str:
    return f"grade {word}".strip()


def _spelled(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _grade_selected(course: Course, submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    """Grade what the command line names, or what has been started."""
    if len(words) > 1:
        raise UsageError(f"grade takes a lesson and an exercise, and {' '.join(options.words)} is more.")
    options.lesson, options.exercise = "".join(options.words[:1]), "".join(words)
    for lesson in [course.find(options.lesson)] if options.lesson else course.lessons:
        if said := shipped.sentence(lesson):
            _complain(f"grade: {said}")
    lessons = _selected(course, options, submission)
    if not lessons:
        return _welcome(course, options)
    for lesson in lessons:
        rules.require(lesson)
    return _grade(lessons, submission, options)


def _context(course: Course, submission: Path, options: argparse.Namespace) -> Context:
    return Context(course, submission, Store.open(course.root), _style(options), _ask)


def _say(answer: Answer, options: argparse.Namespace) -> int:
    """Print what a command has to say."""
    _deliver(answer.text.rstrip("\n") + "\n", options.output)
    return answer.exit_code


def _ci(course: Course, submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.commands import ci

    lessons = list(dict.fromkeys(course.find(word) for word in words)) or list(course.lessons)
    for lesson in lessons:
        rules.require(lesson)
    job = ci.Job(
        lessons,
        submission,
        checks=_checks(options),
        min_points=options.min_points,
        results=Path(options.results) if options.results else None,
        allow_unconfined=options.allow_unconfined,
    )

    def grade() -> Report:
        from grader.pool.parallel import grade_abreast

        sources = {lesson.name: read_submission(job.folder, lesson.name) for lesson in lessons}
        return grade_abreast(lessons, sources, {}, _seeds(lessons, options, is_secret=True), job.checks)

    if options.seed is None and not os.environ.get(VARIABLE):
        _complain(f"grade ci: {ci.RANDOM_EXAMPLES}")
    answer = ci.run(job, grade, os.environ)
    _deliver(answer.text, None)
    return answer.exit_code


def _answer(word: str, context: Context, words: list[str]) -> Answer:
    answer: Answer = importlib.import_module(f"grader.commands.{word}").run(context, words)
    return answer


def _ask(question: str) -> str:
    """Show a question and return the line that is typed; an empty text where nobody can answer."""
    sys.stdout.write(question)
    sys.stdout.flush()
    if not sys.stdin.isatty():
        sys.stdout.write("\n")
        return ""
    return sys.stdin.readline().strip()


def _watch(course: Course, submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.commands import watch

    if len(words) > 1:
        raise UsageError("grade watch takes a lesson at most: grade watch 1.4")
    context = _context(course, submission, options)
    memory = Memory(course.root, submission)
    lesson = course.find(words[0]) if words else _lesson_to_work_on(course, submission, memory)

    def write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def command(word: str, context: Context, words: list[str]) -> Answer:
        return _answer(word, context, words)

    watch.Watch(context, memory, command, write).run(lesson)
    return 0


def _new(course: Course, submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.commands import new

    return _say(new.run(_context(course, submission, options), words, exercise=options.exercise), options)


def _sync(course: Course, submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.commands import sync

    return _say(sync.run(_context(course, submission, options), words, check=options.check), options)


def _class(course: Course, _submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.classes.gradebooks import Tables
    from grader.classes.run import Wish, lessons_of
    from grader.commands import cohort

    if not words or not options.out:
        raise UsageError(f"Name the folder of the submissions, and one for the results: {cohort.USAGE}")
    folder, *lessons = words
    if not Path(folder).is_dir():
        raise UsageError(f"{folder} is no folder. {cohort.USAGE}")
    wish = Wish(
        course,
        Path(folder),
        Path(options.out),
        lessons_of(course, lessons),
        options.seed,
        options.judges,
        options.allow_unconfined,
        _checks(options),
        Tables(options.canvas, options.assignment, options.moodle),
        options.fresh,
    )
    try:
        with _Line() as line:
            answer = cohort.run(wish, options.cluster, line.show)
    except KeyboardInterrupt as error:
        error.add_note("Every verdict is kept: give the same command again.")
        raise
    return _say(answer, options)


def _audit(course: Course, submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.commands import audit

    context = _context(course, submission, options)
    with _Line() as line:
        answer = audit.run(context, words, form=options.format, seeds=options.seeds, quick=options.quick, say=line.show)
    return _say(answer, options)


def _redteam(course: Course, _submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.commands import redteam

    attempts = []
    with _Line() as line:
        for attempt in redteam.run(course, words, options.judges):
            attempts.append(attempt)
            line.show(f"{len(attempts)} attacks tried, {sum(each.has_won for each in attempts)} got something")
    return _say(redteam.told(attempts), options)


def _mistakes(course: Course, _submission: Path, options: argparse.Namespace, words: list[str]) -> int:
    from grader.commands import mistakes

    return _say(mistakes.run(course, words), options)


OTHERS = {
    "watch": _watch,
    "new": _new,
    "sync": _sync,
    "audit": _audit,
    "class": _class,
    "mistakes": _mistakes,
    "redteam": _redteam,
    "ci": _ci,
}
"""Commands that go on for a while, or have options of their own."""


class _Line:
    """What a long command tells meanwhile, on standard error: one line that changes, or a line now and then."""

    def __init__(self) -> None:
        self._clear = "\r\x1b[K" if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else ""
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        """Return it; nothing is shown yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take away the line that is open."""
        sys.stderr.write(self._clear)

    def show(self, text: str, *, stays: bool = False) -> None:
        """Show what is new; where nobody looks, what does not stay is told now and then only."""
        now = time.monotonic()
        is_told = stays or now - self._last >= SECONDS_BETWEEN_LINES
        if not self._clear and not is_told:
            return
        ends = "\n" if stays or not self._clear else ""
        sys.stderr.write(f"{self._clear}{text}{ends}")
        sys.stderr.flush()
        self._last = now


def _lesson_to_work_on(course: Course, submission: Path, memory: Memory) -> Lesson:
    """Return the first lesson that is not known to have passed as it is now."""
    for lesson in course.lessons:
        known = memory.recall(lesson, read_submission(submission, lesson.name))
        if known is None or known.status is not Status.PASSED:
            return lesson
    return course.lessons[-1]


def _selected(course: Course, options: argparse.Namespace, submission: Path) -> list[Lesson]:
    if options.lesson and options.all:
        raise UsageError("--all grades every lesson: leave out the name, or leave out --all.")
    if options.all:
        return list(course.lessons)
    if options.lesson:
        return [course.find(options.lesson)]
    return [lesson for lesson in course.lessons if _is_started(lesson, submission)]


def _is_started(lesson: Lesson, submission: Path) -> bool:
    """Whether a student has changed the stub; anything but an untouched stub or a missing file is started."""
    from grader.course.stub import derive_stub

    source = read_submission(submission, lesson.name)
    if isinstance(source, Unreadable):
        return os.path.lexists(submission / f"{lesson.name}.py")
    assert isinstance(source, Source)
    return source.content.replace(b"\r\n", b"\n") != derive_stub(lesson.solution_text).encode()


def _grade(lessons: Sequence[Lesson], submission: Path, options: argparse.Namespace) -> int:
    started = time.monotonic()
    exercises = {}
    if options.exercise:
        exercises[lessons[0].name] = frozenset([lessons[0].exercise(options.exercise).name])
    checks = _checks(options)
    # What goes to a platform is graded by its instructors, even where the files lie in this folder.
    is_secret = options.format == "gradescope"
    memory = Memory(lessons[0].root, submission, options.seed or 0, exercises, checks)
    sources = {lesson.name: read_submission(submission, lesson.name) for lesson in lessons}
    known = {}
    for lesson in () if is_secret or options.fresh else lessons:
        if (verdict := memory.recall(lesson, sources[lesson.name])) is not None:
            known[lesson.name] = verdict
    unknown = [lesson for lesson in lessons if lesson.name not in known]
    if unknown:
        from grader.pool.parallel import grade_abreast

        graded = grade_abreast(unknown, sources, exercises, _seeds(unknown, options, is_secret=is_secret), checks)
        for lesson, verdict in zip(unknown, graded.lessons, strict=True):
            known[lesson.name] = verdict
            if not is_secret:
                memory.remember(lesson, sources[lesson.name], verdict, graded.isolation)
    isolation = graded.isolation if unknown else confinement.isolation()
    seed = None if is_secret else options.seed or 0
    report = Report(tuple(known[lesson.name] for lesson in lessons), isolation, seed)
    seconds = time.monotonic() - started
    _deliver(_document(report, lessons, submission, options, seconds), options.output)
    if memory.complaint:
        _complain(f"grade: {memory.complaint}")
    return report.exit_code


def _seeds(lessons: Sequence[Lesson], options: argparse.Namespace, *, is_secret: bool) -> dict[str, int]:
    """Return the seed of each lesson: that of the command line; without one the fixed seed, or seeds from a secret."""
    names = [lesson.name for lesson in lessons]
    if options.seed is None and is_secret:
        return fresh_seeds(names, os.environ)
    return dict.fromkeys(names, options.seed or 0)


def _checks(options: argparse.Namespace) -> frozenset[Visibility]:
    """Return which checks to run: on a student's machine the public ones, for a platform that withholds all."""
    default = "all" if options.format == "gradescope" else "public"
    return CHECKS[options.checks or default]


def _document(
    report: Report, lessons: Sequence[Lesson], submission: Path, options: argparse.Namespace, seconds: float
) -> str:
    """Return a report in the format that is asked."""
    shown = _checks(options)
    if options.format == "gradescope":
        from grader.reports import gradescope

        return gradescope.render(report)
    report = for_student(report, shown)
    if options.format == "json":
        from grader.reports import as_json

        return as_json.render(report)
    if options.format == "junit":
        from grader.reports import junit

        return junit.render(report, shown=shown)
    if options.format == "github":
        from grader.reports import github

        return github.render(report, token=secrets.token_hex(16), places=find_places(lessons, submission), shown=shown)
    if options.format == "html":
        from grader.reports import as_html

        return as_html.render(report, shown=shown)
    if options.format == "markdown":
        from grader.reports import as_markdown

        return as_markdown.render(report, shown=shown)
    from grader.reports import text

    return text.render(report, _style(options), seconds)


def _welcome(course: Course, options: argparse.Namespace) -> int:
    from grader.reports import text

    if options.format == "text":
        _deliver(text.welcome(course, _style(options)), options.output)
    else:
        _deliver(_document(Report((), "none"), [], course.root, options, 0.0), options.output)
    return 0


def _style(options: argparse.Namespace) -> Style:
    is_plain = options.plain or options.output or not sys.stdout.isatty()
    return Style(colour=not is_plain and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb")


def _deliver(document: str, output: str | None) -> None:
    """Print a report, or write it to a file, whole or not at all."""
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        sys.stdout.write(document)
        sys.stdout.flush()
        return
    path = Path(output)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        # The work is done: what was found out is not lost with the file.
        _deliver(document, None)
        raise Fault(f"{output} cannot be written ({error.strerror or error}), so the report went to stdout.") from error


def _complain(text: str) -> None:
    print(clean(text), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="grade",
        usage=argparse.SUPPRESS,
        description=_HELP,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        # What is not given is not there, so that whoever gives what is usual is told where it has no meaning either.
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help="grade every lesson")
    parser.add_argument("--submission", metavar="DIR", help="grade the files of this folder (default: exercises/)")
    parser.add_argument("--format", choices=FORMATS, metavar="FORMAT", help=f"{', '.join(FORMATS)} (default: text)")
    parser.add_argument("--output", metavar="FILE", help="write the report to a file, whole or not at all")
    parser.add_argument("--fresh", action="store_true", help="grade again, also what is known (class: the whole class)")
    parser.add_argument("--plain", action="store_true", help="no colour (so do NO_COLOR and a pipe)")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="check with these fresh examples (default: 0, the fixed ones)"
    )
    parser.add_argument(
        "--checks",
        choices=CHECKS,
        metavar="WHICH",
        help="public (default), after-due, or all: those that are kept for grading are run and shown too",
    )
    author = parser.add_argument_group("for instructors")
    author.add_argument("--exercise", metavar="NAME", help="new: what the exercise is called")
    author.add_argument("--check", action="store_true", help="sync: change nothing, exit 1 if something is stale")
    author.add_argument("--seeds", type=int, metavar="N", help="audit: with how many seeds each solution is tried (50)")
    author.add_argument("--quick", action="store_true", help="audit: a smaller proof, for CI")
    course = parser.add_argument_group("for courses")
    course.add_argument("--out", metavar="OUT", help="class: the folder for the results")
    course.add_argument("--judges", type=int, metavar="N", help="class, redteam: how many at once (default: cores)")
    course.add_argument("--cluster", metavar="ADDRESS", help="class: grade on a Dask scheduler")
    course.add_argument("--canvas", metavar="FILE", help="class: fill the gradebook that Canvas exported")
    course.add_argument("--assignment", metavar="NAME", help="class: the title or number of its column")
    course.add_argument("--moodle", metavar="FILE", help="class: fill the grading worksheet of Moodle")
    course.add_argument("--min-points", type=int, metavar="N", help="ci: exit 0 from N points on (default: all passed)")
    course.add_argument("--results", metavar="DIR", help="ci: write the report into this folder, in every format")
    course.add_argument(
        "--allow-unconfined",
        action="store_true",
        help="--submission, class, ci: grade where code cannot be confined too",
    )
    return parser
