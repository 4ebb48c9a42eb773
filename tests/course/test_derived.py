"""`grade new` and `grade sync`: what follows from a solution, and that a student's work is never overwritten."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.audit import text
from grader.commands import Answer, Context, new, sync
from grader.course import overview, rules
from grader.course.derived import is_stub, texts_of
from grader.course.model import read_course
from grader.course.stub import derive_stub
from grader.errors import CourseError, UsageError
from grader.progress.store import Store
from grader.reports.text import Style
from tests.conftest import ROOT

LESSON = "m1_7_momentum"
EXERCISE = "run_momentum"


def context(root: Path) -> Context:
    return Context(read_course(root), root / "exercises", Store.open(root), Style(), lambda _: "")


def make(root: Path, *words: str, exercise: str | tuple[str, ...] = EXERCISE) -> Answer:
    exercises = (exercise,) if isinstance(exercise, str) else exercise
    return new.run(context(root), words, exercises=exercises)


def bring(root: Path, *words: str, check: bool = False) -> Answer:
    return sync.run(context(root), words, check=check)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which a lesson was just made."""
    root = tmp_path_factory.mktemp("course")
    for folder in ("lessons", "solutions", "exercises"):
        (root / folder).mkdir()
    make(root, "1.7", "momentum")
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "course"))


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".grade" not in path.parts and "__pycache__" not in path.parts
    }


def test_a_new_lesson_has_four_files_to_write_and_three_that_follow(made: Path) -> None:
    assert sorted(files(made)) == [
        f"exercises/{LESSON}.py",
        f"lessons/{LESSON}/README.md",
        f"lessons/{LESSON}/figures/error.svg",
        *(f"lessons/{LESSON}/{name}" for name in (f"{EXERCISE}.md", f"{EXERCISE}.py", "shipped.sha256")),
        f"solutions/{LESSON}.py",
    ]
    assert not [name for name, content in files(made).items() if re.search(rb"@[A-Z]+@", content)]


def test_a_new_lesson_is_up_to_date(made: Path) -> None:
    answer = bring(made, check=True)

    assert (answer.exit_code, answer.text) == (0, "Everything is up to date in 1.7.")


@pytest.mark.parametrize(
    "name", [f"exercises/{LESSON}.py", f"solutions/{LESSON}.py", f"lessons/{LESSON}/{EXERCISE}.md"]
)
def test_nothing_is_overwritten_by_a_new_lesson(tmp_path: Path, name: str) -> None:
    for folder in ("lessons", "solutions", "exercises"):
        (tmp_path / folder).mkdir()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")

    with pytest.raises(UsageError, match=r"exists|Lesson 1\.7"):
        make(tmp_path, "1.7", "momentum")
    assert files(tmp_path) == {name: b"mine"}


def test_a_number_is_given_once(root: Path) -> None:
    with pytest.raises(UsageError, match=r"Lesson 1\.7 already exists: lessons/m1_7_momentum"):
        make(root, "1.7", "drift")


@pytest.mark.parametrize("words", [(), ("1.8",), ("1.8", "a", "b"), ("1", "drift"), ("1.8", "Drift"), ("1.8", "../x")])
def test_a_lesson_needs_a_number_and_a_topic(root: Path, words: tuple[str, ...]) -> None:
    before = files(root)

    with pytest.raises(UsageError, match="grade new"):
        make(root, *words)
    assert files(root) == before


@pytest.mark.parametrize("exercise", ["", "1x", "def", "_private", "a b", "a.b"])
def test_an_exercise_needs_a_name(root: Path, exercise: str) -> None:
    with pytest.raises(UsageError, match="--exercise"):
        make(root, "1.8", "drift", exercise=exercise)


MORE = "run_drift"
"""One more exercise."""


