"""`grade class`, `grade mistakes suggest` and `grade redteam` as an instructor gives them, with real judges."""

import ast
import contextlib
import csv
import importlib
import io
import itertools
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor

from grader.classes.collect import Submission
from grader.classes.dask import on_cluster
from grader.classes.database import NAME, Ledger
from grader.classes.run import Wish
from grader.commands import mistakes
from grader.commands.redteam import read_corpus
from grader.course.drafts import READ, function_from
from grader.course.exercise_text import ExerciseText, parse_exercise_text
from grader.course.model import Course, Lesson
from grader.course.submission import Source
from grader.errors import UsageError
from tests.classroom import CASES, LESSON, SOLUTION, STUB, make_small_class
from tests.conftest import ROOT
from tests.nursery import grade_command
from tests.patience import PATIENCE, comes_true

GRADE = str(Path(sys.executable).with_name("grade"))
STUDENTS = 14
CUBED = SOLUTION.replace("(y - predictions) ** 2).mean(dim=-1)", "(y - predictions) ** 3).mean(dim=-1)", 1)
CUBED_IN_A_LOOP = SOLUTION + (
    "\n\ndef _cube(number):\n    return number * number * number\n"
    "\n\ndef compute_grid(x, y, w_values, b_values):\n"
    '    """Mine."""\n'
    "    grid = torch.zeros(len(w_values), len(b_values))\n"
    "    for i, w in enumerate(w_values):\n"
    "        for j, b in enumerate(b_values):\n"
    "            grid[i, j] = _cube(y - w * x - b).mean()\n"
    "    return grid\n"
)


def run(*words: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*grade_command(), *words], cwd=cwd, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def hand_in(folder: Path, content: str | bytes) -> None:
    folder.mkdir(parents=True)
    (folder / f"{LESSON}.py").write_bytes(content if isinstance(content, bytes) else content.encode())


def verdicts(out: Path) -> int:
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(out / NAME)) as database:
        return int(database.execute("SELECT count(*) FROM verdict").fetchone()[0])
    return 0


def doubtful_files(out: Path) -> int:
    """Return how many files have a verdict that may be the machine's."""
    with contextlib.closing(sqlite3.connect(out / NAME)) as database:
        return int(database.execute("SELECT count(DISTINCT content) FROM unrepeatable").fetchone()[0])


