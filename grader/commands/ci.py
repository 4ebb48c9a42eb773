"""`grade ci`: grade a submission in CI, and write reports for GitHub, Classroom 50, other platforms and people."""

import argparse
import os
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.commands import (
    CHECKS,
    Answer,
    Context,
    add_allow_unconfined,
    add_checks,
    add_output,
    add_seed,
    add_submission,
    count,
)
from grader.commands.grade import seeds_of
from grader.commands.reset import write
from grader.course import rules
from grader.course.locations import find_places, refuse_exposed
from grader.course.model import Lesson, is_lesson
from grader.course.submission import read_submission
from grader.engine.seeds import VARIABLE
from grader.errors import Fault, UsageError
from grader.pool.parallel import grade_abreast
from grader.reports import as_html, as_json, as_markdown, classroom, classroom50, github, gradescope, junit, text
from grader.reports.audience import for_student
from grader.sandbox import confinement
from grader.text import clean, cut
from grader.verdict import PUBLIC, Report, Visibility

RANDOM_EXAMPLES = (
    "GRADE_SECRET is not set, so this run draws its examples at random. COURSES.md says how to set it, so that the same"
    " file always gets the same verdict."
)
FORMATS = ("text", "classroom50")
NO_SCORE = "grade ci: no score, because of a fault of the grader. Nothing is written; the report names the cause."
MAX_NAMES = 10
MAX_NAME = 80


@dataclass(frozen=True)
class Job:
    """What to grade, and what to do with the result."""

    lessons: Sequence[Lesson]
    submission: Path
    """The submitted folder: the exercise files are in it, or in its folder ``exercises``."""
    checks: Collection[Visibility] = PUBLIC
    """Which checks to run and show."""
    min_points: int | None = None
    """The points that the job needs to succeed; with None, everything must pass."""
    results: Path | None = None
    """The folder for the result files."""
    allow_unconfined: bool = False
    form: str = "text"
    """What the answer is: the log, or the document of a platform."""

    @property
    def folder(self) -> Path:
        """The folder with the exercise files: many students submit the folder ``exercises`` as a whole."""
        inner = self.submission / "exercises"
        # A link could lead anywhere, so it is not followed.
        is_meant = self._has_file(inner) and inner.is_dir() and not inner.is_symlink()
        return inner if is_meant and not self._has_file(self.submission) else self.submission

    def _has_file(self, folder: Path) -> bool:
        return any(os.path.lexists(folder / f"{lesson.name}.py") for lesson in self.lessons)


def run(job: Job, grade: Callable[[], Report], environment: Mapping[str, str]) -> Answer:
    """Grade, write the files that the environment and the job name, and return the log.

    On GitHub these files are GITHUB_STEP_SUMMARY and GITHUB_OUTPUT; elsewhere the numbers are the same, and the log is
    the text report. Raises UsageError if the code cannot be confined or ``min_points`` exceeds the maximum.

    For Classroom 50 the answer is its document, and the exit code says only whether there is one: its runner takes the
    score from the document, and every other code for a fault.
    """
    origin = classroom50.origin_of(environment) if job.form == "classroom50" else None
    _refuse_links(job.folder)
    missing = confinement.missing()
    if missing and not job.allow_unconfined:
        raise UsageError(
            f"the code cannot be confined: {missing}. It could do anything that you can. Use a newer Linux, or add"
            " --allow-unconfined if you trust its author."
        )
    # The seed stays secret: with it, a submission could hold a table of the right answers.
    report = replace(grade(), seed=None)
    if report.isolation != "confined" and not job.allow_unconfined:
        raise Fault("the code was not confined, although this machine can do it. No results. Please file a bug.")
    exit_code = _exit_code(report, job.min_points)
    shown = for_student(report, job.checks)
    if job.results is not None:
        _write_results(shown, job.results, job.checks)
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        _append(Path(path), _summary(Path(path), shown, job.checks), "GITHUB_STEP_SUMMARY")
    if origin is not None:
        if shown.points is None:
            return Answer("", exit_code, NO_SCORE)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Answer(classroom50.render(shown, origin, now, shown=job.checks))
    if path := environment.get("GITHUB_OUTPUT"):
        _append(Path(path), _outputs(shown, job.checks), "GITHUB_OUTPUT")
    return Answer(_log(shown, job, is_github=environment.get("GITHUB_ACTIONS") == "true"), exit_code)


def _refuse_links(submission: Path) -> None:
    """Raise UsageError if a folder of the repository is a link: it could lead to the solutions."""
    absolute = Path(os.path.abspath(submission))  # noqa: PTH100  resolve() would follow the links
    parents = (absolute, *absolute.parents)
    root = next((place for place, each in enumerate(parents) if (each / ".git").exists()), 0)
    for each in parents[: root + 1]:
        if each.is_symlink():
            raise UsageError(f"{each} is a link, and links are not followed. Put the folder itself there.")


def _exit_code(report: Report, min_points: int | None) -> int:
    if min_points is None or report.points is None:
        return report.exit_code
    if min_points > report.max_points:
        raise UsageError(f"--min-points {min_points} is more than the maximum of {report.max_points} points.")
    return 0 if report.points >= min_points else 1