def test_one_more_exercise_has_two_files_a_function_and_a_section(root: Path) -> None:
    before = files(root)

    answer = make(root, "1.7", exercise=MORE)
    after = files(root)

    assert answer.exit_code == 0
    assert sorted(set(after) - set(before)) == [f"lessons/{LESSON}/{MORE}.md", f"lessons/{LESSON}/{MORE}.py"]
    assert sorted(name for name in before if before[name] != after[name]) == [
        f"exercises/{LESSON}.py",
        f"lessons/{LESSON}/README.md",
        f"lessons/{LESSON}/shipped.sha256",
        f"solutions/{LESSON}.py",
    ]
    assert [exercise.name for exercise in read_course(root).lessons[0].exercises] == [EXERCISE, MORE]
    readme = after[f"lessons/{LESSON}/README.md"].decode()
    assert readme.index(f"### Exercise 2: {MORE}") < readme.index("## Summary") < readme.index(f"### {MORE}\n")
    assert bring(root, "1.7", check=True).exit_code == 0


def test_the_checks_of_one_more_exercise_have_names_of_their_own(root: Path) -> None:
    make(root, "1.7", exercise=MORE)

    lesson = read_course(root).lessons[0]
    assert rules.errors_of(lesson) == []
    assert len({check.name for check in lesson.checks}) == len(lesson.checks)
    assert text.examine(lesson) == []


def test_a_lesson_and_a_later_command_make_several_exercises_at_once(root: Path) -> None:
    assert make(root, "1.8", "drift", exercise=("first", "second")).exit_code == 0
    assert make(root, "1.8", exercise=("third", "fourth")).exit_code == 0

    lesson = read_course(root).find("1.8")
    assert [exercise.name for exercise in lesson.exercises] == ["first", "second", "third", "fourth"]
    assert rules.errors_of(lesson) == []
    assert text.examine(lesson) == []
    readme = (lesson.folder / "README.md").read_text()
    assert [line for line in readme.splitlines() if line.startswith("### Exercise ")] == [
        "### Exercise 1: first",
        "### Exercise 2: second",
        "### Exercise 3: third",
        "### Exercise 4: fourth",
    ]
    assert bring(root, "1.8", check=True).exit_code == 0


def test_an_exercise_is_named_once_in_a_command(root: Path) -> None:
    before = files(root)

    with pytest.raises(UsageError, match="--exercise twice is given twice"):
        make(root, "1.8", "drift", exercise=("twice", "other", "twice"))
    with pytest.raises(UsageError, match=r"Lesson 1\.7 already has an exercise"):
        make(root, "1.7", exercise=("other", EXERCISE))
    with pytest.raises(UsageError, match=r"add to the lesson: grade new 1\.7 --exercise a --exercise b$"):
        make(root, "1.7", "drift", exercise=("a", "b"))
    assert files(root) == before


def test_a_function_that_the_solution_has_already_gets_a_frame_for_its_files(root: Path) -> None:
    solution = root / "solutions" / f"{LESSON}.py"
    change(
        solution,
        "\n\n\nif __name__",
        '\n\n\ndef drift(x: float) -> float:\n    """Return x."""\n    return x\n\n\nif __name__',
    )
    own = solution.read_bytes()

    answer = make(root, "1.7", exercise="drift")

    assert answer.exit_code == 0
    assert solution.read_bytes() == own
    lesson = read_course(root).find("1.7")
    assert rules.errors_of(lesson) == []
    assert [check.name for check in lesson.files["drift"].checks] == ["test_drift_value"]
    assert lesson.texts["drift"].missing_hints
    assert "TODO: drift" in (root / "exercises" / f"{LESSON}.py").read_text()
    assert any("expected 3 hints" in str(finding) for finding in text.examine(lesson))
    with pytest.raises(UsageError, match="already has an exercise drift"):
        make(root, "1.7", exercise="drift")


@pytest.mark.parametrize("name", [f"{MORE}.py", f"{MORE}.md"])
def test_nothing_is_overwritten_by_one_more_exercise(root: Path, name: str) -> None:
    (root / "lessons" / LESSON / name).write_text("mine")
    before = files(root)

    with pytest.raises(UsageError, match=rf"lessons/{LESSON}/{name} already exists and is not overwritten"):
        make(root, "1.7", exercise=MORE)
    assert files(root) == before


def test_an_exercise_is_made_once(root: Path) -> None:
    before = files(root)

    with pytest.raises(UsageError, match=f"Lesson 1.7 already has an exercise {EXERCISE}"):
        make(root, "1.7", exercise=EXERCISE)
    assert files(root) == before


