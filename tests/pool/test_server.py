"""A running fork server does the jobs of other programs of its user: with the same verdicts, and none can hurt it."""

import os
import signal
import socket
import stat
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Options, Task
from grader.pool import messages, server
from grader.pool.client import Client
from grader.pool.job import Job
from grader.pool.pool import Outcome, Pool
from grader.sandbox import ipc
from grader.verdict import Status
from tests.conftest import last_word
from tests.patience import comes_true
from tests.small_lesson import SOLUTION, write_lesson

WRONG = SOLUTION.replace("x * factor", "x + factor")
HANGS = SOLUTION.replace("    return x * factor", "    while True:\n        pass")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    # Longer than the address of a socket can be.
    root = tmp_path_factory.mktemp("course") / ("a folder with a long name " * 5)
    root.mkdir()
    (root / ".grade").mkdir()
    return write_lesson(root)


@pytest.fixture(scope="module", name="host")
def start_host(course: Lesson) -> Iterator[Client]:
    """A client as `grade watch` has one, which has learned the lesson and shares its fork server."""
    with Client(course.root) as client:
        client.start()
        client.learn(course.name)
        client.share()
        yield client


def job(lesson: Lesson, content: str, hook: str = "", **chosen: Any) -> Job:
    return Job(lesson.name, Source("answer.py", content.encode()), Options(**chosen), hook)


def untimed(outcome: Outcome) -> Outcome:
    """Return the outcome without how long its checks took."""
    assert outcome.lesson is not None, outcome.fault
    exercises = tuple(
        replace(exercise, checks=tuple(replace(check, duration_ms=0.0) for check in exercise.checks))
        for exercise in outcome.lesson.exercises
    )
    return replace(outcome, lesson=replace(outcome.lesson, exercises=exercises))


def serves(client: Client, lesson: Lesson) -> bool:
    """Whether the program that shares its fork server still gets verdicts from it."""
    said = last_word(client, client.begin(job(lesson, SOLUTION)))
    return said is not None and said.lesson is not None and said.lesson.status is Status.PASSED


