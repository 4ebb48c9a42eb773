"""A student's file: read once, as a regular file of bounded size, or refused with a sentence that says what to do."""

import contextlib
import os
import socket
import stat
import unittest.mock
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course import submission
from grader.course.submission import MAX_BYTES, Source, Unreadable, read_submission
from grader.course.unreadable import recognise

NAME = "m1_4_loss"
FILE = "exercises/m1_4_loss.py"


@pytest.fixture(autouse=True)
def exercises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder with a short name, below the working directory."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "exercises"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _nothing_is_left_open(tmp_path: Path) -> Iterator[None]:
    """Fail where a descriptor of a file in the folder stays open."""
    yield
    assert not [path for path in _open_files() if path.is_relative_to(tmp_path)]


def _open_files() -> Iterator[Path]:
    folder = Path("/proc/self/fd")
    for descriptor in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):  # the one that listed the folder
            yield descriptor.readlink()


def replaced(function: str, effect: Callable[..., object] | OSError) -> contextlib.AbstractContextManager[object]:
    """Let a function of `os` do something else, for the length of one call: pytest uses it too."""
    return unittest.mock.patch.object(os, function, side_effect=effect)


def refusal(folder: Path) -> str:
    """Return the sentence with which the file of a folder is refused."""
    found = read_submission(folder, NAME)
    assert isinstance(found, Unreadable)
    assert found.shown in found.reason
    return found.reason


# ---- What is read ----------------------------------------------------------------------------------------------------


def test_a_file_is_read_as_it_is(exercises: Path) -> None:
    (exercises / f"{NAME}.py").write_bytes(b"x = 1\r\n")
    assert read_submission(exercises, NAME) == Source(FILE, b"x = 1\r\n")


@given(content=st.binary(min_size=1, max_size=200))
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_bytes_are_passed_on_that_may_be_python(exercises: Path, content: bytes) -> None:
    (exercises / f"{NAME}.py").write_bytes(content)
    found = read_submission(exercises, NAME)
    assert isinstance(found, Source) == (bool(content.strip()) and recognise(content) is None)
    assert not isinstance(found, Source) or found.content == content


@pytest.mark.parametrize("content", [b"\xfe\x00", b"caf\xe9", b"\x00", b"\xef\xbb\xbfx = 1"], ids=repr)
def test_what_is_no_utf8_is_passed_on(exercises: Path, content: bytes) -> None:
    """Where the bytes stop being Python is said by whoever compiles them."""
    (exercises / f"{NAME}.py").write_bytes(content)
    assert read_submission(exercises, NAME) == Source(FILE, content)


def test_a_file_of_the_largest_size_is_read(exercises: Path) -> None:
    content = b"#" * MAX_BYTES
    (exercises / f"{NAME}.py").write_bytes(content)
    assert read_submission(exercises, NAME) == Source(FILE, content)


def test_what_was_read_cannot_be_changed(exercises: Path) -> None:
    (exercises / f"{NAME}.py").write_bytes(b"x = 1")
    for found in (read_submission(exercises, NAME), read_submission(exercises, "other")):
        with pytest.raises(AttributeError):
            found.shown = "solutions/m1_4_loss.py"  # type: ignore[misc]


def test_the_file_is_read_once(exercises: Path) -> None:
    (exercises / f"{NAME}.py").write_bytes(b"x = 1")
    found = read_submission(exercises, NAME)
    (exercises / f"{NAME}.py").write_bytes(b"x = 2")
    assert found == Source(FILE, b"x = 1")


def test_a_file_with_a_second_name_is_an_ordinary_file(exercises: Path) -> None:
    (exercises / "other.py").write_bytes(b"x = 1")
    os.link(exercises / "other.py", exercises / f"{NAME}.py")
    assert read_submission(exercises, NAME) == Source(FILE, b"x = 1")


