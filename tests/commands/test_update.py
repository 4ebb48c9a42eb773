"""`grade update`: from one version of a course to the next, with every kind of edit, and back."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import files
from grader.cli import parse
from grader.commands import Answer, Context, init, undo, update
from grader.commands import list as course_list
from grader.course.model import read_course
from grader.course.shipped import list_of
from grader.errors import Fault, UsageError
from grader.progress import journal
from grader.progress.journal import Change, Journal
from grader.progress.store import Store
from grader.reports.text import Style
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Status
from tests.small_lesson import THREE, write_three

FOUR = "m9_4_four"
SETTINGS = 'title = "Small"\nlanguage = "en"\n'
TOTAL = "x.sum().item()"


def made(root: Path) -> Path:
    """Write a version of the course."""
    lesson = write_three(root)
    (root / "course.toml").write_text(SETTINGS)
    (root / "README.md").write_text(f"# {root.name}\n")
    (lesson.folder / "shipped.sha256").write_text(list_of(lesson))
    return root


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace a text in a file of the course."""
    text = (root / name).read_text()
    assert old in text
    (root / name).write_text(text.replace(old, new))


def shipped_again(root: Path) -> None:
    for lesson in read_course(root).lessons:
        (lesson.folder / "shipped.sha256").write_text(list_of(lesson))


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The next version, which still is the same."""
    return made(tmp_path / "new")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A student's folder."""
    init.lay_out(tmp_path / "mine", str(made(tmp_path / "old")), is_gpu=False)
    return tmp_path / "mine"


def context_of(root: Path, answer: str = "") -> Context:
    said: list[str] = []
    return Context(
        read_course(root), root / "exercises", Store.open(root), Style(), lambda _: answer, write=said.append
    )


def updated(root: Path, new: Path) -> Answer:
    shipped_again(new)
    return update.run(context_of(root), str(new), is_confirmed=True)


def mine(root: Path, lesson: str = THREE) -> Path:
    return root / "exercises" / f"{lesson}.py"


def write(root: Path, name: str, body: str = "return 1  # mine") -> None:
    """Write one function, as a student does."""
    edit(root, f"exercises/{THREE}.py", f'raise NotImplementedError("TODO: {name}")', body)


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".grade" not in path.parts
    }


def pages(root: Path) -> dict[str, bytes]:
    return {name: text for name, text in contents(root).items() if name.startswith(("lessons", "solutions", "course"))}


SOLUTION = f"solutions/{THREE}.py"
CODE = f"lessons/{THREE}/scale.py"
DOCSTRING = "Return every entry of `x`, times `factor`;"


def change_docstring(root: Path) -> None:
    edit(root, SOLUTION, DOCSTRING, "Return all of `x`, times `factor`;")


def rename_parameter(root: Path) -> None:
    edit(root, SOLUTION, "factor", "by")


def change_check(root: Path) -> None:
    edit(root, CODE, "def test_zero", "def test_zeros")


def remove_exercise(root: Path) -> None:
    text = (root / SOLUTION).read_text()
    (root / SOLUTION).write_text(text[: text.index("def scale")] + text[text.index("def shift") :])
    (root / CODE).unlink()
    (root / f"lessons/{THREE}/scale.md").unlink()


def add_exercise(root: Path) -> None:
    with (root / SOLUTION).open("a") as file:
        file.write('\n\ndef third(x: Tensor) -> Tensor:\n    """Return a third of `x`."""\n    return x / 3\n')
    for end in ("py", "md"):
        text = (root / f"lessons/{THREE}/shift.{end}").read_text()
        (root / f"lessons/{THREE}/third.{end}").write_text(text.replace("shift", "third"))


def add_lesson(root: Path) -> None:
    for folder in ("lessons", "solutions"):
        for path in list((root / folder).glob(f"{THREE}*")):
            there = path.with_name(path.name.replace(THREE, FOUR))
            shutil.copytree(path, there) if path.is_dir() else shutil.copy(path, there)
    edit(root, f"lessons/{FOUR}/README.md", "9.3", "9.4")


def move_lesson(root: Path) -> None:
    add_lesson(root)
    shutil.rmtree(root / "lessons" / THREE)
    (root / SOLUTION).unlink()


def change_page(root: Path) -> None:
    edit(root, f"lessons/{THREE}/README.md", "Three", "Three things")


CHANGES: dict[str, Callable[[Path], None]] = {
    each.__name__: each
    for each in (
        *(change_docstring, rename_parameter, change_check, remove_exercise, add_exercise, add_lesson, move_lesson),
        change_page,
    )
}


