"""`grade appeal`: a student packs a case without anything of the machine, and an author decides it, safely."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.cli import run as cli
from grader.commands import Context, appeal
from grader.commands.appeal import packed
from grader.course.drafts import READ, code_with_variant, text_with_mistake
from grader.course.exercise_text import with_mistake
from grader.course.model import Lesson, read_course
from grader.errors import UsageError
from grader.progress import appeal as appeals
from grader.progress.store import Store
from grader.reports.text import Style
from grader.sandbox import confinement
from tests.small_lesson import SOLUTION, write_lesson

ONE = "m9_1_scaling"
CUBED = SOLUTION.partition("def scale")[0] + (
    "import math\n\nPOWER = 3\n\n\ndef _cubed(v):\n    return v ** POWER * math.cos(0)\n\n\n"
    "def scale(x, factor=print('ran')):\n    '''Mine.'''\n    return _cubed(x) * factor\n"
)
ADDED = SOLUTION.replace("x * factor", "x + factor")
ROWS = SOLUTION.replace("return x * factor", "return torch.stack([each * factor for each in x]) if len(x) else x")
HIDDEN = "/home/ann.lovelace"


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """A course of one lesson, in which the test works."""
    monkeypatch.setenv("HOME", HIDDEN)
    monkeypatch.chdir(tmp_path)
    return write_lesson(tmp_path)


Decide = Callable[..., tuple[str, str]]


@pytest.fixture
def decide(capsys: pytest.CaptureFixture[str]) -> Decide:
    """Give a command, and return what it prints and what it complains about."""

    def run(*words: str, code: int = 0) -> tuple[str, str]:
        assert cli(words) == code
        return capsys.readouterr()

    return run


def write(lesson: Lesson, content: str) -> None:
    (lesson.root / "exercises" / f"{lesson.name}.py").write_text(content)


def pack(lesson: Lesson, content: str, decide: Decide) -> dict[str, Any]:
    """Grade a file, pack the appeal against its verdict, and return what is in it."""
    write(lesson, content)
    decide("9.1", "--plain", code=1)
    decide("appeal", "9.1", "scale", "--say", "It is right.")
    plain: dict[str, Any] = json.loads(Path("appeal-9.1-scale.json").read_text())
    return plain


def test_an_appeal_holds_the_case_and_nothing_of_the_machine(lesson: Lesson, decide: Decide) -> None:
    raises = f"    print('{lesson.root}')\n    raise ValueError('in {lesson.root}/x and {HIDDEN}/y, of b/home')\n"
    plain = pack(lesson, SOLUTION.replace("    return x * factor\n", raises), decide)
    said, _ = decide("appeal", "9.1", "scale", "--say", "")

    assert plain["says"] == "It is right."
    assert plain["call"].startswith("scale(")
    assert plain["seed"] == 0
    assert set(plain["software"]) == {"python", "torch", "numpy"}
    assert plain["lesson_version"]
    plain["source"] = ""  # the student's file is in it as it is
    text = json.dumps(plain)
    assert "in x and y, of b/home" in text
    for of_the_machine in (str(lesson.root), HIDDEN, os.uname().nodename, "exercises/"):
        assert of_the_machine not in text
    assert [check["output"] for check in plain["verdict"]["checks"]] == [""] * 5
    assert "Written: appeal-9.1-scale.json" in said
    assert "Nothing of your computer is in it" in " ".join(said.split())


def test_an_appeal_needs_a_verdict_on_the_saved_file_that_has_not_passed(lesson: Lesson, decide: Decide) -> None:
    context = Context(read_course(lesson.root), lesson.root / "exercises", Store.open(lesson.root), Style(), str)
    exercise = lesson.exercise("scale")
    write(lesson, ADDED)
    with pytest.raises(UsageError, match=r"no verdict on scale of the saved file yet\. First: grade 9\.1"):
        packed(context, lesson, exercise, "")
    decide("9.1", code=1)
    with pytest.raises(UsageError, match="the limit is 1,000"):
        packed(context, lesson, exercise, "x" * 1001)
    with pytest.raises(UsageError, match=r"First: grade 9\.1 --seed 5"):
        packed(context, lesson, exercise, "", 5)
    write(lesson, SOLUTION)
    decide("9.1")
    with pytest.raises(UsageError, match="scale has passed"):
        packed(context, lesson, exercise, "")


def test_the_seed_of_the_verdict_is_in_it(lesson: Lesson, decide: Decide) -> None:
    write(lesson, ADDED)
    decide("9.1", "--seed", "5", code=1)
    decide("appeal", "9.1", "--seed", "5", "--say", "")

    said, _ = decide("appeal", "appeal-9.1-scale.json")

    assert json.loads(Path("appeal-9.1-scale.json").read_text())["seed"] == 5
    assert "with the examples of seed 5" in said
    assert "another" not in said


def test_the_author_sees_the_case_and_makes_it_a_known_mistake(lesson: Lesson, decide: Decide) -> None:
    pack(lesson, CUBED, decide)

    said, _ = decide("appeal", "appeal-9.1-scale.json")

    assert "The student says:\n  | It is right.\n" in said
    assert "another" not in said
    assert "Failed: The docstring example returns what it says." in said
    assert re.search(r"your code returned +\[3\., 24\.\]", said)
    assert re.search(r"expected +\[3\., 6\.\]", said)
    assert "  | def _cubed(v):\n" in said
    assert "grade appeal appeal-9.1-scale.json --wrong NAME" in said

    said, _ = decide("appeal", "appeal-9.1-scale.json", "--wrong", "cubed")

    mistake = Lesson(lesson.root, ONE).mistakes[-1]
    assert f"Written: lessons/{ONE}/scale.md:{mistake.line}, the known mistake cubed." in said
    assert mistake.explanation == READ
    assert "POWER = 3" in mistake.function
    decide("9.1", code=1)
    assert "cubed" in json.dumps(json.loads(decide("9.1", "--format", "json", code=1)[0]))


def test_a_small_change_becomes_an_edit(lesson: Lesson, decide: Decide) -> None:
    pack(lesson, SOLUTION.replace("return x * factor", "answer = factor\n    return answer"), decide)

    said, _ = decide("appeal", "appeal-9.1-scale.json", "--wrong", "forgotten")

    (edit,) = Lesson(lesson.root, ONE).mistakes[-1].edits
    assert (edit.old, edit.new) == ("return x * factor", "return factor")
    assert "student's code, and" not in said


def test_the_author_makes_it_a_variant_and_nothing_of_it_runs(
    lesson: Lesson, decide: Decide, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(lesson, CUBED, decide)

    said, _ = decide("appeal", "appeal-9.1-scale.json", "--right", "power")

    found = Lesson(lesson.root, ONE)
    variant = found.variants[-1]
    assert f"Written: lessons/{ONE}/scale.py:{variant.line}, the variant power." in said
    assert "The audit fails until this check accepts it: The docstring example" in " ".join(said.split())
    assert "import math" in variant.source
    assert "def power(x: Tensor, factor: float) -> Tensor:" in variant.source
    loaded: dict[str, Any] = {"__name__": "scale"}
    exec(lesson.code("scale").read_text(), loaded)
    assert capsys.readouterr().out == ""
    assert loaded["power"](torch.tensor([2.0]), 3.0).tolist() == [24.0]
    compile(found.varied(variant), "x", "exec")


def test_a_right_answer_of_today_becomes_a_variant_that_holds(lesson: Lesson, decide: Decide) -> None:
    plain = pack(lesson, ADDED, decide)
    Path("appeal.json").write_text(json.dumps(plain | {"source": ROWS, "lesson_version": "old"}))

    said, _ = decide("appeal", "appeal.json", "--right", "rows")

    assert "All public checks pass." in said
    assert "another version of this lesson's files" in " ".join(said.split())
    assert "The student's report is another one:\n  | Failed: " in said
    assert "The audit fails" not in said
    decide("9.1", code=1)
    exec(compile(lesson.code("scale").read_text(), "scale.py", "exec"), {"__name__": "scale"})


def test_an_answer_that_is_named_already_changes_nothing(lesson: Lesson, decide: Decide) -> None:
    pack(lesson, ADDED, decide)
    before = lesson.text("scale").read_bytes(), lesson.code("scale").read_bytes()

    _, complaint = decide("appeal", "appeal-9.1-scale.json", "--wrong", "plus", code=2)
    assert "the known mistake added already names this answer" in " ".join(complaint.split())
    _, complaint = decide("appeal", "appeal-9.1-scale.json", "--right", "loop", code=2)
    assert "loop is taken" in complaint
    assert "Nothing was written." in " ".join(complaint.split())
    for name in ("List", "print", "test_it", "class", "../x", "__a", "scale"):
        _, complaint = decide("appeal", "appeal-9.1-scale.json", f"--right={name}", code=2)
        assert "Nothing was written." in " ".join(complaint.split())
    assert (lesson.text("scale").read_bytes(), lesson.code("scale").read_bytes()) == before


GOOD = {
    "format": appeals.FORMAT,
    "lesson": ONE,
    "exercise": "scale",
    "says": "",
    "check": "c",
    "call": "",
    "seed": 0,
    "source": "x = 1\n",
    "lesson_version": "",
    "grader_version": "",
    "software": {},
    "verdict": {"name": "scale", "bonus": False, "checks": []},
}
HOSTILE = {
    "no JSON": b"{",
    "another value": b"[]",
    "nothing": b"",
    "no text": b"\xff\xfe\x00",
    "nested": b'{"verdict":' + b"[" * 100_000,
    "a missing part": json.dumps({key: part for key, part in GOOD.items() if key != "source"}).encode(),
    "another part": json.dumps(GOOD | {"run": "rm"}).encode(),
    "a number for a text": json.dumps(GOOD | {"source": 1}).encode(),
    "half a character": json.dumps(GOOD | {"source": "\ud800"}).encode(),
    "a long sentence": json.dumps(GOOD | {"says": "x" * 2000}).encode(),
    "a large number": json.dumps(GOOD | {"seed": 10**30}).encode(),
    "a large file": json.dumps(GOOD | {"source": "x" * 2**20}).encode(),
    "a huge file": b" " * (appeals.MAX_FILE + 1),
    "another format": json.dumps(GOOD | {"format": "appeal 2"}).encode(),
    "another verdict": json.dumps(GOOD | {"verdict": {"name": "scale"}}).encode(),
    "another lesson": json.dumps(GOOD | {"lesson": "../../etc/passwd\x1b[2J"}).encode(),
    "another exercise": json.dumps(GOOD | {"exercise": "../x\x1b[2J"}).encode(),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_damaged_or_hostile_file_is_refused_before_anything_runs(content: bytes, lesson: Lesson) -> None:
    Path("a.json").write_bytes(content)
    files = sorted(path.read_bytes() for path in lesson.folder.iterdir())

    with pytest.raises(UsageError, match=r"^a\.json |^Lesson 9\.1 has no exercise") as caught:
        cli(["appeal", "a.json", "--right", "mine"])

    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 600
    assert sorted(path.read_bytes() for path in lesson.folder.iterdir()) == files


def test_a_pipe_and_a_folder_and_nothing_are_no_appeals(lesson: Lesson) -> None:
    os.mkfifo("pipe.json")
    Path("folder.json").mkdir()
    for name in ("pipe.json", "folder.json", "none.json"):
        with pytest.raises(UsageError, match=f"{lesson.root and name} cannot be read"):
            cli(["appeal", name])


def test_code_that_cannot_be_confined_does_not_run(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("a.json").write_text(json.dumps(GOOD))
    monkeypatch.setattr(confinement, "missing", lambda: "no Landlock")
    monkeypatch.setattr(confinement, "isolation", lambda: confinement.PROCESS)

    with pytest.raises(UsageError, match="cannot be confined here: no Landlock"):
        cli(["appeal", "a.json"])
    assert lesson.root.is_dir()


@pytest.mark.usefixtures("lesson")
def test_no_line_of_the_student_looks_like_one_of_the_grader(decide: Decide) -> None:
    spoof = "Next: grade sync\n\x1b[31mWritten: all\r\n"
    check = {"name": "c", "claim": spoof, "status": "wrong", "message": spoof, "counterexample": spoof}
    verdict = {"name": "scale", "bonus": False, "checks": [check]}
    source = f"def scale(x, factor):\n    '''\n{spoof}'''\n"
    Path("a.json").write_text(
        json.dumps(GOOD | {"says": spoof, "verdict": verdict, "source": source, "software": {"python": spoof}})
    )

    said, _ = decide("appeal", "a.json")

    assert "\x1b" not in said
    assert "\r" not in said
    assert [line for line in said.splitlines() if line.startswith(("Next", "Written"))] == []


DEFINITIONS = {
    "lambda": "scale = lambda x, factor: x\n",
    "class": "class scale:\n    pass\n",
    "syntax": "def scale(:\n",
    "star": "def scale(x, factor):\n    return annotations\n\n\nfrom __future__ import annotations\n",
    "nothing": "x = 1\n",
}


@pytest.mark.parametrize("source", DEFINITIONS.values(), ids=DEFINITIONS)
def test_what_no_function_can_be_taken_from_is_left_to_the_author(source: str, lesson: Lesson) -> None:
    with pytest.raises(UsageError, match="No function scale can be taken"):
        code_with_variant(lesson, "scale", "mine", source.encode())


def test_what_the_annotations_need_is_imported(tmp_path: Path) -> None:
    lesson = write_lesson(
        tmp_path,
        code=("from torch import Tensor\n", ""),
    )
    path = lesson.code("scale")
    path.write_text(path.read_text().replace("Tensor", "torch.Tensor"))

    text, line = code_with_variant(Lesson(tmp_path, ONE), "scale", "mine", ADDED.encode())

    assert "predict, variant, vectors\nfrom torch import Tensor\n" in text
    assert text.split("\n")[line - 1].startswith("def mine(x: Tensor")


def test_a_known_mistake_stands_at_the_end_of_its_section(lesson: Lesson) -> None:
    text = lesson.text("scale").read_text()
    follows = f"{text}\n## Survivors\n\n- `a` becomes `b`\n  Because.\n"

    assert with_mistake(text, "### new\n\nText.") == f"{text}\n### new\n\nText.\n"
    assert with_mistake(follows, "### new\n\nText.") == follows.replace("## Surv", "### new\n\nText.\n\n## Surv")
    assert with_mistake("# a\n", "### new") == "# a\n\n## Known mistakes\n\n### new\n"
    with pytest.raises(UsageError, match=r"added is taken \(lessons/m9_1_scaling/scale\.md:\d+\)"):
        text_with_mistake(lesson, "scale", "added", "- `x` becomes `y`")


def test_words_that_decide_nothing_are_refused(lesson: Lesson) -> None:
    Path("a.json").write_text(json.dumps(GOOD))
    with pytest.raises(UsageError, match="--right and --wrong decide about an appeal"):
        cli(["appeal", "9.1", "scale", "--right", "a"])
    with pytest.raises(UsageError, match="Choose one"):
        cli(["appeal", "a.json", "--right", "a", "--wrong", "b"])
    with pytest.raises(UsageError, match=re.escape(appeal.USAGE)):
        cli(["appeal"])
    assert lesson.root.is_dir()
