"""The table of the lessons in the README of a course, derived from the folders: no file has to name a new lesson.

It stands between two comments. A README without them is left alone.
"""

import itertools
import re
from collections.abc import Iterator

from grader.course.derived import Derived
from grader.course.model import Course
from grader.course.parse import read_text

BEGIN, END = "<!-- grade sync: lessons -->", "<!-- end of lessons -->"
_REGION = re.compile(rf"(?<={re.escape(BEGIN)}\n).*?(?=^{re.escape(END)}$)", re.MULTILINE | re.DOTALL)
_MODULE = re.compile(r"\*\*(Module (\d+): [^*|\n]+)\*\*")


def texts_of(course: Course) -> Iterator[Derived]:
    """Yield the README of a course, if it has a place for the table; raises CourseError if it cannot be read."""
    readme = course.root / "README.md"
    if readme.is_file():
        text = read_text(readme, course.root)
        with_table = _REGION.sub(lambda _: table(course, text), text)
        yield Derived(readme, with_table.encode(), "the table of the lessons is generated from their folders")


def table(course: Course, readme: str) -> str:
    """Return the table; a module keeps the title that the README gives it."""
    titles = titles_of(readme)
    lines = ["| lesson | title |", "| --- | --- |"]
    for number, lessons in itertools.groupby(course.lessons, lambda lesson: lesson.module):
        lines += [] if number is None else [f"| | **{titles.get(number, f'Module {number}: TITLE')}** |"]
        lines += [f"| {each.id} | [{_escaped(each.title)}](lessons/{each.name}/README.md) |" for each in lessons]
    return "".join(f"{line}\n" for line in lines)


def titles_of(readme: str) -> dict[int, str]:
    """Return the titles that the README of a course gives its modules, by their numbers."""
    return {int(number): title for title, number in _MODULE.findall(readme)}


def _escaped(title: str) -> str:
    return re.sub(r"[|\[\]]", r"\\\g<0>", title)