def alive(session: int) -> list[int]:
    """Return the processes of a session that still run."""
    said = subprocess.run(["ps", "-o", "pid=,stat=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in said.stdout.splitlines() if not line.split()[1].startswith("Z")]


def is_gone(process: "subprocess.Popen[bytes]") -> bool:
    """Tell whether a run has left no process."""
    return not alive(process.pid)


def has_got_further(process: "subprocess.Popen[bytes]", out: Path, graded: int) -> bool:
    """Tell whether a run has graded more files than these, or has ended."""
    return verdicts(out) > graded or process.poll() is not None


def test_killed_three_times_it_ends_with_the_same_files(three: Lesson, tmp_path: Path) -> None:
    make_small_class(tmp_path / "class", STUDENTS)
    words = ("class", str(tmp_path / "class"), "--out")
    for name in ("undisturbed", "out"):
        (tmp_path / name).mkdir()
        with Ledger(tmp_path / name / NAME) as ledger:
            ledger.note("secret", "the same for both")
    undisturbed = run(*words, str(tmp_path / "undisturbed"), cwd=three.root)
    assert undisturbed.returncode == 0, undisturbed.stderr
    assert f"{STUDENTS} of {STUDENTS} files graded" in undisturbed.stderr

    out, graded, doubtful, exercises = tmp_path / "out", 0, 0, len(three.exercises)
    for _ in range(3):
        process = subprocess.Popen(
            [GRADE, *words, str(out)], cwd=three.root, stderr=subprocess.PIPE, start_new_session=True
        )
        comes_true(has_got_further, process, out, graded)
        process.kill()
        process.communicate()
        graded, doubtful = verdicts(out), doubtful_files(out)
        assert comes_true(is_gone, process), "a judge or a worker has outlived the run"
    last = run(*words, str(out), cwd=three.root)

    assert graded >= 3 * exercises
    known = graded // exercises - doubtful
    assert f"{STUDENTS - known} different files graded, {known} already known" in last.stdout
    for name in ("grades.csv", "summary.json", "summary.md"):
        assert (out / name).read_bytes() == (tmp_path / "undisturbed" / name).read_bytes()
    reports = sorted(path.name for path in (out / "students").iterdir())
    assert reports == sorted(path.name for path in (tmp_path / "undisturbed" / "students").iterdir())
    assert len(reports) == 2 * STUDENTS


SPY = f"""
import glob, os
import torch
found = []
for path in ("/tmp", "..", "../..", os.environ.get("TMPDIR", "."), {str(ROOT)!r} + "/solutions"):
    try:
        found += os.listdir(path)
    except OSError:
        pass
for path in glob.glob("/tmp/*/*/*.py") + [{str(ROOT)!r} + "/solutions/{LESSON}.py"]:
    try:
        found.append(open(path).read())
    except OSError:
        pass
print("SPIED", [name for name in found if "compute" in name or "victim" in name])
def compute_grid(x, y, w_values, b_values):
    return torch.zeros(1)
"""


def test_what_an_instructor_does_with_a_class(tmp_path: Path) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    hand_in(folder / "right", SOLUTION)
    hand_in(folder / "stub", STUB)
    hand_in(folder / "copy", STUB)
    hand_in(folder / "victim", f"{SOLUTION}\n# victim's secret\n")
    hand_in(folder / "spy", SPY)
    hand_in(folder / "table", (CASES / "hostile" / "answers_looked_up_in_a_table.py").read_bytes())
    hand_in(folder / "cubed", CUBED)
    hand_in(folder / "cubed-too", CUBED_IN_A_LOOP)
    (folder / "spy" / "conftest.py").write_text("raise SystemExit('the conftest was run')")
    (folder / "spy" / "torch.py").write_text("raise SystemExit('the torch.py was run')")
    first = run("class", str(folder), "1.4", "--out", str(out))

    assert first.returncode == 0, first.stderr
    assert "8 students, lesson 1.4: 7 different files graded, 0 already known" in first.stdout
    rows = {row[0]: row[3:-1] for row in csv.reader(io.StringIO((out / "grades.csv").read_text(encoding="utf-8-sig")))}
    assert rows["right"] == rows["victim"] == ["33", "33", "33", "passed"]
    assert rows["stub"] == rows["copy"] == rows["spy"] == rows["table"] == ["0", "0", "33", "not passed"]
    spied = json.loads((out / "students" / "spy.json").read_text())
    outputs = {check["output"] for exercise in spied["lessons"][0]["exercises"] for check in exercise["checks"]}
    assert not any("secret" in output or "return" in output for output in outputs)
    summary = (out / "summary.md").read_text()
    assert "spy: ignored: conftest.py; ignored: torch.py" in summary
    assert "compute\\_grid, 2 students (cubed, cubed-too), 2 different files" in summary.replace(
        "compute_grid", "compute\\_grid"
    )

    suggested = run("mistakes", "suggest", str(out))
    assert suggested.returncode == 0, suggested.stderr
    assert "1.4 compute_grid: 2 students, 2 different files" in suggested.stdout
    assert "recorded calls of 2 files as the students' code does." in " ".join(suggested.stdout.split())
    assert "def compute_grid" not in suggested.stdout
    (draft,) = pasted(suggested.stdout).mistakes
    (edit,) = draft.edits
    assert edit.new == edit.old.replace("** 2", "** 3") != edit.old
    assert edit.old in SOLUTION

    again = run("class", str(folder), "1.4", "--out", str(out))
    assert "0 different files graded, 7 already known" in again.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("class",), "Name the submissions folder"),
        (("class", "tests"), "Name the submissions folder"),
        (("class", "nowhere", "--out", "x"), "nowhere is not a folder"),
        (("class", "tests", "9.9", "--out", "x"), "Lesson 9.9 isn't written yet"),
        (("mistakes",), "grade mistakes suggest OUT"),
        (("mistakes", "suggest", "tests"), "has no results of grade class"),
        (("redteam", "a", "b"), "grade redteam WORD"),
        (("redteam", "no attack is about this"), "No attack matches"),
    ],
)
def test_usage(words: tuple[str, ...], says: str) -> None:
    said = run(*words)

    assert said.returncode == 2
    assert says in said.stderr
    assert not said.stdout


