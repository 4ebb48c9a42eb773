"""What a class hands in is found by its name, in every form in which it arrives, and nothing else is touched."""

import errno
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cohort.intake import GRADESCOPE, MAX_DEPTH, MAX_NAMED, RESULTS, Submission, places, take
from grader.cohort.tell import file_names
from grader.errors import UsageError
from grader.submission import MAX_BYTES, Source, Unreadable

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
    assert left == ["list.txt: ignored, for it is no folder and no zip of a student"]
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
        archive.writestr("tries/more.zip", "no zip is looked for in a zip")
    write(tmp_path / "bob" / "deeper" / FILE, "bob")
    with zipfile.ZipFile(tmp_path / "bob" / "old.zip", "w") as archive:
        archive.writestr(f"tries/all/{FILE}", "an older try")
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / "torn.zip").write_bytes(b"PK\x03\x04 and then nothing")
    submissions = taken(tmp_path)
    torn = submissions["eve"].files[LESSON]

    assert content(submissions["ann"]) == b"ann"
    assert submissions["ann"].notes == ("ignored: Homework.ZIP/tries/more.zip", "ignored: read me.txt")
    assert content(submissions["bob"]) == b"bob"
    assert submissions["bob"].notes == (
        f"of 2 files for {FILE}, deeper/{FILE} counted",
        f"ignored: old.zip/tries/all/{FILE}",
    )
    assert isinstance(torn, Unreadable)
    assert torn.reason.startswith("torn.zip cannot be opened as a zip: ")
    assert submissions["eve"].notes[0].startswith("ignored: torn.zip (torn.zip cannot be opened as a zip: ")


def test_what_could_not_be_looked_at_may_have_been_handed_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.cohort.intake.MAX_FILES", 3)
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
    assert "the others were not looked at" in missing.reason
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
    assert f"larger than {MAX_BYTES:,} bytes" in reasons["bomb"]
    assert "cannot be read from the zip" in reasons["damaged"]


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
    submissions = taken(tmp_path)

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
        f"submission_2: {GRADESCOPE} names nobody who has handed it in",
        f"submission_3: {GRADESCOPE} names nobody who has handed it in",
        f"submission_5: not in {GRADESCOPE}",
        f"submission_4: in {GRADESCOPE}, and not there",
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

    with pytest.raises(UsageError, match="list of a Gradescope export"):
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
    write(tmp_path / "ann" / "lessons" / "x" / "checks.py")
    write(tmp_path / "ann" / "conftest.py")
    write(tmp_path / "ann" / "exercises" / "m3_9_another_lesson.py")
    with zipfile.ZipFile(tmp_path / "bob.zip", "w") as archive:
        archive.writestr(f"course-main/exercises/{FILE}", "bob")
        archive.writestr("course-main/lessons/x/checks.py", "")
    found, _ = places(tmp_path)
    course = {"lessons/x/checks.py", "exercises/m3_9_another_lesson.py"}
    notes = {place.student: take(place, [LESSON], course).notes for place in found}

    assert notes == {"ann": ("ignored: conftest.py",), "bob": ()}


def test_exports_of_canvas_and_moodle(tmp_path: Path) -> None:
    write(tmp_path / f"leeann_LATE_4711_99_{LESSON}.py", "first")
    write(tmp_path / f"leeann_4711_98_{LESSON}-2.py", "second")
    write(tmp_path / "Zoë Q. Public_815_assignsubmission_file" / FILE, "zoe")
    write(tmp_path / f"Max M_816_assignsubmission_file_{FILE}", "max")
    submissions = taken(tmp_path)

    assert {name: each.name for name, each in submissions.items()} == {
        "4711": "leeann",
        "815": "Zoë Q. Public",
        "816": "Max M",
    }
    assert content(submissions["815"]) == b"zoe"
    assert content(submissions["816"]) == b"max"


