"""The addresses of the page: each takes a request, has the desk or the session answer it, and returns plain values.

Lessons, exercises and pictures are named by what the course has read, never by a path from the request.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from grader.course.model import Course, Lesson
from grader.course.solution import Exercise
from grader.course.submission import read_submission
from grader.errors import Fault, GraderError
from grader.pool.job import Job
from grader.progress.appeal import name_of
from grader.verdict import Status
from grader.web import hooks, views
from grader.web.desk import Desk, NotFoundError, Saved
from grader.web.guard import Guard, policy, proof
from grader.web.news import News
from grader.web.session import Session
from grader.web.tickets import Tickets

STATIC = Path(__file__).with_name("static")
BEAT_SECONDS = 10.0
"""How often an open stream shows that it is alive."""
POLL_SECONDS = 20.0
DRAWING_SECONDS = 60.0
_MIN_ZIPPED_BYTES = 1000
_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer")
_SHELL = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="nonce" content="{nonce}">
{token}<title>{title}</title>
<link rel="stylesheet" href="static/app.css">
<link rel="icon" href="static/icon.svg">
<script type="module" src="static/app.js"></script>
</head>
<body>
<div id="app"><noscript>This page needs JavaScript. The lessons are also in the folder lessons/.</noscript></div>
</body>
</html>
"""