def test_a_cluster_without_dask_says_what_to_install(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    wish = Wish(course, tmp_path, tmp_path)
    with pytest.raises(UsageError, match="uv sync --extra cluster"), on_cluster("tcp://x:1", wish)([]):
        pass


def test_the_corpus_is_large_and_an_attack_gets_nothing(course: Course) -> None:
    assert len(read_corpus(course)) >= 70

    said = run("redteam", "pickle")
    assert said.returncode == 0, said.stdout
    assert run("redteam", "Answer is no dict").stdout.splitlines()[-2].startswith("1 attack tried")
    assert "0 succeeded, 0 broke the grader" in said.stdout
    assert "No attack got a point that it had not earned." in said.stdout
    assert "held" in said.stdout


def test_redteam_says_what_has_won(tmp_path: Path) -> None:
    """A course whose check can be satisfied by nothing, and an attack that finds out."""
    for name in ("lessons/m1_1_easy", "solutions", "tests/cases/hostile"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "course.toml").write_text('title = "Easy"\n')
    (tmp_path / "solutions" / "m1_1_easy.py").write_text(
        'def nothing(x: float) -> float:\n    """Return x."""\n    return x\n'
    )
    (tmp_path / "lessons" / "m1_1_easy" / "nothing.py").write_text(
        'def test_nothing(nothing):\n    """It is called."""\n    nothing(1.0)\n'
    )
    (tmp_path / "tests" / "cases" / "hostile" / "lucky.py").write_text(
        "# attack: returns another number\n# expect: nothing=wrong\ndef nothing(x):\n    return 2.0\n"
    )
    said = subprocess.run([*grade_command(), "redteam"], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert said.returncode == 1, said.stderr
    assert "WON    returns another number: passed, 2 points" in said.stdout
    assert "Please report these as described in SECURITY.md: lucky" in said.stdout


@pytest.mark.parametrize(
    ("content", "has"),
    [
        (
            b"def compute_grid(x, y, w, b):\n    return _helper(w)\n\n\ndef _helper(w):\n    return w\n",
            "def _helper(w):",
        ),
        (
            b"@cache\ndef compute_grid(a, b):\n    '''Mine.'''\n    return a\n",
            "def compute_grid(a, b) -> Tensor:",
        ),
        (b"def compute_grid(x, y, w, b):\n    '''Only words.'''\n", "pass"),
        (b"compute_grid = lambda *a: 0\n", ""),
        (b"def compute_grid(:\n", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_a_draft_of_a_mistake(content: bytes, has: str, lesson: Lesson) -> None:
    draft = function_from(content, lesson, "compute_grid")

    assert has in draft
    assert bool(draft) == bool(has)
    assert "Mine" not in draft
    assert "@" not in draft


RUNS = "open('ran', 'w').close()"
DEFINITIONS = {
    "a default": f"def compute_grid(x, y, w, b={RUNS}):\n    return w\n",
    "a default of a keyword": f"def compute_grid(x, y, w, b, *, c={RUNS}, d):\n    return w\n",
    "a decorator": f"@({RUNS} or (lambda f: f))\ndef compute_grid(x, y, w, b):\n    return w\n",
    "an annotation": f"def compute_grid(x: {RUNS}, /, y, w, b, *c: {RUNS}, **d: {RUNS}) -> {RUNS}:\n    return w\n",
    "another number of arguments": f"def compute_grid(x: {RUNS}) -> {RUNS}:\n    return x\n",
    "a helper's default": f"def f(w={RUNS}):\n    return w\n\n\ndef compute_grid(x, y, w, b):\n    return f(w)\n",
    "a helper's decorator": f"@({RUNS})\ndef f(w):\n    return w\n\n\ndef compute_grid(x, y, w, b):\n    return f(w)\n",
    "a class": f"class F(({RUNS}, int)[1]):\n    {RUNS}\n\n\ndef compute_grid(x, y, w, b):\n    return F(w)\n",
    "a metaclass": f"class F(metaclass={RUNS}):\n    pass\n\n\ndef compute_grid(x, y, w, b):\n    return F(w)\n",
    "a statement": f"{RUNS}\n\n\ndef compute_grid(x, y, w, b):\n    return w\n",
}


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_nothing_of_a_draft_runs_where_it_is_loaded(
    definition: str, lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    draft = function_from(definition.encode(), lesson, "compute_grid")
    loaded: dict[str, object] = {"Tensor": Tensor}
    exec(draft, loaded)

    assert callable(loaded["compute_grid"])
    assert not (tmp_path / "ran").exists()


def test_a_draft_does_what_the_student_s_function_does(lesson: Lesson) -> None:
    """Its helpers are at hand, with their defaults, and none takes the place of an argument."""
    code = (
        "def x():\n    return 7\n\n\ndef twice(a, n=2):\n    return Times(n).of(a)\n\n\n"
        "class Times:\n    def __init__(self, n):\n        self.n = n\n\n"
        "    def of(self, a):\n        return self.n * a\n\n\ndef compute_grid(x, y, w, b):\n    return twice(x) + w\n"
    )
    loaded: dict[str, Any] = {"Tensor": Tensor}
    exec(function_from(code.encode(), lesson, "compute_grid"), loaded)

    assert loaded["compute_grid"](10, None, 1, None) == 21


def pasted(drafts: str) -> ExerciseText:
    """Return what the text of compute_grid says when these drafts are pasted into it, each with a name of its own."""
    numbers = itertools.count()
    named = re.sub(r"(?m)^### NAME$", lambda _: f"### draft_{next(numbers)}", drafts)
    begin = "# compute_grid\n\n## Hints\n\n1. What?\n2. So.\n3. `line`\n\n## Known mistakes\n\n"
    return parse_exercise_text(f"{begin}{named}\n", "compute_grid", "compute_grid.md")


def test_what_is_suggested_is_a_known_mistake_and_says_what_was_raised(
    course: Course, lesson: Lesson, tmp_path: Path
) -> None:
    """What stands in a summary may hold anything that a student or a folder is called."""
    students = ("Lovelace, Ada", "two\nlines", "a\r\u2028b", "end --> of", "end --!> of")
    file = Source(f"{LESSON}.py", b"def compute_grid(x, y, w, b):\n    return x.no_such\n")
    cluster = {
        "lesson": lesson.name,
        "exercise": "compute_grid",
        "students": students,
        "files": 2,
        "counterexample": "compute_grid(\n    x=1,\n)",
        "returned": "",
        "wanted": "",
    }
    raised = {**cluster, "message": "compute_grid raises AttributeError:\n'Tensor' has no\rsuch"}
    wrong = {**cluster, "returned": "tensor(1.)\n", "wanted": "2.", "message": "It is not so."}
    silent = {**cluster, "counterexample": "", "students": ()}
    (tmp_path / "summary.json").write_text(json.dumps({"clusters": [raised, wrong, silent]}))
    with Ledger(tmp_path / NAME) as ledger:
        ledger.enter(Submission(student, "", "", {lesson.name: file}, ()) for student in students)
    said = mistakes.run(course, ["suggest", str(tmp_path)]).text

    assert [(each.function, each.explanation) for each in pasted(said).mistakes] == [
        ("def compute_grid(x: Tensor, y: Tensor, w: Tensor, b: Tensor) -> Tensor:\n    return x.no_such\n", READ)
    ] * 2
    first, second, third = said.split("1.4 compute_grid: ")[1:]
    names = "Lovelace, Ada; two\\nlines; a\\r\\u2028b; end -- > of; end -- !> of"
    assert f"\n{names}\n  compute_grid(\n      x=1,\n  )\n" in first
    assert "\n  the check says  compute_grid raises AttributeError:\n                  'Tensor' has no" in first
    assert "they return" not in first + third
    assert "\n  they return     tensor(1.)\\n\n  expected        2.\n" in second
    assert "the check says" not in second + third
    assert said.count("This is a student's code: read it before you copy it.") == 3
    assert said.count("For lessons/m1_4_loss_landscape/compute_grid.md, from the shortest of these files.") == 3

    (tmp_path / "summary.json").write_text(json.dumps({"clusters": []}))
    nothing = mistakes.run(course, ["suggest", str(tmp_path)]).text
    assert "there is nothing to suggest" in nothing
    assert not pasted(nothing).mistakes


def texts_of(code: str) -> list[str]:
    """Return the texts that some code holds."""
    return [
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("text", ["```", "~~~~", "````python", "<!--", "-->", "## Hints"])
def test_no_text_in_a_student_s_code_ends_its_fence(course: Course, lesson: Lesson, tmp_path: Path, text: str) -> None:
    """The text stands at the beginning of a line where it is in the docstring of a helper."""
    lines = f'"""\n{text}\n\n### other\n\nA sentence.\n"""'
    codes = {
        "in a literal": f"def compute_grid(x, y, w, b):\n    return {lines}\n",
        "in a docstring": f"def f(w):\n    {lines}\n    return w\n\n\ndef compute_grid(x, y, w, b):\n    return f(w)\n",
    }
    cluster = {"lesson": lesson.name, "exercise": "compute_grid", "files": 1, "returned": "", "wanted": ""}
    clusters = [{**cluster, "students": [name], "counterexample": text, "message": text} for name in codes]
    (tmp_path / "summary.json").write_text(json.dumps({"clusters": clusters}))
    with Ledger(tmp_path / NAME) as ledger:
        files = {name: Source(f"{LESSON}.py", code.encode()) for name, code in codes.items()}
        ledger.enter(Submission(name, "", "", {lesson.name: file}, ()) for name, file in files.items())
    said = mistakes.run(course, ["suggest", str(tmp_path)]).text
    found = pasted(said).mistakes

    assert f"\n{text}\n" in said
    assert [(each.name, each.explanation) for each in found] == [("draft_0", READ), ("draft_1", READ)]
    assert [texts_of(each.function) for each in found] == [texts_of(code) for code in codes.values()]


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, b"interrupted"), (signal.SIGTERM, 143, b"terminated")]
)
def test_a_class_that_is_stopped_leaves_nothing_running_and_says_what_to_do(
    three: Lesson, tmp_path: Path, number: signal.Signals, code: int, word: bytes
) -> None:
    make_small_class(tmp_path / "class", STUDENTS)
    words = [GRADE, "class", str(tmp_path / "class"), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        words,
        cwd=three.root,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # Where the tests run in the background, SIGINT may be ignored, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads here
    )
    comes_true(lambda: verdicts(tmp_path / "out"))
    # Ctrl-C reaches all processes of a terminal, and a plain `kill` the one that it names.
    (os.killpg if number is signal.SIGINT else os.kill)(process.pid, number)
    _, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == code
    assert b"grade: " + word + b". Every verdict so far is kept: run the same command again to go on." in said
    assert b"Traceback" not in said
    assert comes_true(is_gone, process)
