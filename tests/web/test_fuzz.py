"""Requests that no page would send, to the whole application: none finds a bug, and none gets in without the token."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message, Scope

from grader.course.model import read_course
from grader.web import app as web_app
from grader.web.app import Entry, Workbook, application
from grader.web.guard import Guard
from grader.web.tickets import Tickets
from tests.small_lesson import write_lesson

TOKEN = "7" * 64
RIGHT_TOKEN = st.just(TOKEN.encode())
RIGHT_HOST = st.just(b"localhost:1")
TOLD = (b"factor", b"Scaling", TOKEN.encode())
"""What a page with the token may read, and no other."""
LESSON = "api/lessons/m9_1_scaling"
PATHS = [
    *("", "enter", "proof", "static", "static/app.js", "course/m9_1_scaling/a.svg"),
    *("api/course", "api/glossary", "api/stream", "api/news", "api/tickets", LESSON),
    *(f"{LESSON}/{each}" for each in ("round", "open", "grade", "file", "versions", "versions/1", "reset", "undo")),
    *(f"{LESSON}/exercises/scale/{each}" for each in ("hints", "why", "picture", "solution")),
    f"{LESSON}/figures/line",
    *(f"{LESSON}/predictions/scale__negative{each}" for each in ("", "/picture")),
]
PARTS = ["..", ".", "", "\0", "%2e", "api", "static", "course", "lessons", "m9_1_scaling", "exercises", "scale", "é"]
BODIES = [
    b"",
    b"{}",
    b"[]",
    b'{"option": 1}',
    b'{"option": 1e99}',
    b'{"exercise": "scale"}',
    b'{"exercise": "x"}',
    b"[" * 9999,
]


@dataclass(frozen=True)
class Asked:
    """A request as a server passes it on."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def texts() -> st.SearchStrategy[str]:
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def requests(
    *,
    token: st.SearchStrategy[bytes] = RIGHT_TOKEN,
    host: st.SearchStrategy[bytes] = RIGHT_HOST,
) -> st.SearchStrategy[Asked]:
    paths = st.one_of(
        st.sampled_from(PATHS), st.lists(st.one_of(st.sampled_from(PARTS), texts()), max_size=6).map("/".join)
    )
    values = st.one_of(st.binary(max_size=20), st.sampled_from([b"0", b"-1", b"gzip", b"bytes=0-1", b"*", b"chunked"]))
    names = ["if-match", "range", "accept-encoding", "content-type", "content-length", "x-forwarded-host", "origin"]
    others = st.tuples(st.sampled_from([name.encode() for name in [*names, "transfer-encoding", "connection"]]), values)
    headers = st.builds(
        lambda host, given, more: ((b"host", host), (b"x-grade-token", given), *more),
        host,
        token,
        st.lists(others, max_size=3),
    )
    return st.builds(
        Asked,
        st.one_of(st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]), texts()),
        paths.map("/{}".format),
        st.one_of(st.sampled_from([b"", b"after=0", b"after=" + b"9" * 30, b"anyway=1"]), st.binary(max_size=20)),
        headers,
        st.one_of(st.sampled_from(BODIES), st.binary(max_size=200)),
    )


def answer(app: Guard, asked: Asked) -> tuple[int, bytes]:
    """Return the status and the content; the browser goes away once a part of it has come, which ends a stream."""
    sent: list[Message] = []
    left = [{"type": "http.request", "body": asked.body, "more_body": False}]
    has_come = asyncio.Event()

    async def receive() -> Message:
        if left:
            return left.pop()
        await has_come.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            has_come.set()

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": asked.method,
        "path": asked.path,
        "raw_path": quote(asked.path).encode(),
        "query_string": asked.query,
        "root_path": "",
        "headers": list(asked.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8123),
    }
    asyncio.run(app(scope, receive, send))
    starts = [message for message in sent if message["type"] == "http.response.start"]
    assert len(starts) == 1
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return int(starts[0]["status"]), content


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    write_lesson(root)
    return root


@pytest.fixture(scope="module")
def app(root: Path) -> Iterator[Guard]:
    """The application without its thread that grades: every picture is late at once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DRAWING_SECONDS", "POLL_SECONDS", "BEAT_SECONDS"):
            patch.setattr(web_app, name, 0.0)
        workbook = Workbook(read_course(root), root / "exercises")
        yield application(workbook, Entry(TOKEN, frozenset({"localhost", "127.0.0.1"})), Tickets())


FUZZ = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(asked=requests())
def test_no_request_finds_a_bug(app: Guard, asked: Asked) -> None:
    status, _ = answer(app, asked)

    assert status != 500


@FUZZ
@given(asked=requests(token=st.one_of(st.binary(max_size=70), st.just(TOKEN[:-1].encode()))))
def test_no_request_without_the_token_reads_or_changes_anything(app: Guard, root: Path, asked: Asked) -> None:
    file = root / "exercises" / "m9_1_scaling.py"
    before = file.read_bytes()
    status, content = answer(app, asked)

    assert status != 500
    if asked.path.startswith("/api/"):
        assert status in (401, 403, 411, 413)
    if not asked.path.startswith("/static/"):
        assert not [told for told in TOLD if told in content]
    assert file.read_bytes() == before


@FUZZ
@given(asked=requests(host=st.one_of(st.binary(max_size=30), texts().map(lambda text: f"localhost{text}x".encode()))))
def test_no_other_host_gets_anything(app: Guard, asked: Asked) -> None:
    assert answer(app, asked)[0] == 403