def test_a_readme_without_a_place_for_one_more_exercise_is_told_and_nothing_is_written(root: Path) -> None:
    change(root / "lessons" / LESSON / "README.md", "## Exercises", "## Tasks")
    before = files(root)

    with pytest.raises(
        CourseError,
        match=rf"^lessons/{LESSON}/README\.md:1: it must have a section Exercises, followed by a section Summary",
    ):
        make(root, "1.7", exercise=MORE)
    assert files(root) == before


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def rename_an_argument(root: Path) -> None:
    """Change the solution, and the mistakes that quote it."""
    for path in (root / "solutions" / f"{LESSON}.py", root / "lessons" / LESSON / f"{EXERCISE}.md"):
        change(path, "guesses", "values")


def test_a_changed_solution_makes_stub_and_readme_stale_and_sync_mends_both(root: Path) -> None:
    rename_an_argument(root)
    before = files(root)

    answer = bring(root, "1.7", check=True)
    assert answer.exit_code == 1
    assert f"exercises/{LESSON}.py:1: is stale" in answer.text
    assert f"lessons/{LESSON}/README.md:1: is stale" in answer.text
    assert files(root) == before

    assert bring(root, "1.7").exit_code == 0
    assert "values" in (root / "exercises" / f"{LESSON}.py").read_text()
    assert bring(root, "1.7", check=True).exit_code == 0


def test_nothing_but_the_solution_stands_in_the_section_solutions(root: Path) -> None:
    readme = root / "lessons" / LESSON / "README.md"
    kept = readme.read_text()
    change(readme, "\n## Solutions\n", "\n## Solutions\n\nDraft.\n")
    assert bring(root, "1.7").exit_code == 0
    assert readme.read_text() == kept


def test_a_changed_solution_in_which_a_mistake_does_not_apply_any_more_is_told_at_the_mistake(root: Path) -> None:
    change(root / "solutions" / f"{LESSON}.py", ".mean().item()", ".sum().item() / len(targets)")
    before = files(root)
    text = before[f"lessons/{LESSON}/{EXERCISE}.md"].decode()
    line = text[: text.index("- `.mean()` becomes `.sum()`")].count("\n") + 1

    with pytest.raises(CourseError, match=rf"^lessons/{LESSON}/{EXERCISE}\.md:{line}: `\.mean\(\)` does not occur in"):
        bring(root)
    assert files(root) == before


@pytest.mark.parametrize(
    ("name", "words"),
    [(f"{EXERCISE}.py", "Right answers in other styles"), (f"{EXERCISE}.md", "You take the square root")],
)
def test_a_changed_file_of_an_exercise_makes_the_list_stale_and_sync_mends_it(
    root: Path, name: str, words: str
) -> None:
    change(root / "lessons" / LESSON / name, words, f"{words}, too")

    assert f"lessons/{LESSON}/shipped.sha256:1: is stale" in bring(root, check=True).text
    assert bring(root).exit_code == 0
    assert bring(root, check=True).exit_code == 0


def test_a_filled_exercise_file_is_left_alone_and_it_is_said_how_to_begin_anew(root: Path) -> None:
    path = root / "exercises" / f"{LESSON}.py"
    change(path, f'raise NotImplementedError("TODO: {EXERCISE}")', "return 1.0")
    mine = path.read_bytes()
    rename_an_argument(root)

    answer = bring(root)

    assert path.read_bytes() == mine
    assert answer.exit_code == 1
    assert f"exercises/{LESSON}.py is no longer the stub, so it was left alone." in answer.text
    assert "grade reset 1.7" in answer.text


def test_what_is_nested_without_end_is_kept_as_a_student_s_work(root: Path, nested: bytes) -> None:
    path = root / "exercises" / f"{LESSON}.py"
    path.write_bytes(b"# NotImplementedError\n" + nested)

    assert "is no longer the stub, so it was left alone" in bring(root, check=True).text


@pytest.mark.parametrize("content", [b"def f(:\n", b"x = 1\n", b"\x00"])
def test_what_is_not_a_stub_is_kept_as_a_student_s_work(root: Path, content: bytes) -> None:
    path = root / "exercises" / f"{LESSON}.py"
    path.write_bytes(content)

    assert bring(root).exit_code == 1
    assert path.read_bytes() == content


