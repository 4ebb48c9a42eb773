"""`%%grade` in a real IPython shell: the cell goes into the file, the file is graded, and nothing is lost."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from grader import notebook
from grader.commands import Context, undo
from grader.course.model import read_course
from grader.errors import Fault, UsageError
from grader.live.events import Done, Faulted, Unusable
from grader.live.rounds import Rounds
from grader.progress.store import CELL, Store
from grader.reports.text import Style
from tests.small_lesson import write_lesson

RIGHT = "def scale(x, factor):\n    return x * factor\n"
WRONG = "def scale(x, factor):\n    return x + factor\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of one small lesson; its processes are started once for all tests."""
    lesson = write_lesson(tmp_path_factory.mktemp("course"))
    (lesson.root / "exercises").mkdir(exist_ok=True)
    return lesson.root


class Cells:
    """A shell in which the extension is loaded."""

    def __init__(self, root: Path) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        untyped: Any = InteractiveShell
        self.shell = untyped(config=config)
        self.root = root
        self.outputs: list[dict[str, str]] = []
        self.shell.display_pub.publish = lambda data, **_: self.outputs.append(data)

    def run(self, cell: str) -> str:
        """Run a cell, and return what it shows as text; raises the error of a cell that fails."""
        self.outputs.clear()
        self.shell.run_cell(cell).raise_error()
        return "\n".join(each["text/plain"] for each in self.outputs)

    def complaint(self, cell: str) -> str:
        """Return the error of a cell that is refused."""
        error = self.shell.run_cell(cell).error_in_exec
        assert type(error).__name__ == "UsageError", error
        return str(error)

    @property
    def file(self) -> Path:
        """The exercise file."""
        return self.root / "exercises" / "m9_1_scaling.py"


@pytest.fixture(scope="module")
def loaded(root: Path) -> Iterator[Cells]:
    """One shell for all tests: loading torch takes long."""
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        patch.chdir(root)
        patch.setenv("IPYTHONDIR", str(root / ".ipython"))
        patch.setattr("atexit.register", stack.callback)
        cells = Cells(root)
        cells.run("%load_ext grader.notebook")
        yield cells  # at the end, what was registered for the exit runs: that of the shell, too


@pytest.fixture
def cells(loaded: Cells, root: Path) -> Cells:
    """The shell, with the stub as the exercise file."""
    (lesson,) = read_course(root).lessons
    loaded.file.write_text(lesson.stub)
    return loaded


def test_a_cell_is_written_graded_shown_and_run(cells: Cells) -> None:
    said = cells.run(f"%%grade 9.1\n{WRONG}\nvalue = scale(1, 2)\n")
    assert "scale: written into exercises/m9_1_scaling.py. Your version is kept." in said
    assert "WRONG    scale" in said
    assert "You add the factor" in said
    assert "value" not in cells.file.read_text()
    assert "return x + factor" in cells.file.read_text()
    assert cells.shell.user_ns["value"] == 3
    pages = "".join(each["text/html"] for each in cells.outputs)
    assert "<strong>wrong</strong>" in pages
    assert '<img alt="You add the factor' in pages
    assert "<script" not in pages


def test_the_file_is_graded_not_the_notebook(cells: Cells) -> None:
    cells.run("helper = 3")
    said = cells.run("%%grade 9.1\ndef scale(x, factor):\n    return x * factor * helper / 3\n")
    assert "helper is not defined in the file" in said
    assert "RAISED   scale" in said


def test_a_right_cell_passes_and_a_second_run_writes_nothing(cells: Cells, root: Path) -> None:
    assert "passed   scale  5 of 5 points" in cells.run(f"%%grade 9.1\n{RIGHT}")
    kept = len(Store.open(root).versions("m9_1_scaling"))
    said = cells.run(f"%%grade 9.1\n{RIGHT}")
    assert "scale: as it is in exercises/m9_1_scaling.py." in said
    assert len(Store.open(root).versions("m9_1_scaling")) == kept


def test_the_version_before_is_kept_and_undo_restores_it(cells: Cells, root: Path) -> None:
    cells.file.write_text(cells.file.read_text() + "# mine\n")
    before = cells.file.read_bytes()
    cells.run(f"%%grade 9.1\n{WRONG}")
    store = Store.open(root)
    newest = store.versions("m9_1_scaling")[0]
    assert (newest.reason, newest.content) == (CELL, before)
    undo.run(Context(read_course(root), root / "exercises", store, Style(), lambda _: ""), ["9.1"])
    assert cells.file.read_bytes() == before