def test_the_file_is_called_by_its_path_from_here(exercises: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (exercises / f"{NAME}.py").write_bytes(b"x = 1")
    assert read_submission(Path("exercises"), NAME).shown == FILE
    assert read_submission(Path("exercises/../exercises"), NAME).shown == FILE
    monkeypatch.chdir(exercises)
    assert read_submission(Path(), NAME).shown == f"{NAME}.py"
    assert read_submission(exercises, NAME).shown == f"{NAME}.py"


def test_a_file_that_is_not_below_here_is_called_by_its_whole_path(
    exercises: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (exercises.parent / "elsewhere").mkdir()
    monkeypatch.chdir(exercises.parent / "elsewhere")
    assert read_submission(exercises, NAME).shown == (exercises / f"{NAME}.py").as_posix()


def test_the_folder_may_be_a_link(exercises: Path) -> None:
    """The folder is named by whoever grades; only the file in it is the student's."""
    (exercises / f"{NAME}.py").write_bytes(b"x = 1")
    (exercises.parent / "handed_in").symlink_to(exercises)
    found = read_submission(exercises.parent / "handed_in", NAME)
    assert isinstance(found, Source)
    assert found.content == b"x = 1"


# ---- What is refused -------------------------------------------------------------------------------------------------


def test_what_is_not_python_is_called_what_it_is(exercises: Path) -> None:
    (exercises / f"{NAME}.py").write_bytes(b'{"cells": []}')
    assert refusal(exercises).startswith(f"{FILE} is a Jupyter notebook. Export it as Python")


def test_a_missing_file_is_said_with_the_way_back(exercises: Path) -> None:
    assert refusal(exercises) == f"There is no file {FILE}. Get the starter code with: grade reset {NAME}"


def test_a_missing_folder_is_a_missing_file(exercises: Path) -> None:
    assert refusal(exercises / "nowhere").startswith("There is no file exercises/nowhere/m1_4_loss.py. ")


def test_a_folder_that_is_a_file_cannot_be_opened(exercises: Path) -> None:
    (exercises / "file").write_bytes(b"x = 1")
    assert refusal(exercises / "file") == (
        "exercises/file/m1_4_loss.py cannot be opened: Not a directory. Check its permissions."
    )


@pytest.mark.parametrize(
    "target",
    [
        "solution.py",
        "nowhere.py",
        "folder",
        "../solutions/m1_4_loss.py",
        "/etc/passwd",
        "/dev/zero",
        "/proc/self/environ",
        f"{NAME}.py",
    ],
)
def test_a_link_is_not_followed_wherever_it_leads(exercises: Path, target: str) -> None:
    """Not even to find a name for it: the student's file is the one to put right."""
    for folder in (exercises / "folder", exercises.parent / "solutions"):
        folder.mkdir()
        (folder / f"{NAME}.py").write_bytes(b"ANSWER = 1")
    (exercises / f"{NAME}.py").symlink_to(target)
    assert refusal(exercises) == f"{FILE} is a link, and links are not followed. Replace it with the file itself."


def test_a_link_that_appears_between_two_looks_is_not_followed(
    exercises: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (exercises / "solution.py").write_bytes(b"ANSWER = 1")
    (exercises / f"{NAME}.py").symlink_to("solution.py")
    monkeypatch.setattr(Path, "is_symlink", lambda _: False)
    assert refusal(exercises).startswith(f"{FILE} cannot be opened: ")


def test_a_folder_is_no_file(exercises: Path) -> None:
    (exercises / f"{NAME}.py").mkdir()
    assert refusal(exercises) == f"{FILE} is a folder, not a file. Put your Python file there."


def test_a_pipe_is_refused_without_waiting_for_a_writer(exercises: Path) -> None:
    os.mkfifo(exercises / f"{NAME}.py")
    assert refusal(exercises) == f"{FILE} is a pipe, not a file. Put your Python file there."


def test_a_socket_is_refused(exercises: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(FILE)
        assert refusal(exercises).startswith(f"{FILE} cannot be opened: ")


def test_a_device_is_refused_without_reading_it(exercises: Path) -> None:
    try:
        os.mknod(exercises / f"{NAME}.py", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        # Only root may make devices: what would be seen of one is all that can be tried.
        assert submission._kind(stat.S_IFCHR) == "a device"
        return
    assert refusal(exercises) in (
        f"{FILE} is a device, not a file. Put your Python file there.",
        f"{FILE} cannot be opened: Permission denied. Check its permissions.",
    )


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        (stat.S_IFDIR, "a folder"),
        (stat.S_IFIFO, "a pipe"),
        (stat.S_IFCHR, "a device"),
        (stat.S_IFBLK, "a device"),
        (stat.S_IFSOCK, "a socket"),
        (0, "something else"),
    ],
)
def test_everything_that_is_no_file_has_a_name(mode: int, name: str) -> None:
    assert submission._kind(mode | 0o644) == name


def test_a_file_that_is_too_large_is_refused_by_its_size(exercises: Path) -> None:
    (exercises / f"{NAME}.py").write_bytes(b"#" * (MAX_BYTES + 1))
    assert refusal(exercises) == (
        f"{FILE} is {MAX_BYTES + 1:,} bytes; the limit is {MAX_BYTES:,}. Keep data out of the file."
    )


def test_a_huge_file_with_nothing_in_it_is_refused_at_once(exercises: Path) -> None:
    with (exercises / f"{NAME}.py").open("wb") as file:
        file.truncate(2**40)
    assert "1,099,511,627,776 bytes" in refusal(exercises)


@pytest.mark.parametrize("content", [b"", b" ", b"\n\n\t \r\n\x0b\x0c"], ids=repr)
def test_a_file_with_nothing_to_read_is_empty(exercises: Path, content: bytes) -> None:
    (exercises / f"{NAME}.py").write_bytes(content)
    assert refusal(exercises) == f"{FILE} is empty. Get the starter code with: grade reset {NAME}"


@pytest.mark.parametrize("growth", [MAX_BYTES, 10 * MAX_BYTES])
def test_a_file_that_grows_while_it_is_read_is_refused(exercises: Path, growth: int) -> None:
    path = exercises / f"{NAME}.py"
    path.write_bytes(b"#")
    fstat = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        state = fstat(descriptor)
        with path.open("ab") as file:
            file.write(b"#" * growth)
        return state

    with replaced("fstat", grow):
        assert refusal(exercises) == f"{FILE} grew while it was read. Save it and grade again."


def test_a_file_that_shrinks_while_it_is_read_is_what_is_left(exercises: Path) -> None:
    path = exercises / f"{NAME}.py"
    path.write_bytes(b"x = 1\nx = 2\n")
    fstat = os.fstat

    def shrink(descriptor: int) -> os.stat_result:
        state = fstat(descriptor)
        os.truncate(path, 6)
        return state

    with replaced("fstat", shrink):
        assert read_submission(exercises, NAME) == Source(FILE, b"x = 1\n")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(exercises: Path) -> None:
    path = exercises / f"{NAME}.py"
    path.write_bytes(b"x = 1")
    path.chmod(0)
    assert refusal(exercises) == f"{FILE} cannot be opened: Permission denied. Check its permissions."


def test_a_file_that_cannot_be_opened_says_why(exercises: Path) -> None:
    (exercises / f"{NAME}.py").write_bytes(b"x = 1")

    with replaced("open", PermissionError(13, "Permission denied")):
        assert refusal(exercises) == f"{FILE} cannot be opened: Permission denied. Check its permissions."


def test_a_file_that_cannot_be_read_says_why(exercises: Path) -> None:
    (exercises / f"{NAME}.py").write_bytes(b"x = 1")

    with replaced("fstat", OSError(5, "Input/output error")):
        assert refusal(exercises) == f"{FILE} cannot be read: Input/output error."


def test_a_name_that_no_file_can_have_is_refused(exercises: Path) -> None:
    found = read_submission(exercises, "a" * 300)
    assert isinstance(found, Unreadable)
    assert "File name too long" in found.reason