def _log(report: Report, job: Job, *, is_github: bool) -> str:
    remarks = {"Submission": _which(job), "Ignored files": _ignored(job)}
    if not is_github:
        seconds = sum(check.duration_ms for lesson in report.lessons for e in lesson.exercises for check in e.checks)
        said = "\n".join(filter(None, remarks.values()))
        return f"{text.render(report, text.Style(), seconds / 1000)}{said}"
    # The token is drawn after the student's code has ended, so nothing it printed can end the stop.
    token, places = secrets.token_hex(16), find_places(job.lessons, job.folder)
    said = github.render(report, token=token, places=places, shown=job.checks)
    lines = [github.command("notice", remark, title=title) for title, remark in remarks.items() if remark]
    return said + "".join(f"{line}\n" for line in [*lines, *classroom.notices(report, shown=job.checks)])


def _which(job: Job) -> str:
    """Return a note if the graded folder is not the one that was named."""
    if job.folder == job.submission:
        return ""
    return clean(f"{job.submission} has no exercise files, so {job.folder} was graded.").replace("\n", "\\n")


def _ignored(job: Job) -> str:
    """Return a note on the files beside the exercises that are ignored, such as a conftest.py."""
    try:
        folders = {lesson.folder.parent for lesson in job.lessons}
        names = sorted(path.name for path in job.folder.iterdir() if not _is_known(path.name, folders))
    except OSError:
        return ""
    if not names:
        return ""
    more = f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    shown = ", ".join(cut(clean(name).replace("\n", "\\n"), MAX_NAME) for name in names[:MAX_NAMES])
    return f"Ignored, because only exercise files are read: {shown}{more}."


def _is_known(name: str, folders: Collection[Path]) -> bool:
    """Whether a file may be there: one of any lesson in these folders, also of those that are not graded."""
    return name == "__pycache__" or any(is_lesson(folder / name.removesuffix(".py")) for folder in folders)


def _outputs(report: Report, shown: Collection[Visibility]) -> str:
    """Return the outputs of the step, one per line; without a score, the points are empty."""
    points = "" if report.points is None else report.points
    result = classroom.render(report, shown=shown)
    return f"result={result}\npoints={points}\nmax_points={report.max_points}\n"


def _write_results(report: Report, folder: Path, shown: Collection[Visibility]) -> None:
    """Write a file per format, each atomically; those of an earlier run are replaced."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--results {folder} cannot be created: {error.strerror}. Name another folder.") from None
    documents = {
        "report.json": as_json.render(report),
        "report.html": as_html.render(report, shown=shown),
        "report.md": as_markdown.render(report, shown=shown),
        "junit.xml": junit.render(report, shown=shown),
        "gradescope.json": gradescope.render(report),
        "classroom.txt": classroom.render(report, shown=shown) + "\n",
    }
    for name, document in documents.items():
        write(folder / name, document.encode("utf-8", "backslashreplace"))


def _summary(path: Path, report: Report, shown: Collection[Visibility]) -> str:
    """Return the summary of the step, cut to the room that is left in the file."""
    begun = path.stat().st_size if path.is_file() else 0
    return github.summary(report, limit=max(0, github.MAX_SUMMARY - begun), shown=shown)


def _append(path: Path, document: str, variable: str) -> None:
    try:
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(document)
    except OSError as error:
        raise Fault(f"{path}, from the variable {variable}, cannot be written: {error.strerror}.") from error


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_submission(parser)
    add_seed(parser)
    add_checks(parser)
    add_allow_unconfined(parser)
    parser.add_argument("--min-points", type=count, metavar="N", help="exit 0 from N points (default: all passed)")
    parser.add_argument("--results", metavar="DIR", help="write the report to this folder in every format")
    add_output(parser)
    parser.add_argument(
        "--format", default="text", metavar="FORMAT", help=f"what to print: {' or '.join(FORMATS)} (default: text)"
    )


def _refuse_format(options: argparse.Namespace) -> None:
    """Raise UsageError for a format that is not printed here, and for options that it does not go with."""
    if options.format not in FORMATS:
        raise UsageError(
            f"grade ci prints {' or '.join(FORMATS)}, not {options.format}. It writes every format: name their folder"
            " with --results."
        )
    if options.format == "classroom50" and options.checks == "all":
        raise UsageError(
            "--checks all would publish hidden checks: Classroom 50 shows its results in the student's repository."
            " Run those with: grade class CLONES --out OUT"
        )
    if options.format == "classroom50" and options.min_points is not None:
        raise UsageError("--min-points does not count for Classroom 50: set the assignment's pass threshold there.")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Grade with these options."""
    _refuse_format(options)
    lessons = list(dict.fromkeys(context.course.find(word) for word in options.words)) or list(context.course.lessons)
    if not options.allow_unconfined:
        refuse_exposed(context.course)
    context.warn(lessons)
    for lesson in lessons:
        rules.require(lesson)
    job = Job(
        lessons,
        context.submission,
        checks=CHECKS[options.checks or "public"],
        min_points=options.min_points,
        results=Path(options.results) if options.results else None,
        allow_unconfined=options.allow_unconfined,
        form=options.format,
    )

    def grade() -> Report:
        sources = {lesson.name: read_submission(job.folder, lesson.name) for lesson in lessons}
        return grade_abreast(lessons, sources, {}, seeds_of(lessons, options.seed, is_secret=True), job.checks)

    if options.seed is None and not os.environ.get(VARIABLE):
        context.complain(f"grade ci: {RANDOM_EXAMPLES}")
    return run(job, grade, os.environ)