def test_without_a_change_nothing_is_done(root: Path, new: Path) -> None:
    shutil.copy(root / "README.md", new)

    assert "up to date" in updated(root, new).text
    assert journal.last(root) is None


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_an_untouched_folder_becomes_the_new_version(
    root: Path, new: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    change(new)
    shipped_again(new)
    init.lay_out(tmp_path / "fresh", str(new), is_gpu=False)

    updated(root, new)

    assert contents(root) == contents(tmp_path / "fresh")


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_undo_takes_everything_back_and_again(root: Path, new: Path, change: Callable[[Path], None]) -> None:
    change(new)
    write(root, "scale")
    before = contents(root)
    updated(root, new)
    after = contents(root)

    undo.run(context_of(root), [])
    assert contents(root) == before
    undo.run(context_of(root), [])
    assert contents(root) == after


def test_an_edited_function_stays_and_what_has_changed_is_shown(root: Path, new: Path) -> None:
    change_docstring(new)
    write(root, "scale")
    before = mine(root).read_text()

    said = updated(root, new).text

    assert mine(root).read_text() == before
    assert re.search(r"recheck +scale", said)
    assert f'-     """{DOCSTRING}' in said
    assert '+     """Return all of `x`, times `factor`;' in said


def test_the_others_of_its_file_get_the_new_starter_code(root: Path, new: Path) -> None:
    change_docstring(new)
    write(root, "total")

    said = updated(root, new).text

    assert "Return all of `x`" in mine(root).read_text()
    assert "return 1  # mine" in mine(root).read_text()
    assert re.search(r"new starter code +scale", said)
    assert "recheck" not in said


def test_a_renamed_parameter_is_told(root: Path, new: Path) -> None:
    rename_parameter(new)
    write(root, "scale")

    assert "the parameter factor is now called by" in updated(root, new).text


def test_more_parameters_are_told(root: Path, new: Path) -> None:
    edit(new, SOLUTION, "scale(x: Tensor, factor: float)", "scale(x: Tensor, factor: float, offset: float = 0.0)")
    write(root, "scale")

    assert "the parameters are now (x, factor, offset); they were (x, factor)" in updated(root, new).text


def test_changed_checks_are_told_by_their_claims(root: Path, new: Path) -> None:
    change_check(new)
    write(root, "scale")

    said = updated(root, new).text

    assert "removed check: A factor of 0 makes every entry 0." in said
    assert "new check: A factor of 0 makes every entry 0." in said


def test_nothing_of_a_hidden_check_is_told(root: Path, new: Path) -> None:
    edit(new, CODE, "def test_zero", "@hidden\ndef test_secret")
    edit(new, CODE, "from grader.authoring import", "from grader.authoring import hidden,")
    edit(new, CODE, "A factor of 0 makes every entry 0.", "Top secret.")
    write(root, "scale")

    said = updated(root, new).text

    assert "secret" not in said
    assert "the checks use other code now" in said


def test_a_comment_in_a_check_or_another_hint_is_not_worth_a_recheck(root: Path, new: Path) -> None:
    edit(new, CODE, "def test_zero", "# a comment\ndef test_zero")
    edit(new, f"lessons/{THREE}/scale.md", "1. One.", "1. Another one.")
    write(root, "scale")

    assert "recheck" not in updated(root, new).text


def test_the_verdict_on_a_marked_exercise_counts_no_longer_until_it_is_graded(root: Path, new: Path) -> None:
    change_check(new)
    for name in ("scale", "shift", "total"):
        write(root, name)
    remember_passed(root)

    updated(root, new)
    said = course_list.run(context_of(root), []).text
    assert re.search(r"recheck +scale", said)
    assert re.search(r"passed +shift", said)
    assert "2 of 3 passed" in said

    remember_passed(root)
    assert "3 of 3 passed" in course_list.run(context_of(root), []).text


def test_undo_takes_the_mark_back_too(root: Path, new: Path) -> None:
    change_check(new)
    write(root, "scale")
    remember_passed(root)
    updated(root, new)

    undo.run(context_of(root), [])
    assert re.search(r"passed +scale", course_list.run(context_of(root), []).text)
    undo.run(context_of(root), [])
    assert re.search(r"recheck +scale", course_list.run(context_of(root), []).text)


def remember_passed(root: Path) -> None:
    context = context_of(root)
    (lesson,) = context.course.lessons
    passed = (CheckVerdict("c", "It holds.", Status.PASSED),)
    verdict = LessonVerdict(
        lesson.id,
        lesson.name,
        lesson.title,
        tuple(ExerciseVerdict(each.name, each.bonus, passed) for each in lesson.exercises),
    )
    context.store.remember("key", mine(root).read_bytes(), verdict)


def test_a_removed_exercise_leaves_the_students_code(root: Path, new: Path) -> None:
    remove_exercise(new)
    write(root, "scale")
    before = mine(root).read_text()

    said = updated(root, new).text

    assert mine(root).read_text() == before
    assert re.search(r"removed +scale .*your code stays", said)
    assert not (root / CODE).exists()
    assert before.encode() in [each.content for each in Store.open(root).versions(THREE)]


def test_a_moved_lesson_takes_the_students_file_along(root: Path, new: Path) -> None:
    move_lesson(new)
    write(root, "scale")
    before = mine(root).read_text()

    said = updated(root, new).text

    assert mine(root, FOUR).read_text() == before
    assert not mine(root).exists()
    assert not (root / "lessons" / THREE).exists()
    assert f"was 9.3 Three: your file is now exercises/{FOUR}.py" in said


def test_a_removed_lesson_leaves_a_file_with_code_and_takes_an_untouched_one(root: Path, new: Path) -> None:
    add_lesson(new)
    updated(root, new)
    older = made(new.parent / "older")
    edit(root, f"exercises/{FOUR}.py", 'raise NotImplementedError("TODO: scale")', "return 1")

    said = updated(root, older).text

    assert "return 1" in mine(root, FOUR).read_text()
    assert f"exercises/{FOUR}.py stays" in said
    assert not (root / "lessons" / FOUR).exists()


def test_a_new_lesson_beside_a_file_of_its_name_leaves_the_file(root: Path, new: Path) -> None:
    add_lesson(new)
    mine(root, FOUR).write_text("# my own notes\n")

    updated(root, new)

    assert "# my own notes\n" in mine(root, FOUR).read_text()


def test_what_the_student_changed_in_the_course_is_told_and_kept(root: Path, new: Path) -> None:
    change_check(new)
    edit(root, CODE, "def test_zero", "# my experiment\ndef test_zero")

    said = updated(root, new).text
    undo.run(context_of(root), [])

    assert f"You changed {CODE}: your version is kept" in said
    assert "# my experiment" in (root / CODE).read_text()


def test_notes_of_the_student_in_the_folder_of_a_lesson_stay(root: Path, new: Path) -> None:
    remove_exercise(new)
    (root / "lessons" / THREE / "my-notes.txt").write_text("mine")

    updated(root, new)

    assert (root / "lessons" / THREE / "my-notes.txt").read_text() == "mine"
    assert not (root / CODE).exists()


@pytest.mark.parametrize("content", [b"def f(:\n", b"\xff\xfe\0", b"x = 1\0", "é".encode("latin-1")])
def test_a_file_that_is_not_python_stops_the_update(root: Path, new: Path, content: bytes) -> None:
    change_docstring(new)
    mine(root).write_bytes(content)
    before = contents(root)

    with pytest.raises(UsageError, match=rf"Nothing was changed.\n.*{THREE}.*grade reset 9.3"):
        updated(root, new)

    assert contents(root) == before


def test_a_file_that_is_not_python_is_no_hindrance_where_its_starter_code_is_the_same(root: Path, new: Path) -> None:
    change_page(new)
    mine(root).write_bytes(b"def f(:\n")

    updated(root, new)

    assert mine(root).read_bytes() == b"def f(:\n"
    assert b"Three things" in (root / f"lessons/{THREE}/README.md").read_bytes()


def test_a_link_in_place_of_a_file_stops_the_update(root: Path, new: Path, tmp_path: Path) -> None:
    change_docstring(new)
    (tmp_path / "elsewhere.py").write_text("x = 1\n")
    mine(root).unlink()
    mine(root).symlink_to(tmp_path / "elsewhere.py")

    with pytest.raises(UsageError, match="is a link"):
        updated(root, new)

    assert (tmp_path / "elsewhere.py").read_text() == "x = 1\n"


def test_without_a_yes_nothing_changes_and_the_plan_is_shown(root: Path, new: Path) -> None:
    change_docstring(new)
    write(root, "scale")
    before = contents(root)
    said: list[str] = []
    context = Context(read_course(root), root / "exercises", Store.open(root), Style(), lambda _: "", write=said.append)

    answer = update.run(context, str(new), is_confirmed=False)

    assert contents(root) == before
    assert "recheck" in said[0]
    assert "add --yes" in answer.text


def test_a_yes_is_enough(root: Path, new: Path) -> None:
    change_docstring(new)

    update.run(context_of(root, "y"), str(new), is_confirmed=False)

    assert pages(root) == pages(new)


def test_the_pin_of_the_grader_follows_and_nothing_else_of_the_project(root: Path, new: Path) -> None:
    edit(root, "pyproject.toml", "==", "==0.0.1+old")
    project = root / "pyproject.toml"
    project.write_text(re.sub(r"==0\.0\.1\+old[\d.]+", "==0.0.1", project.read_text()) + '\n[tool.mine]\nx = "1"\n')

    said = updated(root, new).text

    assert "==0.0.1" not in project.read_text()
    assert '[tool.mine]\nx = "1"\n' in project.read_text()
    assert "uv pip install -r pyproject.toml" in said


@pytest.mark.parametrize("place", range(6))
def test_killed_in_the_middle_a_second_run_completes_it(
    root: Path, new: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    change_docstring(new)
    add_lesson(new)
    write(root, "total")
    before, write_file, count = contents(root), files.write, iter(range(100))

    def fail(path: Path, content: bytes, *, is_precious: bool = True) -> None:
        if next(count) == place:
            raise KeyboardInterrupt
        write_file(path, content, is_precious=is_precious)

    monkeypatch.setattr(files, "write", fail)
    with pytest.raises(KeyboardInterrupt):
        updated(root, new)
    monkeypatch.undo()
    if place == 0:
        assert contents(root) == before
    assert journal.is_unfinished(root) == (place > 0)

    updated(root, new)
    assert pages(root) == pages(new)
    assert not journal.is_unfinished(root)
    undo.run(context_of(root), [])
    assert contents(root) == before


def test_a_file_that_was_changed_after_the_kill_is_left_alone(
    root: Path, new: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_docstring(new)
    monkeypatch.setattr(journal, "_put", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        updated(root, new)
    monkeypatch.undo()
    mine(root).write_text("# written meanwhile\n")

    said = updated(root, new).text

    assert mine(root).read_text() == "# written meanwhile\n"
    assert f"exercises/{THREE}.py was changed meanwhile" in said


def test_a_full_disk_is_told_and_the_rest_follows(root: Path, new: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change_docstring(new)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "_put", full)
    with pytest.raises(Fault, match=r"No space left.*completes the rest"):
        updated(root, new)
    monkeypatch.undo()

    updated(root, new)
    assert pages(root) == pages(new)


def test_what_was_written_after_the_update_survives_undo(root: Path, new: Path) -> None:
    change_docstring(new)
    updated(root, new)
    write(root, "shift", "return 2  # after the update")
    after = mine(root).read_bytes()

    undo.run(context_of(root), [])
    assert b"after the update" not in mine(root).read_bytes()
    assert after in [each.content for each in Store.open(root).versions(THREE)]
    undo.run(context_of(root), [])
    assert mine(root).read_bytes() == after


def test_a_damaged_journal_is_told(root: Path, new: Path) -> None:
    (root / ".grade" / "changes").mkdir(parents=True)
    (root / ".grade" / "changes" / "0001.open").write_bytes(b"garbage")

    with pytest.raises(Fault, match=r"0001\.open cannot be read.*Move it away"):
        updated(root, new)


def test_without_an_update_there_is_nothing_to_take_back(root: Path) -> None:
    with pytest.raises(UsageError, match="never updated"):
        undo.run(context_of(root), [])


def test_this_folder_is_not_its_own_new_version(root: Path) -> None:
    with pytest.raises(UsageError, match="this folder itself"):
        updated(root, root)


def test_words_and_options() -> None:
    word, module, options = parse(["update", "--from", "x", "--yes"])

    assert (word, module, vars(options)["from"], options.yes) == ("update", update, "x", True)
    with pytest.raises(UsageError, match="takes no lesson"):
        update.command(context_of(Path.cwd()), parse(["update", "1.4"])[2])


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.none() | st.binary(max_size=3), st.none() | st.binary(max_size=3)),
        max_size=4,
        unique_by=lambda change: change[0],
    )
)
def test_a_journal_forth_and_back_is_where_it_began(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, bytes | None, bytes | None]]
) -> None:
    root = tmp_path_factory.mktemp("journal")
    for name, before, _ in changes:
        if before is not None:
            (root / f"{name}.txt").write_bytes(before)
    start = contents(root)
    forth = Journal(tuple(Change(f"{name}.txt", before, after) for name, before, after in changes))

    assert journal.finish(root, forth) == []
    assert contents(root) == {f"{name}.txt": after for name, _, after in changes if after is not None}
    assert journal.finish(root, forth.reversed(root)) == []
    assert contents(root) == start
