"""`grade read`: the lessons as plain pages in a folder, for a website, for a printer, or to read without a server."""

import argparse
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from grader import files
from grader.commands import Answer, Context
from grader.course.model import Course, Lesson
from grader.course.parse import read_text
from grader.errors import Fault, UsageError
from grader.text import counted
from grader.web import animation, document
from grader.web.app import STATIC
from grader.web.desk import GLOSSARY, glossary_of, modules_of
from grader.web.document import Heading

ASSETS = ("app.css", "maths.css", "still.js", "icon.svg", "LICENSES.txt", "fonts")
MARK = "static/still.js"
"""What a folder has that an earlier `grade read` has written."""
_PAGE = """\
<!DOCTYPE html>
<html lang="{language}" data-theme="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="static/app.css">
<link rel="stylesheet" href="static/maths.css">
<link rel="icon" href="static/icon.svg">
<script defer src="static/still.js"></script>
</head>
<body>
<header class="top"><a class="home" href="index.html">{course}</a></header>
{body}
</body>
</html>
"""
_LESSON = """\
<div class="reading">
<main class="lesson" id="main">
{contents}
<article>
<div class="prose">
{html}</div>
</article>
<nav class="neighbours" aria-label="Other lessons">
{neighbours}
</nav>
</main>
</div>"""
_COURSE = """\
<main class="course" id="main">
<h1>{title}</h1>
{modules}
{glossary}
</main>"""


@dataclass(frozen=True)
class _Site:
    """The pages of a course: those of the chosen lessons."""

    course: Course
    lessons: Sequence[Lesson]

    @property
    def title(self) -> str:
        return self.course.settings.title

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the content of each page."""
        yield "index.html", self._page(self.title, self._index())
        for lesson in self.lessons:
            yield _file(lesson), self._page(f"{lesson.id} {lesson.title}", self._lesson(lesson))
        if self._glossary.is_file():
            yield f"{GLOSSARY}.html", self._page("Glossary", self._read(self._glossary, ""))

    @property
    def _glossary(self) -> Path:
        return glossary_of(self.course)

    def _page(self, title: str, body: str) -> str:
        language = self.course.settings.language
        return _PAGE.format(title=escape(title), course=escape(self.title), language=language, body=body)

    def _index(self) -> str:
        chosen = {lesson.name for lesson in self.lessons}
        parts = []
        for name, lessons in modules_of(self.course):
            rows = "\n".join(
                f'<li class="row"><span class="number">{lesson.id}</span>'
                f'<span class="title"><a href="{_file(lesson)}">{escape(lesson.title)}</a></span></li>'
                for lesson in lessons
                if lesson.name in chosen
            )
            if rows:
                parts.append(f'<section class="module">\n<h2>{escape(name)}</h2>\n<ol>\n{rows}\n</ol>\n</section>')
        link = f'<a href="{GLOSSARY}.html">Glossary</a>'
        glossary = f'<p class="glossary">{link}: the symbols and words of the course</p>'
        return _COURSE.format(
            title=escape(self.title), modules="\n".join(parts), glossary=glossary if self._glossary.is_file() else ""
        )

    def _lesson(self, lesson: Lesson) -> str:
        index = list(self.lessons).index(lesson)
        before, after = self.lessons[max(0, index - 1) : index], self.lessons[index + 1 : index + 2]
        neighbours = [_neighbour(each, "prev", "Previous") for each in before] or ["<span></span>"]
        neighbours += [_neighbour(each, "next", "Next") for each in after]
        return self._read(lesson.folder / "README.md", "\n".join(neighbours))

    def _read(self, path: Path, neighbours: str) -> str:
        text = read_text(path, self.course.root)
        read = document.read(text, path.parent, self._links(path))
        return _LESSON.format(contents=_contents(read.headings), html=read.html, neighbours=neighbours)

    def _links(self, page: Path) -> document.Link:
        pages = {each.folder / "README.md": _file(each) for each in self.lessons}
        pages[self._glossary] = f"{GLOSSARY}.html"

        def route(target: Path, anchor: str) -> str:
            return f"{pages[target]}#{anchor}" if anchor else pages[target]

        def picture(path: Path) -> str:
            return f"figures/{path.parent.parent.name}/{path.name}"

        return document.links(page, pages, route, picture)


def run(context: Context, words: Sequence[str], out: Path) -> Answer:
    """Write the pages of these lessons, or of all."""
    course = context.course
    lessons = [course.find(word) for word in words] or list(course.lessons)
    if out.exists() and not (out.is_dir() and (not any(out.iterdir()) or (out / MARK).is_file())):
        raise UsageError(f"--out {out} is there and was not written by grade read. Name a new folder.")
    site = _Site(course, lessons)
    # Read everything before anything is written.
    pages = list(site.pages())
    try:
        (out / "static").mkdir(parents=True, exist_ok=True)
        for name in ASSETS:
            _copy(STATIC / name, out / "static" / name)
        for lesson in lessons:
            for path in sorted((lesson.folder / "figures").glob("*")):
                if path.suffix in document.FIGURES:
                    _copy(path, out / "figures" / lesson.name / path.name)
                if path.suffix == animation.SUFFIX:
                    still = out / "figures" / lesson.name / animation.still_of(path).name
                    files.write(still, animation.still(path), is_precious=False)
        for name, content in pages:
            files.write(out / name, content.encode(), is_precious=False)
    except OSError as error:
        raise Fault(f"{error.filename or out} cannot be written: {error.strerror or error}.") from error
    return Answer(f"Wrote {counted(len(pages), 'page')}. Open {out / 'index.html'}")


def _file(lesson: Lesson) -> str:
    return f"{lesson.name}.html"


def _neighbour(lesson: Lesson, relation: str, word: str) -> str:
    return f'<a href="{_file(lesson)}" rel="{relation}"><small>{word}</small>{lesson.id} {escape(lesson.title)}</a>'


def _contents(headings: Sequence[Heading]) -> str:
    rows = "".join(f'<li><a href="#{each.anchor}">{escape(each.text)}</a></li>' for each in headings)
    return f'<details class="contents"><summary>Contents</summary><ol>{rows}</ol></details>'


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--out", metavar="DIR", help="the folder to write the pages to")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Write the pages with these options."""
    if not options.out:
        raise UsageError("Name a folder for the pages: grade read --out DIR")
    return run(context, options.words, Path(options.out))