def is_welcome(lesson: Lesson) -> bool:
    """Whether another program would be served now."""
    channel = server.connect(lesson.root)
    if channel is not None:
        channel.close()
    return channel is not None


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The helper processes that are started from here on."""
    started: list[str] = []
    launch = ipc.launch

    def counting(module: str, *rest: Any) -> Any:
        started.append(module)
        return launch(module, *rest)

    monkeypatch.setattr(ipc, "launch", counting)
    return started


# ---- The same verdicts -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("host")
def test_the_outcomes_are_those_of_an_own_pool_and_nothing_is_started(course: Lesson, starts: list[str]) -> None:
    texts = (SOLUTION, WRONG, "def scale(:\n", HANGS)
    sources: list[Source | Unreadable] = [
        *(Source("a.py", text.encode()) for text in texts),
        Unreadable("a.py", "There is no file."),
    ]
    jobs = [Job(course.name, source, Options(seed=seed), label=str(seed)) for source in sources for seed in (0, 3)]
    with Pool(course.root, 2, learns=False, borrows=True) as pool:
        lent = {(outcome.job.source, outcome.job.label): untimed(outcome) for outcome in pool.run(jobs)}
    assert starts == []
    with Pool(course.root, 2, learns=False) as pool:
        own = {(outcome.job.source, outcome.job.label): untimed(outcome) for outcome in pool.run(jobs)}

    assert starts == ["grader.pool.forkserver"]
    assert len(own) == len(jobs)
    for key, outcome in own.items():
        assert _words(lent[key]) == _words(outcome)


def _words(outcome: Outcome) -> object:
    """Return everything that a verdict says, with the seconds that a hanging call has used left out."""
    return [
        [outcome.fault, outcome.isolation, outcome.behaviours],
        [
            [check.name, check.status, check.points, check.mistake, check.explanation, check.counterexample]
            for exercise in (outcome.lesson.exercises if outcome.lesson is not None else ())
            for check in exercise.checks
        ],
    ]


def test_a_lesson_that_was_changed_is_graded_as_it_is_now(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    (tmp_path / ".grade").mkdir()
    with Client(tmp_path) as host:
        host.start()
        host.learn(lesson.name)
        host.share()
        for path in (lesson.solution, lesson.code("scale")):
            path.write_text(path.read_text().replace("* factor", "+ factor").replace("2 * scale", "2 + 0 * scale"))
        lesson.text("scale").write_text("# scale\n")
        with Pool(tmp_path, 1, learns=False, borrows=True) as pool:
            (outcome,) = pool.run([job(lesson, SOLUTION)])

    assert outcome.lesson is not None
    assert outcome.lesson.status is not Status.PASSED


@pytest.mark.parametrize("differs", ["HOME", "grader_version"])
def test_a_guest_of_another_version_is_sent_away(
    differs: str, course: Lesson, host: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    if differs == "HOME":
        monkeypatch.setenv("HOME", "/another")
    else:
        monkeypatch.setattr(server, "grader_version", lambda: "another")

    assert server.connect(course.root) is None
    assert serves(host, course)


# ---- Absent, stale, busy, dying --------------------------------------------------------------------------------------


def test_where_no_program_shares_a_pool_starts_its_own(tmp_path: Path, starts: list[str]) -> None:
    lesson = write_lesson(tmp_path)
    with Pool(tmp_path, 1, learns=False, borrows=True) as pool:
        (outcome,) = pool.run([job(lesson, SOLUTION)])

    assert untimed(outcome).lesson is not None
    assert starts == ["grader.pool.forkserver"]


def test_a_socket_that_a_killed_program_left_is_no_server_and_the_next_program_replaces_it(tmp_path: Path) -> None:
    (tmp_path / ".grade").mkdir()
    left = server.Listener(tmp_path)
    assert server.connect(tmp_path) is None, "it is bound, and does not listen yet"
    with pytest.raises(BlockingIOError):
        server.Listener(tmp_path)
    left.close()
    place = tmp_path / ".grade" / server.FOLDER / server.SOCKET
    with socket.socket(socket.AF_UNIX) as channel:
        folder = os.open(place.parent, os.O_RDONLY)
        channel.bind(server._address(folder))
        os.close(folder)
        channel.listen()

    assert place.is_socket()
    assert server.connect(tmp_path) is None
    server.Listener(tmp_path).close()
    assert not place.exists()


def test_the_socket_is_removed_at_the_end_and_its_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / ".grade").mkdir()
    listener = server.Listener(tmp_path)
    folder = tmp_path / ".grade" / server.FOLDER

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    listener.close()
    assert not (folder / server.SOCKET).exists()


def test_the_second_program_of_a_folder_does_not_share(course: Lesson, host: Client) -> None:
    with Client(course.root) as second:
        second.start()
        second.share()
        assert comes_true(is_welcome, course), "by the first one"

    assert comes_true(is_welcome, course)
    assert serves(host, course)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_where_the_fork_server_goes_in_the_middle_of_a_job_the_job_is_done_all_the_same(
    number: signal.Signals, tmp_path: Path, starts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = write_lesson(tmp_path)
    (tmp_path / ".grade").mkdir()
    monkeypatch.setattr(server, "PATIENCE_SECONDS", 1.0)
    note = tmp_path / "note"
    with Client(tmp_path) as host:
        host.start()
        host.share()
        jobs = [job(lesson, str(note), f"{__name__}:go_on" if i else f"{__name__}:stop", seed=number) for i in range(3)]
        with Pool(tmp_path, 2, learns=False, borrows=True) as pool:
            answers = sorted(str(outcome.answer or outcome.fault) for outcome in pool.run(jobs))
        if number == signal.SIGSTOP:
            os.kill(int(note.read_text()), signal.SIGCONT)

    assert answers == ["done"] * 3
    assert starts == ["grader.pool.forkserver"] * 2


def stop(task: Task) -> str:
    """A hook: end or stop the process that forked this one, the first time."""
    assert isinstance(task.source, Source)
    note = Path(task.source.content.decode())
    if not note.exists():
        note.write_text(str(os.getppid()))
        os.kill(os.getppid(), task.options.seed)
        signal.pause()
    return "done"


def go_on(_: Task) -> str:
    """A hook: do nothing."""
    return "done"


# ---- A folder that another user could have made ----------------------------------------------------------------------


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ".grade" / server.FOLDER
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    with pytest.raises(PermissionError):
        server.Listener(tmp_path)


@pytest.mark.parametrize("link", [".grade", f".grade/{server.FOLDER}"])
def test_a_link_is_refused(link: str, tmp_path: Path) -> None:
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "course"
    (elsewhere / server.FOLDER).mkdir(parents=True, mode=0o700)
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(elsewhere if link == ".grade" else elsewhere / server.FOLDER)

    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        server.Listener(root)


def test_a_file_or_a_link_in_place_of_the_socket_is_no_server(course: Lesson, host: Client, tmp_path: Path) -> None:
    folder = tmp_path / ".grade" / server.FOLDER
    folder.mkdir(parents=True, mode=0o700)
    place = folder / server.SOCKET
    place.write_text("")
    assert server.connect(tmp_path) is None

    place.unlink()
    place.symlink_to(course.root / ".grade" / server.FOLDER / server.SOCKET)
    assert server.connect(tmp_path) is None
    assert serves(host, course)


@pytest.mark.usefixtures("host")
def test_a_program_of_another_user_is_refused_at_both_ends(course: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert server._is_ours(ours)
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert not server._is_ours(ours)
    assert server.connect(course.root) is None


# ---- Whatever arrives ------------------------------------------------------------------------------------------------


@pytest.fixture
def raw(course: Lesson, host: Client) -> Iterator[Callable[..., socket.socket]]:
    """Connect without any protocol; say hello if told so."""
    opened: list[socket.socket] = []

    def connect(*, hello: bool) -> socket.socket:
        folder = os.open(course.root / ".grade" / server.FOLDER, os.O_RDONLY)
        channel = socket.socket(socket.AF_UNIX)
        opened.append(channel)
        channel.connect(server._address(folder))
        os.close(folder)
        if hello:
            ipc.send(channel, messages.Hello(server.version()))
            assert ipc.receive(channel, dict) is not None
        return channel

    assert serves(host, course)
    yield connect
    for channel in opened:
        channel.close()


def was_sent_away(channel: socket.socket) -> bool:
    """Wait for the end of the connection."""
    try:
        while channel.recv(4096):
            pass
    except ConnectionError:
        pass
    return True


def framed(document: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(document) if size is None else size) + document


REQUESTS = [
    messages.Hello("x"),
    messages.Ping(),
    messages.End(1),
    messages.End(os.getpid()),
    messages.Fork("none such", 0, "{}", None),
    messages.Fork("m9_1_scaling", 0, None, None),
    messages.Fork("m9_1_scaling", 0, "no JSON", 2**40, "/"),
    messages.Prepare("m9_1_scaling", 0, learns=True),
    messages.TryMistakes("m9_1_scaling", 0),
    messages.Share(),
    {},
    [1, "two"],
]


@given(
    hello=st.booleans(),
    parts=st.lists(
        st.binary(max_size=60)
        | st.sampled_from(REQUESTS).map(lambda each: framed(msgspec.msgpack.encode(each)))
        | st.builds(framed, st.binary(max_size=40), st.none() | st.integers(0, 2**32 - 1)),
        max_size=4,
    ),
    descriptors=st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_whatever_arrives_the_fork_server_serves_on(
    course: Lesson, host: Client, hello: bool, parts: list[bytes], descriptors: int
) -> None:
    folder = os.open(course.root / ".grade" / server.FOLDER, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as channel, open("/dev/null", "rb") as file:  # noqa: PTH123
        channel.connect(server._address(folder))
        os.close(folder)
        if hello:
            ipc.send(channel, messages.Hello(server.version()))
        for part in parts:
            try:
                socket.send_fds(channel, [part or b"\0"], [file.fileno()] * descriptors)
            except OSError:  # it was sent away
                break
    assert host._ask(messages.End(0), dict) == {}


def test_after_all_of_that_verdicts_are_still_made(course: Lesson, host: Client) -> None:
    assert serves(host, course)


@pytest.mark.parametrize(
    "sent",
    [
        framed(b"", server.MAX_MESSAGE + 1),
        framed(b"\xc1"),
        framed(msgspec.msgpack.encode(messages.Prepare("m9_1_scaling", 0, learns=True))),
        framed(msgspec.msgpack.encode(messages.Fork("m9_1_scaling", 0, "{}", None))),
        framed(msgspec.msgpack.encode(messages.Hello("again"))),
    ],
    ids=["too long", "no message", "a request of the client", "no descriptor", "another hello"],
)
def test_who_says_anything_else_is_sent_away(sent: bytes, raw: Callable[..., socket.socket]) -> None:
    channel = raw(hello=True)
    channel.sendall(sent)

    assert was_sent_away(channel)


def test_who_is_silent_is_sent_away_and_does_not_keep_others_waiting(
    raw: Callable[..., socket.socket], course: Lesson
) -> None:
    silent = [raw(hello=False) for _ in range(server.MAX_GUESTS)]

    assert all(map(was_sent_away, silent))
    assert comes_true(is_welcome, course)


def test_half_a_message_keeps_no_one_waiting(raw: Callable[..., socket.socket], course: Lesson, host: Client) -> None:
    raw(hello=True).sendall(framed(b"", 1000))

    assert serves(host, course)
    with Pool(course.root, 1, learns=False, borrows=True) as pool:
        (outcome,) = pool.run([job(course, SOLUTION)])
    assert outcome.lesson is not None


def test_the_processes_of_a_guest_that_breaks_off_end_and_those_of_others_do_not(course: Lesson, host: Client) -> None:
    mine = host.begin(job(course, HANGS))
    guest = Client(course.root)
    assert guest.borrow()
    theirs = guest.begin(job(course, HANGS))
    guest._ask(messages.End(mine.pid), dict)
    guest.close()

    theirs.channel.setblocking(True)
    assert theirs.channel.recv(1) == b"", "it has ended"
    theirs.channel.close()
    assert mine.read() == []
    host.end(mine)
    guest.__exit__()  # it is closed already; its folder is left