class Workbook:
    """The web workbook of one folder: its thread that grades, its desk, and the news for the open pages."""

    def __init__(self, course: Course, submission: Path) -> None:
        self.news = News()
        self._submission = submission
        self.session = Session(course, submission, self)
        self._desk = Desk(lambda: self.session.course, submission)
        self._thread = ThreadPoolExecutor(1, "desk")
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Answer every request that waits; the server ends, and calls this in its event loop."""
        self.news.close()
        self._ending.set()

    # What the session tells

    def round(self, state: views.RoundState) -> None:
        """Pass on how the graded lesson's file stands."""
        self.news.round(state)

    def done(self) -> None:
        """Tell the progress, which a round may have changed."""
        self._thread.submit(lambda: self.news.course(self._desk.course()))

    def left(self, lesson: Lesson) -> None:
        """Tell how a lesson stands that is not graded any more."""
        self._thread.submit(lambda: self.news.round(self._desk.round(lesson)))

    def saved(self, lessons: Iterable[Lesson]) -> None:
        """Tell what is on disk now."""
        for lesson in lessons:
            self._thread.submit(self._tell_file, lesson)

    def _tell_file(self, lesson: Lesson) -> None:
        self.news.file(self._desk.file(lesson))

    # Reading

    async def course(self, _: Request) -> Response:
        """Return the first page."""
        return _plain(await self._ask(self._desk.course))

    async def glossary(self, _: Request) -> Response:
        """Return the glossary."""
        return _plain(views.GlossaryView(await self._ask(self._desk.glossary)))

    async def lesson(self, request: Request) -> Response:
        """Return a lesson's page."""
        return _plain(await self._ask(self._desk.lesson, self._lesson(request)))

    async def figure(self, request: Request) -> Response:
        """Return a picture of a lesson's page."""
        found = await self._ask(self._desk.figure, self._lesson(request), request.path_params["file"])
        return Response(found, media_type="image/png") if isinstance(found, bytes) else FileResponse(found)

    async def round_now(self, request: Request) -> Response:
        """Return how a lesson's file stands."""
        return _plain(await self._round(self._lesson(request)))

    # Grading

    async def open(self, request: Request) -> Response:
        """Grade this lesson from now on."""
        lesson = self._lesson(request)
        self.session.open(lesson)
        return _plain(await self._round(lesson))

    async def grade(self, request: Request) -> Response:
        """Grade this lesson's file again."""
        lesson = self._lesson(request)
        self.session.grade(lesson)
        return _plain(await self._round(lesson))

    # The file

    async def file(self, request: Request) -> Response:
        """Return the student's file."""
        return _plain(await self._ask(self._desk.file, self._lesson(request)))

    async def save(self, request: Request) -> Response:
        """Write the student's file."""
        lesson = self._lesson(request)
        try:
            text = (await request.body()).decode()
        except UnicodeDecodeError:
            return _plain(views.Problem("A file must be UTF-8 text."), 400)
        return self._saved(await self._ask(self._desk.save, lesson, text, _base(request)))

    async def answer(self, request: Request) -> Response:
        """Write one answer of a quiz into the student's file."""
        body = await _body(request)
        question, letter = str(body.get("question", "")), str(body.get("letter", ""))
        exercise = self._exercise(request)
        return self._saved(await self._ask(self._desk.answer, *exercise, question, letter, _base(request)))

    async def versions(self, request: Request) -> Response:
        """Return the earlier versions of the file."""
        return _plain(await self._ask(self._desk.versions, self._lesson(request)))

    async def version(self, request: Request) -> Response:
        """Return one of them."""
        return _plain(await self._ask(self._desk.version, self._lesson(request), request.path_params["number"]))

    async def reset(self, request: Request) -> Response:
        """Put the file or an exercise back to the starter code."""
        body = await _body(request)
        answer = await self._ask(self._desk.reset, self._lesson(request), str(body.get("exercise", "")))
        self.session.look()
        return _plain(answer)

    async def undo(self, request: Request) -> Response:
        """Take that back."""
        answer = await self._ask(self._desk.undo, self._lesson(request))
        self.session.look()
        return _plain(answer)

    # Help

    async def hints(self, request: Request) -> Response:
        """Return the hints shown so far."""
        return _plain(await self._ask(self._desk.hints, *self._exercise(request)))

    async def next_hint(self, request: Request) -> Response:
        """Show one more."""
        return _plain(await self._ask(self._desk.hints, *self._exercise(request), one_more=True))

    async def why(self, request: Request) -> Response:
        """Return what the checks require."""
        return _plain(await self._ask(self._desk.why, *self._exercise(request)))

    async def solution(self, request: Request) -> Response:
        """Return the solution."""
        anyway = "anyway" in request.query_params
        lesson, exercise = self._exercise(request)
        answer = await self._ask(self._desk.solution, lesson, exercise, anyway=anyway)
        if answer is None:
            return _plain(views.Problem(f"{exercise.name} has not passed yet."), 403)
        return _plain(answer)

    async def appeal(self, request: Request) -> Response:
        """Return the file of an appeal, to be saved."""
        body = await _body(request)
        says = body.get("says", "")
        if type(says) is not str:
            return _plain(views.Problem("What an appeal says is a text."), 400)
        lesson, exercise = self._exercise(request)
        content = await self._ask(self._desk.appeal, lesson, exercise, says)
        headers = {"content-disposition": f'attachment; filename="{name_of(lesson, exercise.name)}"'}
        return Response(content, media_type="application/json", headers=headers)

    async def picture(self, request: Request) -> Response:
        """Draw what an exercise returns."""
        lesson, exercise = self._exercise(request)
        answer = await self._drawn(lesson, hooks.picture_job, exercise.name)
        return _plain(msgspec.convert(answer, views.Picture | None))

    async def move(self, request: Request) -> Response:
        """Compute an interactive figure for the values of its controls."""
        lesson, name = self._lesson(request), request.path_params["figure"]
        values = await _body(request)
        uses = await self._ask(self._desk.uses, lesson, name)
        answer = await self._drawn(lesson, hooks.moved_job, name, values, own=uses)
        return _plain(answer)

    async def predict(self, request: Request) -> Response:
        """Answer a prediction."""
        try:
            guess = msgspec.convert(await _body(request), views.PredictionGuess)
        except msgspec.ValidationError as error:
            return _plain(views.Problem(f"A prediction is answered with the number of an option: {error}."), 400)
        return _plain(await self._ask(self._desk.predict, self._lesson(request), request.path_params["label"], guess))

    async def predicted(self, request: Request) -> Response:
        """Draw what really happens, with the student's own function once its exercise has passed."""
        lesson, label = self._lesson(request), request.path_params["label"]
        exercise = self._desk.question(lesson, label).exercise
        answer = await self._drawn(lesson, hooks.prediction_job, exercise, label, own=(exercise,))
        return _plain(msgspec.convert(answer, views.Picture | None))

    # News

    async def stream(self, request: Request) -> Response:
        """Return every message from now on, one in a line; an empty line shows that the stream is alive."""

        async def lines(number: int) -> AsyncIterator[bytes]:
            yield _line(self.news.hello())
            while not self.news.is_closed:
                messages = await self.news.wait(number, BEAT_SECONDS)
                yield b"".join(map(_line, messages)) or b"\n"
                number = max([number, *(each.number for each in messages)])

        headers = {"content-encoding": "identity", "x-accel-buffering": "no"}
        return StreamingResponse(lines(_number(request)), media_type="application/x-ndjson", headers=headers)

    async def poll(self, request: Request) -> Response:
        """Return what is new, as soon as there is something."""
        return _plain([self.news.hello(), *await self.news.wait(_number(request), POLL_SECONDS)])

    # Parts

    async def _ask(
        self,
        answer: Callable[_Parameters, _Answer],
        *args: _Parameters.args,
        **kwargs: _Parameters.kwargs,
    ) -> _Answer:
        """Have the desk answer, in its own thread."""
        return await asyncio.wrap_future(self._thread.submit(answer, *args, **kwargs))

    def _saved(self, answer: Saved) -> Response:
        self.session.look()
        return _plain(answer, 409 if isinstance(answer, views.Conflict) else 200)

    async def _round(self, lesson: Lesson) -> views.RoundState:
        now = self.session.now(lesson)
        return now if now is not None else await self._ask(self._desk.round, lesson)

    async def _drawn(
        self, lesson: Lesson, job: Callable[..., Job], *about: Any, own: Collection[str] | None = None
    ) -> Any:
        """Return what a job draws; one that may call the student's functions does so if all of ``own`` have passed."""

        def made() -> Job:
            # When the drawing begins the round is over, so that its verdicts decide.
            now = self.session.now(lesson)
            passed = {each.name for each in now.exercises if each.status == Status.PASSED} if now is not None else set()
            how = {} if own is None else {"is_own": bool(own) and passed.issuperset(own)}
            return job(lesson, read_submission(self._submission, lesson.name), *about, **how)

        drawn = asyncio.wrap_future(self.session.draw(lesson, made))
        ending = asyncio.ensure_future(self._ending.wait())
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait({drawn, ending}, timeout=DRAWING_SECONDS, return_when=first)
            if drawn.done():
                return drawn.result()
        finally:
            drawn.cancel()
            ending.cancel()
        raise Fault("The picture is not there yet: something else is being graded. Try again.")

    def _lesson(self, request: Request) -> Lesson:
        name = request.path_params["lesson"]
        for lesson in self.session.course.lessons:
            if lesson.name == name:
                return lesson
        raise NotFoundError(f"This course has no lesson {name}.")

    def _exercise(self, request: Request) -> tuple[Lesson, Exercise]:
        lesson, name = self._lesson(request), request.path_params["exercise"]
        for exercise in lesson.exercises:
            if exercise.name == name:
                return lesson, exercise
        raise NotFoundError(f"Lesson {lesson.id} has no exercise {name}.")