def test_a_figure_that_looks_another_way_is_drawn_anew(root: Path) -> None:
    figure = root / "lessons" / LESSON / "figures" / "error.svg"
    kept = figure.read_bytes()
    change(root / "lessons" / LESSON / "README.md", "axes.plot(shifts.numpy(), errors)", "axes.bar([1, 2], [3, 1])")

    assert "figures/error.svg:1: is stale" in bring(root, check=True).text
    assert figure.read_bytes() == kept
    bring(root)
    assert figure.read_bytes() != kept
    assert bring(root, check=True).exit_code == 0


def test_a_figure_that_no_block_draws_is_told_and_not_removed(root: Path) -> None:
    extra = root / "lessons" / LESSON / "figures" / "old.png"
    extra.write_bytes(b"old")

    answer = bring(root)

    assert answer.exit_code == 1
    assert "figures/old.png:1: no block of the README draws this figure" in answer.text
    assert extra.read_bytes() == b"old"


def test_a_block_that_breaks_is_told_with_its_line(root: Path) -> None:
    change(root / "lessons" / LESSON / "README.md", "axes.plot(shifts.numpy(), errors)", "axes.plt()")

    answer = bring(root)

    assert answer.exit_code == 1
    assert f"lessons/{LESSON}/README.md:" in answer.text
    assert "raises AttributeError" in answer.text


def test_a_solution_with_a_syntax_error_is_told_with_its_line(root: Path) -> None:
    (root / "solutions" / f"{LESSON}.py").write_text("\n\ndef f(:\n")

    with pytest.raises(CourseError, match=rf"solutions/{LESSON}\.py:3: syntax error: "):
        bring(root)


def test_this_course_is_up_to_date() -> None:
    course = read_course(ROOT)
    every = [*overview.texts_of(course), *(each for lesson in course.lessons for each in texts_of(lesson))]

    assert [derived.path.name for derived in every if derived.is_stale and not derived.is_kept] == []
    assert overview.BEGIN in (ROOT / "README.md").read_text()


TABLE = """\
# A course

<!-- grade sync: lessons -->
| | **Module 1: First things** |
<!-- end of lessons -->

After it.
"""


def test_a_new_lesson_appears_in_the_readme_of_the_course(root: Path) -> None:
    (root / "README.md").write_text(TABLE)

    assert "README.md:1: is stale: the table of the lessons" in bring(root, "1.7", check=True).text
    make(root, "2.1", "drift")

    assert (
        (root / "README.md").read_text()
        == f"""\
# A course

<!-- grade sync: lessons -->
| lesson | title |
| --- | --- |
| | **Module 1: First things** |
| 1.7 | [Momentum](lessons/{LESSON}/README.md) |
| | **Module 2: TITLE** |
| 2.1 | [Drift](lessons/m2_1_drift/README.md) |
<!-- end of lessons -->

After it.
"""
    )
    assert bring(root, check=True).exit_code == 0


@pytest.mark.parametrize("text", ["", "# A course\n", "<!-- grade sync: lessons -->\n", "<!-- end of lessons -->\n"])
def test_a_readme_without_a_place_for_the_table_is_left_alone(root: Path, text: str) -> None:
    (root / "README.md").write_text(text)

    assert bring(root, "1.7").exit_code == 0
    assert (root / "README.md").read_text() == text


def test_a_title_cannot_break_the_table(root: Path) -> None:
    (root / "README.md").write_text(TABLE)
    change(root / "lessons" / LESSON / "README.md", "# 1.7 Momentum", "# 1.7 a | b](x)")

    bring(root)

    assert f"| 1.7 | [a \\| b\\](x)](lessons/{LESSON}/README.md) |" in (root / "README.md").read_text()


@given(st.sampled_from(sorted((ROOT / "solutions").glob("*.py"))))
def test_a_stub_is_a_stub_and_a_solution_is_not(path: Path) -> None:
    source = path.read_text()

    assert is_stub(derive_stub(source))
    assert not is_stub(source)
