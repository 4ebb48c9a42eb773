"""The command `grade`: the one place that prints, and the one that exits."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from grader.course import Course, Lesson, find_course
from grader.errors import Fault, GraderError, UsageError
from grader.reports.text import Style

INTERRUPTED = 130

_HELP = """\
Grade the exercises of the Training Loop Workbook.

  grade                       grade what you have started, and show what is next
  grade 1.4                   grade a lesson: by number, by name, or by its file
  grade 1.4 run_descent       grade one exercise of it
  grade --all                 grade every lesson
"""
_EPILOG = """\
exit codes: 0 everything selected has passed; 1 something has not; 2 usage or course error; 3 our fault; 130 Ctrl-C
"""


def main() -> None:
    """Run the command line and exit."""
    try:
        code = run(sys.argv[1:])
    except GraderError as error:
        _complain(f"grade: {error}")
        code = error.exit_code
    except KeyboardInterrupt:
        _complain("\ngrade: interrupted.")
        code = INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has left, for example `grade | head`.
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  the interpreter flushes it at its end
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is written and every child has ended: taking torch apart would only take time.
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks and return the exit code."""
    options = _parser().parse_intermixed_args(arguments)
    course = find_course(Path.cwd())
    if not course.lessons:
        raise UsageError(f"{course.root / 'lessons'} has no lesson yet.")
    submission = Path(options.submission) if options.submission else course.root / "exercises"
    if options.output and not Path(options.output).parent.is_dir():
        raise UsageError(f"--output {options.output}: there is no folder {Path(options.output).parent}. Make it first.")
    if options.submission and not submission.is_dir():
        raise UsageError(f"--submission {options.submission} is no folder. Name the folder with the student's files.")
    lessons = _selected(course, options, submission)
    if not lessons:
        return _welcome(course, options)
    return _grade(lessons, submission, options)


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
    from grader.stub import derive_stub
    from grader.submission import Source, Unreadable, read_submission

    source = read_submission(submission, lesson.name)
    if isinstance(source, Unreadable):
        return os.path.lexists(submission / f"{lesson.name}.py")
    assert isinstance(source, Source)
    return source.content.replace(b"\r\n", b"\n") != derive_stub(lesson.solution.read_text(encoding="utf-8")).encode()


def _grade(lessons: Sequence[Lesson], submission: Path, options: argparse.Namespace) -> int:
    from grader.zygote import Zygote

    started = time.monotonic()
    exercises = {}
    if options.exercise:
        exercises[lessons[0].name] = frozenset([lessons[0].exercise(options.exercise).name])
    with Zygote() as zygote:
        # First of all: it imports torch on another core while we import it here.
        zygote.start()
        import torch  # noqa: F401  here, so that the next line finds it

        from grader.grading import grade
        from grader.reports import as_json, text

        # What exists now stays: looking through all of torch for garbage takes longer than a check.
        gc.freeze()
        report = grade(lessons, submission, zygote, exercises=exercises, seed=options.seed)
    if options.format == "json":
        _deliver(as_json.render(report), options.output)
    else:
        _deliver(text.render(report, _style(options), time.monotonic() - started), options.output)
    return report.exit_code


def _welcome(course: Course, options: argparse.Namespace) -> int:
    from grader.reports import as_json, text
    from grader.verdict import Report

    if options.format == "json":
        _deliver(as_json.render(Report((), "none")), options.output)
    else:
        _deliver(text.welcome(course, _style(options)), options.output)
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
    print(text, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="grade",
        usage=argparse.SUPPRESS,
        description=_HELP,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("lesson", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("exercise", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help="grade every lesson")
    parser.add_argument("--submission", metavar="DIR", help="grade the files of this folder (default: exercises/)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text for people, json for programs")
    parser.add_argument("--output", metavar="FILE", help="write the report to a file, whole or not at all")
    parser.add_argument("--plain", action="store_true", help="no colour (so do NO_COLOR and a pipe)")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="check with fresh examples (default: 0, the fixed ones)"
    )
    return parser
