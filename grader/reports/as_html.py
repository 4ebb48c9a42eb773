"""The report of one student as an accessible HTML page that loads nothing and runs nothing."""

from collections.abc import Collection, Sequence
from html import escape

from grader.reports import page
from grader.reports.audience import checks_held, for_student
from grader.verdict import PUBLIC, CheckVerdict, ExerciseVerdict, LessonVerdict, Report, Status, Visibility

_STYLE = """\
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #59636e; --line: #d1d9e0; --code: #f3f5f7;
  --passed: #116329; --failed: #b3261e; --open: #59636e; --fault: #6639ba; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #12161c; --soft: #9da7b1; --line: #3d444d;
  --code: #1c222a; --passed: #57c26e; --failed: #ff8a80; --open: #9da7b1; --fault: #c297ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 50rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
h3 { font: 600 1.05rem/1.4 ui-monospace, monospace; margin: 2rem 0 .25rem; overflow-wrap: anywhere; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
.total { font-size: 1.25rem; font-weight: 600; }
.soft { color: var(--soft); }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
th, td.number { white-space: nowrap; }
pre { margin: .75rem 0; padding: .75rem 1rem; overflow-x: auto; background: var(--code); border-radius: .375rem;
  font: .875rem/1.5 ui-monospace, monospace; tab-size: 4; }
a { color: inherit; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.status { font-weight: 600; white-space: nowrap; }
.wide { overflow-x: auto; }
td .status { white-space: normal; } .wide td:last-child { min-width: 11rem; }
.wide th[scope="row"] { white-space: normal; overflow-wrap: anywhere; min-width: 10rem; }
.passed { color: var(--passed); } .failed { color: var(--failed); }
.open { color: var(--open); } .fault { color: var(--fault); }
"""
_BARS = {Status.PASSED: "#2da44e", Status.TODO: "#8c959f", Status.FAULT: "#8250df", None: "#cf222e"}
"""Beside a verdict in a page that is not ours; the words say the same."""
_CLASSES = {Status.PASSED: "passed", Status.TODO: "open", Status.FAULT: "fault"}


def render(report: Report, *, student: str = "", shown: Collection[Visibility] = PUBLIC) -> str:
    """Return the whole page; checks that are not ``shown`` are only counted."""
    report = for_student(report, shown)
    title = escape(f"Report: {page.one_line(student)}" if student else "Report")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        # The texts are escaped; this is a second barrier.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n<p class="total">{page.points(report)}</p>\n'
        f"{_table(report)}{''.join(_lesson(lesson) for lesson in report.lessons)}"
        f'<p class="soft">{escape(page.circumstances(report))}</p>\n</main>\n</body>\n</html>\n'
    )


def fragment(lesson: LessonVerdict, about: Collection[str], ending: Sequence[str]) -> str:
    """Return the verdict on a lesson for a page that is not ours, such as a notebook: its colours, and no more.

    The exercises that it is ``about`` are reported in full, the others in one line.
    """
    shown = [exercise for exercise in lesson.exercises if exercise.name in about]
    others = [f"{page.WORDS[each.status]} {page.one_line(each.name)}" for each in lesson.exercises if each not in shown]
    said = "".join(
        f'<div style="border-left: 4px solid {_BARS.get(exercise.status, _BARS[None])}; padding-left: .75em">\n'
        f"<p><code>{escape(page.one_line(exercise.name))}</code>: <strong>{page.WORDS[exercise.status]}</strong>;"
        f" {page.standing(exercise)}</p>\n{_blocks(exercise)}</div>\n"
        for exercise in shown
    )
    last = [*(["; ".join(others)] if others else []), " ".join(each.strip() for each in ending)]
    return (
        f"<section>\n<p><strong>{escape(page.one_line(f'{lesson.id} {lesson.title}'))}</strong></p>\n{said}"
        f"{''.join(f'<p>{escape(page.one_line(each))}</p>{chr(10)}' for each in last)}</section>\n"
    )


def _table(report: Report) -> str:
    if not report.lessons:
        return ""
    rows = "".join(_row(lesson, exercise) for lesson in report.lessons for exercise in lesson.exercises)
    names = ("Lesson", "Exercise", "Status", "Points", "Checks")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    return (
        '<div class="wide" tabindex="0" role="group" aria-label="all exercises">\n<table>\n'
        f"<caption>All exercises at a glance</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</div>\n"
    )


def _row(lesson: LessonVerdict, exercise: ExerciseVerdict) -> str:
    name, target = escape(page.one_line(exercise.name)), _anchor(lesson, exercise)
    return (
        f'<tr><td>{escape(lesson.id)}</td><th scope="row"><a href="#{target}">{name}</a></th>'
        f'<td>{_status(exercise.status)}</td><td class="number">{page.short_points(exercise)}</td>'
        f"<td>{checks_held(exercise)}</td></tr>\n"
    )


def _lesson(lesson: LessonVerdict) -> str:
    title = escape(page.one_line(f"{lesson.id} {lesson.title}"))
    exercises = "".join(_exercise(lesson, exercise) for exercise in lesson.exercises)
    return f"<section>\n<h2>{title}</h2>\n<p>{page.points(lesson)}</p>\n{exercises}</section>\n"


def _exercise(lesson: LessonVerdict, exercise: ExerciseVerdict) -> str:
    name = escape(page.one_line(exercise.name))
    rows = "".join(_check(check) for check in exercise.checks)
    checks = (
        f"<table>\n<caption>The checks of {name}</caption>\n"
        '<thead><tr><th scope="col">Status</th><th scope="col">Requirement</th><th scope="col">Points</th></tr>'
        f"</thead>\n<tbody>\n{rows}</tbody>\n</table>\n"
    )
    return (
        f'<section>\n<h3 id="{_anchor(lesson, exercise)}">{name}</h3>\n'
        f"<p>{_status(exercise.status)}; {page.standing(exercise)}</p>\n"
        f"{_blocks(exercise)}{checks if rows else ''}</section>\n"
    )


def _blocks(exercise: ExerciseVerdict) -> str:
    """Return what is said about an exercise."""
    return "".join(
        # A wide block scrolls, so the keyboard must reach it.
        f'<pre tabindex="0" role="group" aria-label="code and values">{escape(block.text)}</pre>\n'
        if block.is_code
        else f"<p>{escape(block.text)}</p>\n"
        for block in page.details(exercise)
    )


def _check(check: CheckVerdict) -> str:
    points = "no score" if check.status is Status.FAULT else f"{check.points} of {check.max_points}"
    claim = escape(page.one_line(check.claim))
    return f'<tr><td>{_status(check.status)}</td><td>{claim}</td><td class="number">{points}</td></tr>\n'


def _status(status: Status) -> str:
    return f'<span class="status {_CLASSES.get(status, "failed")}">{page.WORDS[status]}</span>'


def _anchor(lesson: LessonVerdict, exercise: ExerciseVerdict) -> str:
    return escape(f"{lesson.name}-{exercise.name}".replace(" ", "_"))
