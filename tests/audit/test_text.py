"""The rules of a lesson's text: a whole lesson keeps them, and each way to break one is found where it is."""

from pathlib import Path

import pytest

from grader.audit import predictions, programs, text
from grader.audit.finding import Finding
from grader.engine.reference import Reference
from grader.errors import CourseError
from tests import small_lesson
from tests.small_lesson import write_lesson

README, SOLUTION = "lessons/m9_1_scaling/README.md", "solutions/m9_1_scaling.py"
CODE, TEXT = "lessons/m9_1_scaling/scale.py", "lessons/m9_1_scaling/scale.md"


def test_a_whole_lesson_keeps_every_rule(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)

    assert text.examine(lesson) == []
    assert programs.examine(lesson) == []
    assert list(predictions.are_well_written(lesson)) == []
    assert predictions.come_true(Reference(lesson)) == []


BROKEN: dict[str, tuple[dict[str, tuple[str, str]], str, int, str]] = {
    "number": ({"README": ("# 9.1 Scaling", "# Scaling")}, README, 1, "the title is not '# 9.1 ...'"),
    "section missing": ({"README": ("## ELI5\n", "")}, README, 70, "the section 'ELI5' is missing"),
    "section unknown": ({"README": ("## Summary", "## Epilogue")}, README, 51, "'Epilogue' is not a section"),
    "section twice": ({"README": ("## Summary", "## ELI5")}, README, 7, "'ELI5' occurs twice"),
    "order": (
        {"README": ("## Summary\n\nDone.\n\n## Key takeaways", "## Key takeaways\n\nDone.\n\n## Summary")},
        README,
        51,
        "out of order, expected: ",
    ),
    "html": ({"README": ("We scale.", "We <b>scale</b>.")}, README, 5, "'<b>' is HTML"),
    "comment": ({"README": ("We scale.", "We scale. <!-- later -->")}, README, 5, "'<!--' is HTML"),
    "dollar": ({"README": ("We scale.", "We scale $x.")}, README, 5, "does not end on this line"),
    "dollars": ({"README": ("We scale.", "We scale.\n$$\nx")}, README, 6, "this $$ has no partner"),
    "brace": ({"README": ("$c$ is the factor", "$c_{1$ is the factor")}, README, 17, "a { has no }"),
    "left": ({"README": ("c x_i\n", "\\left( c x_i )\n")}, README, 14, "\\left and \\right are not pairs"),
    "symbol": ({"README": ("$c$ is the factor", "there is a factor")}, README, 14, "$c$ in the formula"),
    "greek": ({"README": ("= c x_i", "= c x_i + \\eta")}, README, 14, "$\\eta$ in the formula"),
    "file": ({"README": ("(scale.md)", "(scales.md)")}, README, 21, "the link 'scales.md' is broken"),
    "heading": ({"README": ("(#demonstration)", "(#demo)")}, README, 21, "no heading for the link '#demo'"),
    "far heading": ({"README": ("(scale.md)", "(scale.md#scaling)")}, README, 21, "scale.md has no heading"),
    "link of a hint": (
        {"text": ('see "Demonstration"', "see [this](nowhere.md)")},
        TEXT,
        6,
        "the link 'nowhere.md' is broken",
    ),
    "link of a mistake": ({"text": ("You add the", "You [add](README.md#adding) the")}, TEXT, 15, "no heading for"),
    "picture": (
        {"README": ("We scale.", "![short](figures/missing.png)")},
        README,
        5,
        "the alternative text of figures/missing.png is too short",
    ),
    "language": ({"README": ("```text", "```")}, README, 37, "names no language"),
    "foreign language": ({"README": ("```bash", "```fortran")}, README, 47, "'fortran' is not a known language"),
    "type": (
        {"README": ("(x: Tensor) -> Tensor:\n    return", "(x) -> Tensor:\n    return")},
        README,
        30,
        "x has no type",
    ),
    "result": ({"README": ("(x: Tensor) -> Tensor:\n    return", "(x: Tensor):\n    return")}, README, 30, "no type"),
    "no Python": ({"README": ("    return 2 * x", "    return 2 *")}, README, 31, "this block is not valid Python"),
    "command": ({"README": ("grade 9.1 scale", "grade 9.1")}, README, 42, "the command that grades scale is missing"),
    "foreign exercise": (
        {"README": ("grade 9.1 scale", "grade 9.1 scale\ngrade 9.1 shrink")},
        README,
        49,
        "shrink is not an exercise",
    ),
    "hinted exercise": ({"text": ('see "D', "try `grade 9.1 grow`: D")}, TEXT, 6, "grow is not an exercise"),
    "call": ({"README": ("`scale(x, factor)`", "`scale`")}, README, 42, "an example call of scale is missing"),
    "solution changed": (
        {"README": ("    return x * factor", "    return factor * x")},
        README,
        61,
        "scale differs from solutions/",
    ),
    "solution unknown": (
        {"README": ("### scale\n\n```python", "### scaled\n\n```python")},
        README,
        61,
        "is not an exercise",
    ),
    "stub": ({"stub": ("", "import torch\n")}, "exercises/m9_1_scaling.py", 1, "does not match the solution"),
    "shape": ({"solution": ("both have shape (N,)", "both are tensors")}, SOLUTION, 9, "does not say their shape"),
    "example": ({"solution": (">>> scale", "scale")}, SOLUTION, 9, "scale has no example"),
    "four hints": (
        {"text": ("3. `return x * factor`", "3. `x`\n4. `x * factor`")},
        TEXT,
        3,
        "expected 3 hints (a question, the idea, the line), found 4.",
    ),
    "no question": ({"text": ("factor is 2?", "factor is 2.")}, TEXT, 3, "is not a question"),
    "answer": ({"text": ("1. What", "1. What does `x * factor` do, and what")}, TEXT, 3, "gives away `x * factor`"),
    "no code": ({"text": ("3. `return x * factor`", "3. Multiply.")}, TEXT, 3, "contains no code"),
    "few mistakes": (
        {"text": (f"### ignored{small_lesson.TEXT.partition('### ignored')[2]}", "")},
        TEXT,
        1,
        "scale has 2 known mistakes; write at least 3.",
    ),
    "few checks": ({"code": ("def test_twice", "def _twice")}, CODE, 1, "scale has 2 checks; write at least 3."),
    "no argument": (
        {"code": ("(scale: StudentFunction) -> None", "() -> None")},
        CODE,
        26,
        "needs an argument named scale",
    ),
    "stale mistake": ({"text": ("`x * factor` becomes", "`x times` becomes")}, TEXT, 13, "`x times` does not occur in"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_breaks_a_rule_is_found_where_it_is(what: str, tmp_path: Path) -> None:
    changes, file, line, words = BROKEN[what]
    found = text.examine(write_lesson(tmp_path, **changes))

    assert any(each.file == file and each.line == line and words in each.text for each in found), [*map(str, found)]


def test_a_figure_that_the_readme_does_not_show_is_found(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    (lesson.folder / "figures").mkdir()
    (lesson.folder / "figures" / "old.png").write_bytes(b"")

    assert [each.text for each in text.examine(lesson)] == [
        "the README does not show this file. Embed it, or remove it."
    ]


STYLED = 'plt.style.use("grader.workbook")\n'


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ('plt.savefig("figures/new.svg")', "has a look of its own"),
        (f'plt.savefig("figures/new.svg")\n```\n\n```python\n{STYLED}', "has a look of its own"),
        (f'{STYLED}plt.rcParams.update({{"font.size": 9}})', "rcParams changes the look of this page alone"),
        (f'{STYLED}plt.savefig("figures/new.svg")', ""),
    ],
    ids=["no style", "style too late", "other settings", "in the style"],
)
def test_figures_share_the_style_of_the_course(block: str, words: str, tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, README=("```python\nimport torch", f"```python\n{block}\nimport torch"))
    found = [each.text for each in text.figures_share_the_style(lesson)]

    assert len(found) == bool(words)
    assert words in "".join(found)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("new.svg", b"<svg><path/></svg>", ""),
        ("new.svg", b"<svg><text>loss</text></svg>", "needs a font or tells its date"),
        ("new.svg", b"<svg><dc:date>2026</dc:date></svg>", "needs a font or tells its date"),
        ("new.gif", bytes(300_001), "this file has 300001 bytes"),
        ("new.bmp", b"", "a figure is one of .svg, .gif, .png"),
    ],
)
def test_the_file_of_a_figure_is_small_and_needs_nothing(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    (lesson.folder / "figures").mkdir()
    (lesson.folder / "figures" / name).write_bytes(content)
    found = [each.text for each in text.figures_share_the_style(lesson)]

    assert len(found) == bool(words)
    assert words in "".join(found)


def test_a_lesson_without_a_readme_says_so(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    (lesson.folder / "README.md").unlink()

    assert [str(each) for each in text.examine(lesson)] == [
        f"{README}:1: this file is missing. Write the lesson there."
    ]


def test_an_exercise_without_a_text_says_so(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, README=(" and [the hints](scale.md)", ""))
    lesson.text("scale").unlink()

    assert [str(each) for each in text.examine(lesson)] == [
        f"{TEXT}:1: this file is missing: it holds the hints and mistakes of scale.",
        f"{TEXT}:1: scale has 0 known mistakes; write at least 3.",
    ]


RUNS: dict[str, tuple[dict[str, tuple[str, str]], str, int, str]] = {
    "prints": ({"README": ("tensor([2.])", "tensor([3.])")}, README, 38, "prints 'tensor([2.])' here"),
    "prints unsaid": ({"README": ("```text\ntensor([2.])\n```\n", "")}, README, 26, "prints, but no `text` block"),
    "raises": ({"README": ("    return 2 * x", "    return 2 * y")}, README, 31, "raises NameError"),
    "exits": ({"README": ("print(double", "raise SystemExit\nprint(double")}, README, 34, "raises SystemExit"),
    "example": ({"solution": ("tensor([3., 6.])", "tensor([3., 7.])")}, SOLUTION, 12, "the example says"),
    "example raises": ({"solution": (">>> scale(torch", ">>> scale(tortch")}, SOLUTION, 12, "raises NameError"),
    "no picture": ({"solution": ('Path("my_scaling.png")', 'Path("scaling.png")')}, SOLUTION, 1, "draws no picture"),
    "traceback": ({"solution": ("scale(torch.ones(1), 1.0)", "1 / 0")}, SOLUTION, 20, "ZeroDivisionError"),
    "stub silent": (
        {"solution": ('raise SystemExit("Write scale first.") from None', "pass")},
        "exercises/m9_1_scaling.py",
        1,
        "ends with no message",
    ),
}


@pytest.mark.parametrize("what", RUNS)
def test_what_does_not_run_as_it_says_is_found_where_it_is(what: str, tmp_path: Path) -> None:
    changes, file, line, words = RUNS[what]
    found = programs.examine(write_lesson(tmp_path, **changes))

    assert any(each.file == file and each.line == line and words in each.text for each in found), [*map(str, found)]


def test_figures_are_those_that_the_blocks_draw(tmp_path: Path) -> None:
    draw = 'import matplotlib.pyplot as plt\nplt.plot([0, 1], [0, {height}])\nplt.savefig("figures/{name}.png")\n'
    blocks = "".join(draw.format(height=1, name=name) for name in ("same", "moved", "new"))
    lesson = write_lesson(tmp_path, README=("```python\nimport torch", f"```python\n{blocks}plt.close()\nimport torch"))
    (lesson.folder / "figures").mkdir()
    kept = "".join(
        draw.format(height=height, name=name) + "plt.close()\n"
        for height, name in ((1, "same"), (5, "moved"), (1, "old"))
    )
    exec(kept.replace("figures", str(lesson.folder / "figures")), {})
    found = {Path(each.file).name: each.text for each in programs.blocks_run(lesson)}

    assert set(found) >= {"moved.png", "new.png", "old.png"}
    assert "draw a different picture" in found["moved.png"]
    assert "same.png" not in found


PREDICTED: dict[str, tuple[tuple[str, str], str]] = {
    "argument": (("negative(scale: Callable", "negative(grow: Callable"), "its argument grow is not an exercise"),
    "question": (("positive numbers?", "positive numbers."), "end a paragraph of it with a question mark"),
    "no text": (('{"Nothing.": "It does."}', '{"": "It does."}'), "the option '' needs a text and a sentence"),
    "no sentence": (('{"Nothing.": "It does."}', '{"Nothing.": ""}'), "the option 'Nothing.' needs a text and a"),
    "no reason": (('because="A negative factor changes signs."', 'because=""'), "the option 'They turn round.' needs"),
    "no answer": (('answer="They turn round."', 'answer=""'), "the option '' needs a text"),
}


@pytest.mark.parametrize("what", PREDICTED)
def test_a_prediction_that_cannot_be_asked_is_found(what: str, tmp_path: Path) -> None:
    change, words = PREDICTED[what]
    found = list(predictions.are_well_written(write_lesson(tmp_path, code=change)))

    assert [str(each).startswith(f"{CODE}:33: negative: ") for each in found] == [True]
    assert words in found[0].text


UNREADABLE: dict[str, tuple[str, str]] = {
    "no reason": ('because="A negative factor changes signs.", ', ""),
    "not a literal": ('"They turn round."', '"They " + str(1)'),
    "no wrong option": ('{"Nothing.": "It does."}', "{}"),
    "no question": ('"""What does a factor of -1 do with positive numbers?"""', "pass"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_prediction_that_cannot_be_read_is_an_error_with_its_line(what: str, tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, code=UNREADABLE[what])

    with pytest.raises(CourseError, match=rf"^{CODE}:33: (@predict of )?negative "):
        list(predictions.are_well_written(lesson))
    assert any(each.file == CODE and each.line == 33 for each in text.examine(lesson))


def test_a_prediction_that_does_not_come_true_is_found(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, code=("result < 0", "result > 0"))

    assert predictions.come_true(Reference(lesson)) == [
        Finding(CODE, 36, "negative does not come true: AssertionError: its assertion fails")
    ]


def test_a_prediction_that_shows_nothing_is_found(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, code=("    return result\n", ""))

    assert predictions.come_true(Reference(lesson)) == [
        Finding(CODE, 33, "negative returns nothing. Return the value whose picture shows the answer.")
    ]


def test_predictions_of_a_file_that_does_not_load_are_found(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, code=("import torch\n", "import tortch\n"))

    (found,) = predictions.come_true(Reference(lesson))
    assert "scale.py does not load: ModuleNotFoundError" in found.text