def test_of_renamed_files_the_last_counts_and_it_is_said(tmp_path: Path) -> None:
    write(tmp_path / "ann" / f"{LESSON} (1).py", "first")
    write(tmp_path / "ann" / f"{LESSON} (10).py", "last")
    submission = taken(tmp_path)["ann"]

    assert content(submission) == b"last"
    assert f"{LESSON} (10).py was taken for {FILE}" in submission.notes


@pytest.mark.parametrize(
    "name",
    [
        "M1_4_Loss_Landscape.py",
        f"{LESSON}.py.txt",
        f"{LESSON} - Copy.py",
        f"Copy of {LESSON}.py",
        f"{LESSON} (1) (1).py",
        f"{LESSON}-2.py",
        f"hw\\exercises\\{FILE}",
    ],
)
def test_what_people_and_their_programs_make_of_a_name(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        archive.writestr(name, "ann")

    assert content(taken(tmp_path)["ann"]) == b"ann"


@pytest.mark.parametrize("name", [f"{LESSON}-{'9' * 5000}.py", f"{LESSON}{'1' * 60_000}x.py", f"my_{FILE}"])
def test_another_name_is_another_file(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        archive.writestr(name, "ann")
    missing = taken(tmp_path)["ann"].files[LESSON]

    assert isinstance(missing, Unreadable)
    assert missing.reason.startswith(f"{FILE} was not handed in. There is ")


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_could_be_a_bomb_is_not_unpacked(tmp_path: Path, packed: int) -> None:
    with zipfile.ZipFile(tmp_path / "ann.zip", "w", packed) as archive:
        archive.writestr(FILE, "ann")
    refused = taken(tmp_path)["ann"].files[LESSON]

    assert refused == Unreadable(FILE, f"{FILE} is packed in a way that is not unpacked here. Make an ordinary zip.")


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
    open_file, scan, open_zip = os.open, os.scandir, zipfile.ZipFile

    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(path: Any, *arguments: Any, **named: Any) -> Any:
            if Path(os.fspath(path)).name in {FILE, "closed", "work.zip"}:
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *arguments, **named)

        return call

    monkeypatch.setattr(os, "open", refusing(open_file))
    monkeypatch.setattr(os, "scandir", refusing(scan))
    monkeypatch.setattr(zipfile, "ZipFile", refusing(open_zip))
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
    assert missing.reason == f"l lies deeper than {MAX_DEPTH} folders. Hand in the exercise files alone."


def test_a_pointer_is_not_the_file(tmp_path: Path) -> None:
    write(tmp_path / "ann" / FILE, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n")
    refused = taken(tmp_path)["ann"].files[LESSON]

    assert isinstance(refused, Unreadable)
    assert "is a pointer of Git LFS" in refused.reason


def test_a_class_in_one_more_folder_is_noticed(tmp_path: Path) -> None:
    for name in ("ann", "bob"):
        write(tmp_path / "hw1" / name / FILE)
    found, noticed = places(tmp_path)

    assert [place.student for place in found] == ["hw1"]
    assert noticed == [
        f"hw1: the only student, with 2 folders that hold a {FILE}. If that is the class, begin there: {tmp_path}/hw1"
    ]


def test_results_stand_beside_submissions_and_not_in_them(tmp_path: Path) -> None:
    write(tmp_path / "ann" / FILE)
    write(tmp_path / "old" / RESULTS)
    write(tmp_path / "old" / "grades.csv")
    write(tmp_path / ".hidden" / FILE)
    found, noticed = places(tmp_path, tmp_path / "out")

    assert [place.student for place in found] == ["ann"]
    assert noticed == [
        ".hidden: ignored, for its name begins with a dot",
        "old: ignored, for it holds the results of a class",
    ]
    with pytest.raises(UsageError, match="which somebody has handed in"):
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
        assert f"{FILE} was not handed in. There is " in missing.reason
        assert " (a link). Give your file this name" in missing.reason


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
    submissions, (_, noticed) = taken(tmp_path), places(tmp_path)

    assert noticed == ["ann: there is more than one, and this one is called ann [2]"]
    assert sorted(submissions) == ["ann", "ann [2]"]
    assert {content(each) for each in submissions.values()} == {b"folder", b"zip"}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no submission"):
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
