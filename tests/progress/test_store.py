"""The store keeps what it is given, and never stands in the way of grading."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.course.model import Lesson
from grader.progress.store import SCHEMA, Store, digest, key_of
from grader.verdict import CheckVerdict, ExerciseVerdict, Frame, LessonVerdict, Status
from tests.small_lesson import write_lesson

FRAMES = st.builds(Frame, st.text(), st.integers(0, 9), st.text(), st.text())
CHECKS = st.builds(
    CheckVerdict,
    st.text(),
    st.text(),
    st.sampled_from([status for status in Status if status is not Status.FAULT]),
    st.integers(1, 3),
    st.text(),
    frames=st.lists(FRAMES, max_size=2).map(tuple),
    duration_ms=st.floats(0, 1e6),
    earned=st.booleans(),
)
EXERCISES = st.builds(
    ExerciseVerdict,
    st.text(min_size=1),
    st.booleans(),
    st.lists(CHECKS, min_size=1, max_size=3).map(tuple),
    st.lists(st.text(), max_size=2).map(tuple),
)
LESSONS = st.builds(
    LessonVerdict,
    st.text(),
    st.text(),
    st.text(),
    st.lists(EXERCISES, min_size=1, max_size=3, unique_by=lambda each: each.name).map(tuple),
)


def verdict(*statuses: Status) -> LessonVerdict:
    """Return a verdict on a lesson whose exercises ended so."""
    exercises = [
        ExerciseVerdict(f"e{number}", False, (CheckVerdict("c", "It holds.", status),))
        for number, status in enumerate(statuses)
    ]
    return LessonVerdict("1.4", "m1_4", "A title", tuple(exercises))


def path_of(root: Path) -> Path:
    return root / ".grade" / "verdicts.sqlite3"


@given(LESSONS)
def test_a_verdict_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, given_verdict: LessonVerdict) -> None:
    store = Store.open(tmp_path_factory.mktemp("store"))
    store.remember("key", b"content", given_verdict)

    assert store.complaint == ""
    assert store.recall("key") == (given_verdict if given_verdict.is_repeatable else None)
    assert store.last(given_verdict.name, digest(b"content")) == given_verdict
    assert store.recall("another") is None
    store.close()


def test_a_fault_is_not_remembered(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.remember("key", b"", verdict(Status.FAULT))

    assert store.recall("key") is None


def test_what_has_passed_is_known_and_its_file_is_kept(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.remember("1", b"first", verdict(Status.PASSED, Status.WRONG))
    store.remember("2", b"second", verdict(Status.WRONG, Status.WRONG))

    assert store.passed("m1_4") == {"e0"}
    assert [(version.reason, version.content) for version in store.versions("m1_4")] == [("passed", b"first")]


def test_versions_come_newest_first_and_none_is_lost(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for number in range(20):
        assert store.keep("m1_4", b"%d" % number, "reset")

    assert [version.content for version in store.versions("m1_4")] == [b"%d" % n for n in reversed(range(20))]


def test_notes(tmp_path: Path) -> None:
    Store.open(tmp_path).note("hints", "1")
    Store.open(tmp_path).note("hints", "2")

    assert Store.open(tmp_path).noted("hints") == "2"
    assert Store.open(tmp_path).noted("nothing") is None


def use_everything(store: Store) -> None:
    """Use every method: none may raise, whatever the store is like."""
    store.remember("key", b"content", verdict(Status.PASSED))
    store.note("name", "value")
    assert store.noted("name") in (None, "value")
    assert store.recall("key") in (None, verdict(Status.PASSED))
    assert store.last("m1_4", digest(b"content")) in (None, verdict(Status.PASSED))
    store.keep("m1_4", b"content", "reset")
    store.versions("m1_4")
    store.passed("m1_4")


def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path) -> None:
    path_of(tmp_path).parent.mkdir()
    path_of(tmp_path).write_bytes(b"no database " * 1000)
    store = Store.open(tmp_path)

    assert "is damaged" in store.complaint
    assert "Move it away" in store.complaint
    use_everything(store)
    assert not store.keep("m1_4", b"", "reset")
    assert path_of(tmp_path).read_bytes() == b"no database " * 1000


@given(data=st.data())
def test_garbage_anywhere_in_the_file_raises_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    root = tmp_path_factory.mktemp("store")
    store = Store.open(root)
    use_everything(store)
    store.close()
    content = bytearray(path_of(root).read_bytes())
    begin = data.draw(st.integers(0, len(content) - 1))
    garbage = data.draw(st.binary(min_size=1, max_size=64))
    content[begin : begin + len(garbage)] = garbage
    path_of(root).write_bytes(bytes(content))

    damaged = Store.open(root)
    damaged.remember("key2", b"content", verdict(Status.PASSED))
    damaged.note("name2", "value")
    damaged.recall("key")
    damaged.versions("m1_4")
    damaged.close()


def test_a_file_of_a_newer_version_is_told_and_left_alone(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    with sqlite3.connect(path_of(tmp_path)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    store = Store.open(tmp_path)

    assert "newer version" in store.complaint
    use_everything(store)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / ".grade").write_text("in the way")
    store = Store.open(tmp_path)

    assert "cannot be written" in store.complaint
    use_everything(store)


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    path_of(tmp_path).mkdir(parents=True)
    store = Store.open(tmp_path)

    assert "cannot be written" in store.complaint
    use_everything(store)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    assert store._connection is not None
    store._connection.execute("PRAGMA max_page_count = 12")
    for number in range(100):
        store.keep("m1_4", b"%d" % number * 1000, "reset")

    assert "disk is full" in store.complaint
    use_everything(store)


def test_a_locked_file_is_told_and_works_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.progress.store.BUSY_SECONDS", 0.05)
    Store.open(tmp_path).close()
    other = sqlite3.connect(path_of(tmp_path), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    store = Store.open(tmp_path)
    use_everything(store)
    assert "in use by another program" in store.complaint

    other.execute("ROLLBACK")
    assert Store.open(tmp_path).keep("m1_4", b"", "reset")


def test_a_row_of_another_shape_is_as_good_as_none(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for document in ("", "null", "[]", '{"id": 1}', "{", '{"exercises": [{"checks": 3}]}'):
        assert store._connection is not None
        store._connection.execute("INSERT OR REPLACE INTO verdict VALUES ('key', 'm1_4', 'sha', 1.0, ?)", (document,))

        assert store.recall("key") is None
    assert store.complaint == ""


WRITE = """
import sys
from pathlib import Path
from grader.progress.store import Store
store = Store.open(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    store.keep("m1_4", f"{sys.argv[3]} {number}".encode(), "reset")
    print(number, flush=True)
sys.exit(store.complaint or 0)
"""


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(tmp_path), "50", name], stdout=subprocess.DEVNULL)
        for name in ("one", "two")
    ]

    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(Store.open(tmp_path).versions("m1_4")) == 100


def test_a_kill_in_the_middle_loses_at_most_the_last_change(tmp_path: Path) -> None:
    for _ in range(3):
        command = [sys.executable, "-c", WRITE, str(tmp_path), "100000", str(time.monotonic_ns())]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            for _ in range(40):
                writer.stdout.readline()
            os.kill(writer.pid, signal.SIGKILL)
    store = Store.open(tmp_path)

    assert len(store.versions("m1_4")) >= 120
    assert store.complaint == ""


def test_a_key_names_everything_that_a_verdict_depends_on(lesson: Lesson) -> None:
    key = key_of(lesson, b"content", 0)

    assert key == key_of(lesson, b"content", 0)
    others = [
        key_of(lesson, b"content2", 0),
        key_of(lesson, b"content", 1),
        key_of(lesson, b"content", 0, ["compute_grid"]),
        key_of(lesson, b"content", 0, checks=["hidden"]),
        key_of(lesson, b"content", 0, isolation="process"),
    ]
    assert len({key, *others}) == 6


@pytest.mark.parametrize(
    "file", ["lessons/m9_1_scaling/scale.py", "lessons/m9_1_scaling/scale.md", "solutions/m9_1_scaling.py"]
)
@pytest.mark.parametrize("change", ["changed", "removed"])
def test_a_file_that_decides_gives_another_key_when_it_is(change: str, file: str, tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    key = key_of(lesson, b"content", 0)
    path = tmp_path / file
    path.write_bytes(path.read_bytes() + b"\n") if change == "changed" else path.unlink()

    assert key_of(lesson, b"content", 0) != key


def test_a_file_that_a_lesson_shares_gives_another_key(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    keys = {key_of(lesson, b"content", 0)}
    for content in ("", "A = 1\n", "A = 2\n"):
        lesson.shared.write_text(content)
        keys.add(key_of(lesson, b"content", 0))

    assert len(keys) == 4


def test_the_text_of_a_lesson_decides_nothing(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    key = key_of(lesson, b"content", 0)
    readme = lesson.folder / "README.md"
    readme.write_text(readme.read_text() + "\nAnother text.\n")

    assert key_of(lesson, b"content", 0) == key


def test_the_title_of_a_lesson_is_part_of_its_verdicts(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    key = key_of(lesson, b"content", 0)
    (lesson.folder / "README.md").write_text("# 9.1 Another title\n")

    assert key_of(lesson, b"content", 0) != key


def test_two_files_that_exchange_their_contents_give_another_key(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    key = key_of(lesson, b"content", 0)
    code, text = lesson.code("scale"), lesson.text("scale")
    before = code.read_bytes(), text.read_bytes()
    text.write_bytes(before[0])
    code.write_bytes(before[1])

    assert key_of(lesson, b"content", 0) != key