@dataclass(frozen=True)
class Entry:
    """What a request must show to be let in."""

    token: str
    hosts: Collection[str] | None
    """The names that requests must have in their header ``Host``; None where any name will do."""
    framers: Iterable[str] = ()
    """The origins of pages that may embed the page."""
    is_with_page: bool = False
    """Whether the token comes with the page: on a unix socket, which its owner's proxy alone reaches."""


def application(workbook: Workbook, entry: Entry, tickets: Tickets) -> Guard:
    """Return the ASGI application, behind its guard."""
    token = entry.token

    async def shell(_: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        given = f'<meta name="token" content="{token}">\n' if entry.is_with_page else ""
        of = workbook.session.course.settings
        html = _SHELL.format(nonce=nonce, token=given, title=escape(of.title), language=of.language)
        return HTMLResponse(html, headers={"content-security-policy": policy(nonce, entry.framers)})

    async def enter(request: Request) -> Response:
        ticket = (await request.body()).decode(errors="replace")
        if not tickets.take(ticket):
            return _plain(views.Problem("The address has been used or is too old. Open the one that is printed."), 403)
        return _plain(views.Entrance(token))

    async def prove(request: Request) -> Response:
        return _plain(views.Proof(proof(token, await request.body())))

    async def ticket(_: Request) -> Response:
        return _plain(views.Ticket(tickets.issue()))

    @asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        workbook.session.start()
        yield
        await asyncio.to_thread(workbook.session.close)

    lesson = "/api/lessons/{lesson}"
    exercise = lesson + "/exercises/{exercise}"
    routes: list[BaseRoute] = [
        Route("/", shell),
        Route("/enter", enter, methods=["POST"]),
        Route("/proof", prove, methods=["POST"]),
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/course/{lesson}/{file}", workbook.figure),
        Route("/api/tickets", ticket, methods=["POST"]),
        Route("/api/course", workbook.course),
        Route("/api/glossary", workbook.glossary),
        Route("/api/stream", workbook.stream),
        Route("/api/news", workbook.poll),
        Route(lesson, workbook.lesson),
        Route(f"{lesson}/round", workbook.round_now),
        Route(f"{lesson}/open", workbook.open, methods=["POST"]),
        Route(f"{lesson}/grade", workbook.grade, methods=["POST"]),
        Route(f"{lesson}/file", workbook.file),
        Route(f"{lesson}/file", workbook.save, methods=["PUT"]),
        Route(f"{lesson}/versions", workbook.versions),
        Route(f"{lesson}/versions/{{number:int}}", workbook.version),
        Route(f"{lesson}/reset", workbook.reset, methods=["POST"]),
        Route(f"{lesson}/undo", workbook.undo, methods=["POST"]),
        Route(f"{exercise}/hints", workbook.hints),
        Route(f"{exercise}/hints", workbook.next_hint, methods=["POST"]),
        Route(f"{exercise}/answer", workbook.answer, methods=["POST"]),
        Route(f"{exercise}/why", workbook.why),
        Route(f"{exercise}/picture", workbook.picture),
        Route(f"{exercise}/solution", workbook.solution),
        Route(f"{exercise}/appeal", workbook.appeal, methods=["POST"]),
        Route(f"{lesson}/figures/{{figure}}", workbook.move, methods=["POST"]),
        Route(f"{lesson}/predictions/{{label}}", workbook.predict, methods=["POST"]),
        Route(f"{lesson}/predictions/{{label}}/picture", workbook.predicted),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(GZipMiddleware, minimum_size=_MIN_ZIPPED_BYTES)],
        exception_handlers={GraderError: _refused, 500: _broken},
        lifespan=running,
    )
    # A redirection would name the host and leave the prefix of a proxy.
    app.router.redirect_slashes = False
    return Guard(app, token, entry.hosts)


async def _refused(_: Request, error: Exception) -> Response:
    statuses: dict[type, int] = {NotFoundError: 404, Fault: 503}
    return _plain(views.Problem(str(error)), statuses.get(type(error), 400))


async def _broken(_: Request, error: Exception) -> Response:
    said = f"A bug in the workbook, not in your code: {type(error).__name__}. Your file is as it was."
    return _plain(views.Problem(said), 500)


def _plain(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def _line(message: views.Message) -> bytes:
    return msgspec.json.encode(message) + b"\n"


async def _body(request: Request) -> dict[str, Any]:
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise GraderError(f"The request is not a JSON object: {error}") from error


def _base(request: Request) -> str:
    """Return the digest of the version that a save was made from."""
    return request.headers.get("if-match", "").strip('"')


def _number(request: Request) -> int:
    text = request.query_params.get("after", "0")
    return int(text) if text.isdecimal() and len(text) < 16 else 0