def test_a_function_that_was_changed_in_the_file_is_not_replaced(cells: Cells) -> None:
    cells.run(f"%%grade 9.1\n{RIGHT}")
    cells.file.write_text(cells.file.read_text().replace("x * factor", "factor * x"))
    mine = cells.file.read_bytes()
    said = cells.complaint(f"%%grade 9.1\n{WRONG}")
    assert "scale in exercises/m9_1_scaling.py changed since a cell of this notebook wrote it." in said
    assert "%load -s scale exercises/m9_1_scaling.py" in said
    assert cells.file.read_bytes() == mine
    assert "WRONG" in cells.run(f"%%grade 9.1 --replace\n{WRONG}")


def test_a_reset_function_is_written_again(cells: Cells, root: Path) -> None:
    cells.run(f"%%grade 9.1\n{RIGHT}")
    (lesson,) = read_course(root).lessons
    cells.file.write_text(lesson.stub)
    assert "written into" in cells.run(f"%%grade 9.1\n{RIGHT}")


def test_another_change_in_the_file_stays(cells: Cells) -> None:
    cells.run(f"%%grade 9.1\n{WRONG}")
    cells.file.write_text(f"{cells.file.read_text()}\n\ndef mine():\n    return 1\n")
    cells.run(f"%%grade 9.1\n{RIGHT}")
    assert "def mine():" in cells.file.read_text()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (f"%%grade\n{RIGHT}", "Name the lesson, as in %%grade LESSON"),
        (f"%%grade 9.1 scale\n{RIGHT}", "Name the lesson, as in %%grade LESSON"),
        (f"%%grade --help\n{RIGHT}", "Name the lesson, as in %%grade LESSON"),
        (f"%%grade 7.1\n{RIGHT}", "Lesson 7.1 isn't written yet"),
        (f"%%grade 9.1\n!ls\n{RIGHT}", "Line 2 is a notebook command"),
        (f"%%grade 9.1\n%matplotlib inline\n{RIGHT}", "Line 2 is a notebook command"),
        ("%%grade 9.1\nA loop, in words.\n", "Line 2"),
        ("%%grade 9.1\nx = 3\n", "defines no function of the lesson"),
    ],
)
def test_a_cell_that_cannot_be_written_says_why_and_does_not_run(cells: Cells, cell: str, said: str) -> None:
    before = cells.file.read_bytes()
    cells.shell.user_ns.pop("x", None)
    assert said in cells.complaint(cell)
    assert cells.file.read_bytes() == before
    assert "x" not in cells.shell.user_ns


def test_a_file_that_is_not_text_or_a_link_is_left_alone(cells: Cells, tmp_path: Path) -> None:
    cells.file.write_bytes(b"x = '\xff'\n")
    assert "is not UTF-8 text (byte 5)" in cells.complaint(f"%%grade 9.1\n{RIGHT}")
    cells.file.unlink()
    cells.file.symlink_to(tmp_path / "elsewhere.py")
    assert "is a link" in cells.complaint(f"%%grade 9.1\n{RIGHT}")
    cells.file.unlink()
    assert "There was no file before." in cells.run(f"%%grade 9.1\n{RIGHT}")


def test_line_ends_of_windows_stay(cells: Cells) -> None:
    cells.file.write_bytes(cells.file.read_bytes().replace(b"\n", b"\r\n"))
    cells.run(f"%%grade 9.1\n{WRONG}")
    content = cells.file.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 5


def test_a_course_that_is_not_there_and_an_engine_that_is_gone_are_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = notebook.Notebook(root, Style())
    monkeypatch.setattr(notebook.Engine, "_hear", staticmethod(lambda _: [Done(None, "", 0.0)]))
    monkeypatch.setattr(Rounds, "open", lambda *_: [Faulted("scale", "It ended.")])
    with pytest.raises(Fault, match=r"There is no verdict on scale: It ended\."):
        found.grade("9.1", RIGHT.replace("x * factor", "x * factor * 1"), lambda _: None)
    assert found.engine._rounds is None
    monkeypatch.setattr(Rounds, "open", lambda *_: [Unusable("It cannot be read.")])
    with pytest.raises(UsageError, match="It cannot be read"):
        found.grade("9.1", RIGHT, lambda _: None)
