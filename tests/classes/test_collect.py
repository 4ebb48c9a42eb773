"""What a class hands in is found by its name, in every form in which it arrives, and nothing else is touched."""

import errno
import gzip
import io
import os
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classes import archive as archives
from grader.classes.archive import MAX_DEPTH
from grader.classes.collect import GRADESCOPE, MAX_NAMED, RESULTS, Submission, places, take
from grader.classes.outputs import file_names
from grader.course.submission import MAX_BYTES, Source, Unreadable
from grader.errors import UsageError

LESSON = "m1_4_loss_landscape"
FILE = f"{LESSON}.py"
OTHER = "m1_5_other"
METADATA = """\
---
submission_101:
  :submitters:
  - :name: Ann Ä. Lee
    :sid: 'u1001'
    :email: ann@example.org
  - :name: "Bob, Jr."
    :sid: 'u1002'
    :email: bob@example.org
  :created_at: 2026-09-04 04:05:06.000000000 Z
  :score: 0.0
  :status: unprocessed
  :history: !ruby/array:ActiveRecord::Associations::CollectionProxy []
submission_102:
  :submitters:
  - :name: Cy
    :sid:
    :email: cy@example.org
  :score: 3.5
"""


def write(path: Path, text: str = "answer = 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def taken(folder: Path) -> dict[str, Submission]:
    found, _ = places(folder)
    return {place.student: take(place, [LESSON, OTHER]) for place in found}


def content(submission: Submission, lesson: str = LESSON) -> bytes:
    file = submission.files[lesson]
    assert isinstance(file, Source), file
    return file.content


def test_one_folder_for_each_student(tmp_path: Path) -> None:
    write(tmp_path / "ann" / FILE, "ann")
    write(tmp_path / "bob" / "deeper" / "still" / FILE, "bob")
    write(tmp_path / "bob" / f"{OTHER}.py", "other")
    (tmp_path / "nobody").mkdir()
    write(tmp_path / "list.txt")
    found, left = places(tmp_path)

    assert [place.student for place in found] == ["ann", "bob", "nobody"]
    assert left == ["list.txt: ignored, because it is not a student's folder or archive"]
    assert content(taken(tmp_path)["bob"]) == b"bob"
    assert content(taken(tmp_path)["bob"], OTHER) == b"other"
    assert taken(tmp_path)["nobody"].files == {}


def test_messages_call_the_file_alike_for_everybody(tmp_path: Path) -> None:
    write(tmp_path / "ann" / "exercises" / FILE)
    file = taken(tmp_path)["ann"].files[LESSON]

    assert file.shown == FILE


def test_one_zip_for_each_student(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        archive.writestr(f"work/exercises/{FILE}", "ann")
        archive.writestr("__MACOSX/._x", "")
        archive.writestr(f"../../{OTHER}.py", "outside")
        link = zipfile.ZipInfo(f"work/exercises/{OTHER}.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    submission = taken(tmp_path)["ann"]

    assert content(submission) == b"ann"
    # What is nearest to exercises/ counts, and that one is a link.
    other = submission.files[OTHER]
    assert isinstance(other, Unreadable)
    assert "link" in other.reason
    assert not (tmp_path.parent / f"{OTHER}.py").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ann.zip"]


def test_a_zip_in_the_folder_of_a_student(tmp_path: Path) -> None:
    write(tmp_path / "ann" / "read me.txt")
    with zipfile.ZipFile(tmp_path / "ann" / "Homework.ZIP", "w") as archive:
        archive.writestr(f"tries/{FILE}", "ann")
        archive.writestr("tries/notes.txt", "")
    write(tmp_path / "bob" / "deeper" / FILE, "bob")
    with zipfile.ZipFile(tmp_path / "bob" / "old.zip", "w") as archive:
        archive.writestr(f"tries/all/{FILE}", "an older try")
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "torn.zip").write_bytes(b"PK\x03\x04 and then nothing")
    submissions = taken(tmp_path)
    torn = submissions["eve"].files[LESSON]

    assert content(submissions["ann"]) == b"ann"
    assert submissions["ann"].notes == ("ignored: Homework.ZIP/tries/notes.txt", "ignored: read me.txt")
    assert content(submissions["bob"]) == b"bob"
    assert submissions["bob"].notes == (
        f"of 2 files for {FILE}, deeper/{FILE} counted",
        f"ignored: old.zip/tries/all/{FILE}",
    )
    assert isinstance(torn, Unreadable)
    assert torn.reason.startswith("torn.zip cannot be opened as a zip: ")
    assert submissions["eve"].notes[0].startswith("ignored: torn.zip (torn.zip cannot be opened as a zip: ")


def test_what_could_not_be_looked_at_may_have_been_handed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.classes.archive.MAX_FILES", 3)
    for number in range(9):
        write(tmp_path / "ann" / f"{number}.txt")
    write(tmp_path / "ann" / "z" / FILE)
    write(tmp_path / "bob" / FILE, "bob")
    with zipfile.ZipFile(tmp_path / "bob" / "z.zip", "w") as archive:
        for number in range(9):
            archive.writestr(f"{number}.txt", "")
    submissions = taken(tmp_path)
    missing = submissions["ann"].files[LESSON]

    assert isinstance(missing, Unreadable)
    assert "the rest was ignored" in missing.reason
    assert content(submissions["bob"]) == b"bob"


def test_a_zip_that_lies_or_is_none(tmp_path: Path) -> None:
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE, b"\0" * (64 * MAX_BYTES))
    with zipfile.ZipFile(tmp_path / "damaged.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE, os.urandom(4000))
    damaged = bytearray((tmp_path / "damaged.zip").read_bytes())
    damaged[200:300] = bytes(100)
    (tmp_path / "damaged.zip").write_bytes(damaged)
    submissions = taken(tmp_path)
    reasons = {name: getattr(each.files[LESSON], "reason", "readable") for name, each in submissions.items()}

    assert "cannot be opened as a zip" in reasons["torn"]
    assert f"larger than the limit of {MAX_BYTES:,} bytes" in reasons["bomb"]
    assert "cannot be read from the archive" in reasons["damaged"]


@given(garbage=st.binary(max_size=200), at=st.integers(0, 300))
def test_a_zip_with_garbage_in_it_raises_nothing(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, at: int
) -> None:
    folder = tmp_path_factory.mktemp("garbage")
    with zipfile.ZipFile(folder / "ann.zip", "w") as archive:
        archive.writestr(FILE, "answer = 1\n" * 10)
    whole = bytearray((folder / "ann.zip").read_bytes())
    whole[at : at + len(garbage)] = garbage
    (folder / "ann.zip").write_bytes(whole)

    assert set(taken(folder)) == {"ann"}


def test_an_export_of_gradescope(tmp_path: Path) -> None:
    root = tmp_path / "assignment_1_export"
    write(root / GRADESCOPE, METADATA)
    write(root / "submission_101" / FILE, "both")
    write(root / "submission_102" / FILE, "cy")
    write(root / "submission_103" / FILE, "somebody")
    submissions = taken(root)

    assert list(submissions) == ["cy@example.org", "submission_103", "u1001", "u1002"]
    assert submissions["u1001"].name == "Ann Ä. Lee"
    assert submissions["u1002"].address == "bob@example.org"
    assert content(submissions["u1001"]) == content(submissions["u1002"]) == b"both"


def test_what_is_odd_in_the_list_of_an_export_is_said(tmp_path: Path) -> None:
    people = """
submission_1:
  :submitters:
  - {":name": "Zoe \\uD800", ":sid": 0, ":email": z@example.org}
submission_2: {":submitters": []}
submission_3: 3
submission_4: {":submitters": [{":sid": "s4"}]}
"""
    write(tmp_path / GRADESCOPE, people)
    for number in (1, 2, 3, 5):
        write(tmp_path / f"submission_{number}" / FILE, str(number))
    found, noticed = places(tmp_path)

    assert [place.student for place in found] == ["0", "submission_2", "submission_3", "submission_5"]
    assert found[0].name.isprintable()
    assert noticed == [
        f"submission_2: {GRADESCOPE} does not name its student",
        f"submission_3: {GRADESCOPE} does not name its student",
        f"submission_5: not in {GRADESCOPE}",
        f"submission_4: in {GRADESCOPE}, but not in the folder",
    ]


def test_a_list_of_an_export_in_the_folder_of_the_only_student_says_nothing_either(tmp_path: Path) -> None:
    write(tmp_path / "eve" / GRADESCOPE, "submission_1: {':submitters': [{':sid': ann}]}")
    write(tmp_path / "eve" / "submission_1" / FILE, "not ann's")
    found, noticed = places(tmp_path)

    assert [place.student for place in found] == ["eve"]
    assert noticed == [
        (
            f"eve: the only student, with a {GRADESCOPE} that is ignored. If that is the class, grade this folder:"
            f" {tmp_path}/eve"
        )
    ]


def test_a_list_of_an_export_in_the_folder_of_a_student_says_nothing_of_the_others(tmp_path: Path) -> None:
    write(tmp_path / "ann" / FILE, "ann")
    write(tmp_path / "eve" / GRADESCOPE, "ann: {':submitters': [{':sid': ann}]}")
    write(tmp_path / "eve" / "ann" / FILE, "not ann's")
    submissions = taken(tmp_path)

    assert list(submissions) == ["ann", "eve"]
    assert content(submissions["ann"]) == b"ann"


@pytest.mark.parametrize("text", ["- a list\n", "", "a: [", "\0", "[" * 9999])
def test_an_export_without_a_readable_list_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path / GRADESCOPE, text)
    write(tmp_path / "submission_1" / FILE)

    with pytest.raises(UsageError, match="metadata of Gradescope"):
        places(tmp_path)


def test_a_folder_of_clones(tmp_path: Path) -> None:
    for name in ("exercises", "solutions", "lessons/x", "tests/cases"):
        write(tmp_path / "course-ann" / name / FILE, name)
    write(tmp_path / "course-ann" / ".git" / FILE, "git")
    write(tmp_path / "course-bob" / "solutions" / FILE, "a copied solution is nobody's work")
    submissions = taken(tmp_path)

    assert content(submissions["course-ann"]) == b"exercises"
    assert submissions["course-bob"].files == {}
    assert f"ignored: solutions/{FILE}" in submissions["course-bob"].notes


def test_the_course_s_own_files_in_a_clone_are_nothing_to_tell(tmp_path: Path) -> None:
    write(tmp_path / "ann" / "exercises" / FILE)
    write(tmp_path / "ann" / "lessons" / "x" / "scale.py")
    write(tmp_path / "ann" / "conftest.py")
    write(tmp_path / "ann" / "exercises" / "m3_9_another_lesson.py")
    with zipfile.ZipFile(tmp_path / "bob.zip", "w") as archive:
        archive.writestr(f"course-main/exercises/{FILE}", "bob")
        archive.writestr("course-main/lessons/x/scale.py", "")
    found, _ = places(tmp_path)
    course = {"lessons/x/scale.py", "exercises/m3_9_another_lesson.py"}
    notes = {place.student: take(place, [LESSON], course).notes for place in found}

    assert notes == {"ann": ("ignored: conftest.py",), "bob": ()}


def test_an_export_of_canvas(tmp_path: Path) -> None:
    write(tmp_path / f"leeann_LATE_4711_99_{LESSON}.py", "first")
    write(tmp_path / f"leeann_4711_98_{LESSON}-2.py", "second")
    write(tmp_path / f"van_der_berg_4712_97_{FILE}", "berg")
    write(tmp_path / f"anon_aB3xZ_96_{FILE}", "hidden")
    write(tmp_path / f"LATE_anon_9Qw2e_95_{FILE}", "late")
    with zipfile.ZipFile(tmp_path / "bob_LATE_4713_94_homework.zip", "w") as archive:
        archive.writestr(FILE, "bob")
    write(tmp_path / "read me.txt")
    submissions, (_, noticed) = taken(tmp_path), places(tmp_path)

    assert {name: each.name for name, each in submissions.items()} == {
        "4711": "leeann",
        "4712": "van_der_berg",
        "4713": "bob",
        "anon_9Qw2e": "",
        "anon_aB3xZ": "",
    }
    assert content(submissions["4712"]) == b"berg"
    assert content(submissions["4713"]) == b"bob"
    assert content(submissions["anon_9Qw2e"]) == b"late"
    assert noticed == ["read me.txt: ignored, because it is not a student's folder or archive"]


def test_an_export_of_moodle(tmp_path: Path) -> None:
    write(tmp_path / "Zoë Q. Public_815_assignsubmission_file" / FILE, "zoe")
    write(tmp_path / f"Max M_816_assignsubmission_file_{FILE}", "max")
    with zipfile.ZipFile(tmp_path / "Eve_817_assignsubmission_file_work.zip", "w") as archive:
        archive.writestr(FILE, "eve")
    submissions = taken(tmp_path)

    assert {name: each.name for name, each in submissions.items()} == {
        "815": "Zoë Q. Public",
        "816": "Max M",
        "817": "Eve",
    }
    assert [content(each) for each in submissions.values()] == [b"zoe", b"max", b"eve"]


@pytest.mark.parametrize(
    ("mine", "hers"),
    [
        # The name of a file ends like a name of the same platform, or of the other one.
        ("aaron_123_9001_x_777_9002_{}", "vera_777_9003_{}"),
        ("aaron_123_9001_x_777_assignsubmission_file_{}", "vera_777_9003_{}"),
        ("aaron_123_9001_anon_aB3xZ_1_{}", "anon_aB3xZ_9003_{}"),
        ("Aaron A_123_assignsubmission_file_a_777_assignsubmission_file_{}", "Vera V_777_assignsubmission_file_{}"),
        ("Aaron A_123_assignsubmission_file_vera_777_9_{}", "Vera V_777_assignsubmission_file_{}"),
    ],
)
@pytest.mark.parametrize("is_alone", [False, True])
def test_the_name_of_a_file_gives_and_takes_no_points(tmp_path: Path, mine: str, hers: str, is_alone: bool) -> None:
    write(tmp_path / mine.format(FILE), "aaron")
    if not is_alone:
        write(tmp_path / hers.format(FILE), "vera")
    submissions = taken(tmp_path)
    missing = submissions["123"].files[LESSON]

    # What is left of the name of aaron's file is not that of a lesson.
    assert isinstance(missing, Unreadable)
    assert missing.reason.startswith(f"{FILE} was not handed in: hand in your Python file under this name. Found: ")
    assert {name: content(each) for name, each in submissions.items() if name != "123"} == (
        {} if is_alone else {"anon_aB3xZ" if "anon" in hers else "777": b"vera"}
    )


def test_an_id_that_is_claimed_twice_is_that_of_neither(tmp_path: Path) -> None:
    write(tmp_path / f"aaron_777_1_{FILE}", "aaron")
    write(tmp_path / f"vera_777_2_{FILE}", "vera")
    write(tmp_path / f"bob_778_3_{FILE}", "bob")
    submissions, (_, noticed) = taken(tmp_path), places(tmp_path)

    assert list(submissions) == ["777 [1]", "777 [2]", "778"]
    assert {each.name for each in submissions.values()} == {"", "bob"}
    assert {content(each) for each in submissions.values()} == {b"aaron", b"vera", b"bob"}
    assert noticed == [
        (
            "777: 2 submissions claim this name, so no gradebook gets points for any of them. Their reports are called"
            " 777 [1] (aaron), 777 [2] (vera). Find out whose they are, keep one per student, and grade again."
        )
    ]


def test_names_are_compared_as_they_look(tmp_path: Path) -> None:
    write(tmp_path / unicodedata.normalize("NFD", "Müller, Zoë") / FILE, "zoë")
    assert list(taken(tmp_path)) == [unicodedata.normalize("NFC", "Müller, Zoë")]

    write(tmp_path / unicodedata.normalize("NFC", "Müller, Zoë") / FILE, "zoë")
    assert list(taken(tmp_path)) == ["Müller, Zoë [1]", "Müller, Zoë [2]"]


def test_of_renamed_files_the_last_counts_and_it_is_said(tmp_path: Path) -> None:
    write(tmp_path / "ann" / f"{LESSON} (1).py", "first")
    write(tmp_path / "ann" / f"{LESSON} (10).py", "last")
    submission = taken(tmp_path)["ann"]

    assert content(submission) == b"last"
    assert f"{LESSON} (10).py was graded as {FILE}" in submission.notes


@pytest.mark.parametrize(
    "name",
    [
        "M1_4_Loss_Landscape.py",
        f"{LESSON}.py.txt",
        f"{LESSON} - Copy.py",
        f"Copy of {LESSON}.py",
        f"{LESSON} (1) (1).py",
        f"{LESSON}-2.py",
        f"{LESSON} 2.py",
        f"{LESSON}(3).py",
        f"{LESSON} .py",
        f"{LESSON} copy.py",
        f"{LESSON} copy 2.py",
        f"{LESSON} - Copy (2).py",
        f"{LESSON} - Kopie.py",
        f"{LESSON} - Kopie (3).py",
        f"{LESSON} - Copie.py",
        f"{LESSON} - copia.py",
        f"{LESSON} - Co\u0301pia.py",
        f"Kopie von {LESSON}.py",
        f"Copie de {LESSON}.py",
        f"Copia de {LESSON} (1).py",
        f"{LESSON} (Anna's conflicted copy 2026-05-01).py",
        f"{LESSON} (conflicted copy 2026-05-01 101112).py",
        f"{LESSON} (In Konflikt stehende Kopie von Anna 2026-05-01).py",
        f"{LESSON}.sync-conflict-20260501-101112-ABCDEF7.py",
        f"{LESSON}-DESKTOP-7A2B3C.py",
        f"{LESSON}-Annas MacBook Pro.py",
        f"{LESSON}-LAPTOP-7A2B3C-2.py",
        f"hw\\exercises\\{FILE}",
    ],
)
def test_what_people_and_their_programs_make_of_a_name(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        archive.writestr(name, "ann")

    assert content(taken(tmp_path)["ann"]) == b"ann"


@pytest.mark.parametrize(
    "name", [f"{LESSON}-{'9' * 5000}.py", f"{LESSON}{'1' * 60_000}x.py", f"my_{FILE}", f"{LESSON}_test.py"]
)
def test_another_name_is_another_file(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        archive.writestr(name, "ann")
    missing = taken(tmp_path)["ann"].files[LESSON]

    assert isinstance(missing, Unreadable)
    assert missing.reason.startswith(f"{FILE} was not handed in: hand in your Python file under this name. Found: ")


def zipped(**files: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def tarred(ending: str, *members: tuple[str, bytes | None]) -> bytes:
    """Return a tar archive; a member without content is a link."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz" if ending != ".tar" else "w") as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            if data is None:
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            member.size = len(data or b"")
            archive.addfile(member, io.BytesIO(data or b""))
    return written.getvalue()


@pytest.mark.parametrize("ending", [".tar", ".tar.gz", ".tgz"])
def test_a_tar_archive_is_looked_into(tmp_path: Path, ending: str) -> None:
    whole = tarred(ending, (f"./work/{FILE}", b"ann"), (f"work/exercises/{OTHER}.py", None), ("work/__MACOSX/x", b""))
    (tmp_path / f"ann{ending}").write_bytes(whole)
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / f"hw{ending}").write_bytes(whole)
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / f"torn{ending}").write_bytes(whole[:100])
    submissions = taken(tmp_path)
    torn, link = submissions["eve"].files[LESSON], submissions["ann"].files[OTHER]

    assert content(submissions["ann"]) == content(submissions["bob"]) == b"ann"
    assert isinstance(torn, Unreadable)
    assert torn.reason.startswith(f"torn{ending} cannot be opened as a tar archive: ")
    assert not torn.is_fault
    assert isinstance(link, Unreadable)
    assert "links are not followed" in link.reason


def test_archives_in_archives_are_looked_into_within_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = zipped(**{f"work/{FILE}": b"ann"})
    (tmp_path / "ann.zip").write_bytes(zipped(**{"hw.tar.gz": tarred(".tgz", ("hw.zip", inner))}))
    deep = inner
    for _ in range(archives.MAX_NESTED):
        deep = zipped(**{"hw.zip": deep})
    (tmp_path / "bob.zip").write_bytes(deep)
    (tmp_path / "eve.zip").write_bytes(zipped(**{"torn.zip": b"PK and nothing"}))
    submissions = taken(tmp_path)
    reasons = {name: getattr(each.files[LESSON], "reason", "") for name, each in submissions.items()}

    assert content(submissions["ann"]) == b"ann"
    assert reasons["bob"] == "hw.zip is inside 3 other archives. Hand in only the exercise files."
    assert reasons["eve"].startswith("torn.zip cannot be opened as a zip: ")

    monkeypatch.setattr(archives._Room, "__init__", lambda self: setattr(self, "left", 100))
    refused = taken(tmp_path)["ann"].files[LESSON]
    assert isinstance(refused, Unreadable)
    assert refused.reason == "hw.tar.gz is too large to open. Hand in only the exercise files."


@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_what_packs_well_is_not_unpacked(tmp_path: Path, ending: str) -> None:
    """A million folders are few bytes, packed twice; so are 64 MiB of zeros."""
    if ending == ".zip":
        entry = zipped(**{"a/": b""})
        end = entry.rindex(b"PK\x05\x06")
        begin = entry.index(b"PK\x01\x02")
        listed = entry[begin:end] * 100_000
        tail = bytearray(entry[end:])
        tail[12:16] = len(listed).to_bytes(4, "little")
        bomb = entry[:begin] + listed + bytes(tail)
    else:
        bomb = gzip.compress(bytes(2 * archives.MAX_UNPACKED), 1)
    (tmp_path / f"eve{ending}").write_bytes(bomb)
    (tmp_path / "twice.zip").write_bytes(zipped(**{f"eve{ending}": bomb}))
    submissions = taken(tmp_path)

    for name in ("eve", "twice"):
        refused = submissions[name].files[LESSON]
        assert isinstance(refused, Unreadable)
        assert not refused.is_fault
        assert refused.reason == f"eve{ending} is too large to open. Hand in only the exercise files."


@pytest.mark.parametrize(
    ("name", "data", "step"),
    [
        ("homework.rar", b"Rar!\x1a\x07\x00" + bytes(20), "homework.rar is a RAR archive. Unpack it"),
        ("hw.7z", b"7z\xbc\xaf\x27\x1c" + bytes(2 * MAX_BYTES), "hw.7z is a 7z archive. Unpack it"),
        (f"{LESSON}.ipynb", b'{"cells": [{"cell_type": "code"}]}', f"{LESSON}.ipynb is a Jupyter notebook. Export it"),
        ("essay.pdf", b"%PDF-1.7", "essay.pdf is a PDF. Copy your code into"),
    ],
)
@pytest.mark.parametrize("form", ["folder", "zip", "tar"])
def test_what_is_not_python_is_called_what_it_is(tmp_path: Path, name: str, data: bytes, step: str, form: str) -> None:
    (tmp_path / "ann").mkdir()
    if form == "folder":
        (tmp_path / "ann" / name).write_bytes(data)
    else:
        whole = zipped(**{name: data}) if form == "zip" else tarred(".tar", (name, data))
        (tmp_path / "ann" / f"all.{form}").write_bytes(whole)
    missing = taken(tmp_path)["ann"].files[LESSON]

    assert isinstance(missing, Unreadable)
    assert missing.reason.startswith(f"{FILE} was not handed in: hand in your Python file under this name. Found: ")
    assert f". {step}" in missing.reason


def test_what_its_owner_may_not_read_was_packed_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root may open everything, the system is made to refuse what the mode forbids."""
    write(tmp_path / "ann" / FILE).chmod(0)
    write(tmp_path / "bob" / "closed" / FILE)
    (tmp_path / "bob" / "closed").chmod(0)
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "work.zip").write_bytes(zipped(**{FILE: b"eve"}))
    (tmp_path / "eve" / "work.zip").chmod(0)

    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *arguments: Any, **named: Any) -> Any:
            if not isinstance(path, int) and Path(path).name in {FILE, "closed", "work.zip"}:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *arguments, **named)

        return call

    monkeypatch.setattr(os, "open", refusing(os.open))
    monkeypatch.setattr(os, "scandir", refusing(os.scandir))
    monkeypatch.setattr(archives, "_opened", refusing(archives._opened))
    found, _ = places(tmp_path)
    files = [take(place, [LESSON]).files[LESSON] for place in found]
    (tmp_path / "bob" / "closed").chmod(0o700)

    assert len(files) == 3
    for file in files:
        assert isinstance(file, Unreadable)
        assert "Permission denied" in file.reason
        assert not file.is_fault


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_could_be_a_bomb_is_not_unpacked(tmp_path: Path, packed: int) -> None:
    with zipfile.ZipFile(tmp_path / "ann.zip", "w", packed) as archive:
        archive.writestr(FILE, "ann")
    refused = taken(tmp_path)["ann"].files[LESSON]

    assert refused == Unreadable(FILE, f"{FILE} uses an unsupported compression. Make an ordinary zip.")


def test_what_a_student_has_handed_in_to_moodle_in_several_ways_is_one_submission(tmp_path: Path) -> None:
    write(tmp_path / "Anna Berg_40001_assignsubmission_onlinetext_" / "onlinetext.html")
    write(tmp_path / "Anna Berg_40001_assignsubmission_file_" / FILE, "anna")
    os.mkdir(os.fsencode(tmp_path) + b"/B\xff_2_assignsubmission_file_")  # noqa: PTH102  a name that is no text
    submissions = taken(tmp_path)

    assert list(submissions) == ["2", "40001"]
    assert content(submissions["40001"]) == b"anna"
    assert submissions["40001"].notes == ("ignored: onlinetext.html",)
    assert submissions["2"].name == "B\\xff"


def test_what_this_machine_cannot_open_is_its_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root may open everything, the system is made to refuse."""
    write(tmp_path / "ann" / FILE)
    write(tmp_path / "bob" / "closed" / FILE)
    (tmp_path / "eve").mkdir()
    with zipfile.ZipFile(tmp_path / "eve" / "work.zip", "w") as archive:
        archive.writestr(FILE, "eve")
    found, _ = places(tmp_path)
    open_file, scan = os.open, os.scandir

    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *arguments: Any, **named: Any) -> Any:
            if Path(os.fspath(path)).name in {FILE, "closed", "work.zip"}:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *arguments, **named)

        return call

    monkeypatch.setattr(os, "open", refusing(open_file))
    monkeypatch.setattr(os, "scandir", refusing(scan))
    monkeypatch.setattr(archives, "_opened", refusing(archives._opened))
    files = {place.student: take(place, [LESSON]).files[LESSON] for place in found}

    for name, shown in (("ann", FILE), ("bob", "closed"), ("eve", "work.zip")):
        file = files[name]
        assert isinstance(file, Unreadable)
        assert file.is_fault
        assert file.reason.startswith(f"{shown} cannot be opened")
        assert str(tmp_path) not in file.reason


def test_folders_too_deep_may_hold_what_is_looked_for(tmp_path: Path) -> None:
    write(tmp_path / "ann" / "/".join("abcdefghijklmnop") / FILE)
    missing = taken(tmp_path)["ann"].files[LESSON]

    assert isinstance(missing, Unreadable)
    assert missing.reason == f"l is more than {MAX_DEPTH} folders deep. Hand in only the exercise files."


def test_a_pointer_is_not_the_file(tmp_path: Path) -> None:
    write(tmp_path / "ann" / FILE, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n")
    refused = taken(tmp_path)["ann"].files[LESSON]

    assert isinstance(refused, Unreadable)
    assert "is a Git LFS pointer" in refused.reason


def test_a_class_in_one_more_folder_is_noticed(tmp_path: Path) -> None:
    for name in ("ann", "bob"):
        write(tmp_path / "hw1" / name / FILE)
    found, noticed = places(tmp_path, None, [LESSON])

    assert [place.student for place in found] == ["hw1"]
    assert noticed == [
        (
            f"hw1: the only student, with 2 folders that contain a {FILE}. If that is the class, grade this folder:"
            f" {tmp_path}/hw1"
        )
    ]


def test_results_stand_beside_submissions_and_not_in_them(tmp_path: Path) -> None:
    write(tmp_path / "ann" / FILE)
    write(tmp_path / "old" / RESULTS)
    write(tmp_path / "old" / "grades.csv")
    write(tmp_path / "old" / FILE, "old")
    write(tmp_path / "out" / RESULTS)
    write(tmp_path / ".hidden" / FILE)
    found, noticed = places(tmp_path, tmp_path / "out")

    # With results of their own a student cannot leave the class: only --out says which are the results.
    assert [place.student for place in found] == ["ann", "old"]
    assert content(taken(tmp_path)["old"]) == b"old"
    assert noticed == [
        ".hidden: ignored, because its name begins with a dot",
        (
            f"old: graded as a student, but it contains a {RESULTS}. If these are your results, move them out of the"
            " class."
        ),
    ]
    with pytest.raises(UsageError, match="a student's submission"):
        places(tmp_path, tmp_path / "ann" / "out")


def test_a_folder_that_cannot_be_opened_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UsageError, match="cannot be opened: Permission denied"):
        places(tmp_path)


def test_what_would_change_a_grader_is_named_first(tmp_path: Path) -> None:
    write(tmp_path / "eve" / FILE)
    for name in ("conftest.py", "torch.py", "pytest.ini", "x.pth", "sitecustomize.py"):
        write(tmp_path / "eve" / "z" / name)
    for number in range(40):
        write(tmp_path / "eve" / f"a{number:02d}.txt")
    (tmp_path / "eve" / "answers.py").symlink_to("/etc/passwd")
    notes = taken(tmp_path)["eve"].notes

    assert "ignored: answers.py (a link)" in notes[:6]
    assert {"ignored: z/conftest.py", "ignored: z/torch.py", "ignored: z/x.pth"} <= set(notes[:6])
    assert len(notes) == MAX_NAMED + 1
    assert notes[-1] == "ignored: 26 more files"


def test_links_pipes_and_folders_are_never_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret" / FILE, "the instructor's")
    root = tmp_path / "class"
    for name in ("link", "pipe", "folder", "inner", "loop"):
        (root / name).mkdir(parents=True)
    (root / "link" / FILE).symlink_to(secret)
    os.mkfifo(root / "pipe" / FILE)
    (root / "folder" / FILE).mkdir()
    (root / "inner" / "exercises").symlink_to(secret.parent)
    (root / "loop" / "again").symlink_to(root)
    (root / "whole").symlink_to(secret.parent)
    found, left = places(root)
    submissions = {place.student: take(place, [LESSON]) for place in found}

    assert left == ["whole: a link, which is not followed"]
    for name in ("link", "pipe"):
        assert isinstance(submissions[name].files[LESSON], Unreadable)
    assert submissions["folder"].files == {}
    for name in ("inner", "loop"):
        missing = submissions[name].files[LESSON]
        assert isinstance(missing, Unreadable)
        assert f"{FILE} was not handed in: hand in your Python file under this name. Found: " in missing.reason
        assert missing.reason.endswith(" (a link).")


def test_names_that_no_terminal_should_see(tmp_path: Path) -> None:
    bad = tmp_path / "eve\n\x1b[31m"
    write(bad / "\x1b]0;x\x07.txt")
    write(bad / FILE)
    os.mkdir(os.fsencode(tmp_path) + b"/\xff\xfe")  # noqa: PTH102  a name that is no text
    submissions = taken(tmp_path)

    assert all(name.isprintable() for name in submissions)
    assert all(note.isprintable() for each in submissions.values() for note in each.notes)


def test_two_of_one_name_are_two(tmp_path: Path) -> None:
    write(tmp_path / "ann" / FILE, "folder")
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        archive.writestr(FILE, "zip")
    write(tmp_path / "ann [1]" / FILE, "another")
    submissions, (_, noticed) = taken(tmp_path), places(tmp_path)

    assert len(noticed) == 1
    assert "Their reports are called ann [2], ann [3]." in noticed[0]
    assert list(submissions) == ["ann [1]", "ann [2]", "ann [3]"]
    assert content(submissions.pop("ann [1]")) == b"another"
    assert {content(each) for each in submissions.values()} == {b"folder", b"zip"}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="contains no submission"):
        places(tmp_path)


@given(st.lists(st.text(min_size=1), unique=True))
def test_the_files_of_students_have_names_that_every_disk_takes(students: list[str]) -> None:
    names = file_names(dict.fromkeys(students, ""))

    assert list(names) == students
    assert len({name.casefold() for name in names.values()}) == len(students)
    for name in names.values():
        assert not set(name) & set('/\\:*?"<>|\0\n.')
        assert 0 < len(name) < 100
        assert name == name.strip()
