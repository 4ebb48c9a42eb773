"""The report of one student as Markdown, for a code host, an editor or a mail."""

import re
from collections.abc import Collection

from grader.reports import page
from grader.reports.audience import checks_held, for_student
from grader.verdict import PUBLIC, ExerciseVerdict, LessonVerdict, Report, Visibility

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&#]")
_AT_THE_START = re.compile(r"(?:[-+=:]|\d+(?=[.)](?:\s|$)))")
_LINK = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_REFERENCE = re.compile(r"(?<=\S)(?=@)|(?<=@)(?=\S)|(?<=#)(?=\d)|(?<=\bGH-)(?=\d)", re.IGNORECASE)
"""The places that split a mail address, a mention or an issue number."""
_NOTHING = "&#8203;"
"""A zero-width space. Code hosts look for references in the rendered text, where a backslash does not help."""


def render(report: Report, *, student: str = "", shown: Collection[Visibility] = PUBLIC) -> str:
    """Return the whole report; checks that are not ``shown`` are only counted."""
    return "".join(pieces(report, student=student, shown=shown))


def pieces(report: Report, *, student: str = "", shown: Collection[Visibility] = PUBLIC) -> list[str]:
    """Return the report in pieces, the most important first, so that the last ones can be dropped."""
    report = for_student(report, shown)
    title = f"Report: {page.one_line(student)}" if student else "Report"
    found = [f"# {escaped(title)}\n\n**{page.points(report)}**\n"]
    if report.lessons:
        found.append("\n| lesson | exercise | status | points | checks |\n| --- | --- | --- | --- | --- |\n")
        found += [_row(lesson, exercise) for lesson in report.lessons for exercise in lesson.exercises]
    for lesson in report.lessons:
        found.append(f"\n## {escaped(page.one_line(f'{lesson.id} {lesson.title}'))}\n\n{page.points(lesson)}\n")
        found += [_exercise(exercise) for exercise in lesson.exercises]
    return [*found, f"\n{page.circumstances(report)}\n"]


def _row(lesson: LessonVerdict, exercise: ExerciseVerdict) -> str:
    cells = (escaped(lesson.id), escaped(page.one_line(exercise.name)), page.WORDS[exercise.status])
    return f"| {' | '.join(cells)} | {page.short_points(exercise)} | {checks_held(exercise)} |\n"


def _exercise(exercise: ExerciseVerdict) -> str:
    said = [fenced(block.text) if block.is_code else escaped(block.text) for block in page.details(exercise)]
    paragraphs = [
        f"### {escaped(page.one_line(exercise.name))}",
        f"{page.WORDS[exercise.status]}; {page.standing(exercise)}",
        *said,
    ]
    checks = [f"- {page.WORDS[check.status]}: {escaped(page.one_line(check.claim))}\n" for check in exercise.checks]
    return "".join(f"\n{paragraph}\n" for paragraph in paragraphs) + "\n" + "".join(checks)


def fenced(text: str) -> str:
    """Return a code block that its text cannot end early."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def escaped(text: str) -> str:
    """Return one line of prose that Markdown shows literally: no tag, link, mention, heading or list."""
    text = _SPECIAL.sub(r"\\\g<0>", text.strip())
    text = _LINK.sub(r"\\\g<0>", text)
    text = _REFERENCE.sub(_NOTHING, text)
    start = _AT_THE_START.match(text)
    if start is None:
        return text
    return f"{start[0]}\\{text[start.end() :]}" if start[0].isdigit() else f"\\{text}"
