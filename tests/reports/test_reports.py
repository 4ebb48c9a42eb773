"""Reports: the same facts for a program as JSON and for a person as text, whatever a student's code has said."""

import html
import json
import re
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.model import read_course
from grader.reports import as_html, as_json, as_markdown, github, gradescope, junit, text
from grader.reports.text import MAX_WIDTH, WORDS, Style
from grader.text import clean
from grader.verdict import Cause, CheckVerdict, ExerciseVerdict, Frame, LessonVerdict, Report, Status
from tests.small_lesson import write_settings

some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PLAIN, COLOUR = Style(), Style(colour=True)

PASSED = CheckVerdict("test_shape", "The result has a row for every weight.", Status.PASSED, duration_ms=1.04)
WRONG = CheckVerdict(
    "test_mean",
    "The loss is a mean.",
    Status.WRONG,
    2,
    message="Twice the points give another loss.",
    counterexample="compute_grid(x=torch.tensor([1.0]))",
    returned="4.",
    wanted="2.",
    mistake="summed",
    explanation="You add the squared errors up and stop there.",
    output="hello\n",
    frames=(Frame("exercises/m1_4.py", 21, "compute_grid", "return f(x)"), Frame("exercises/m1_4.py", 7, "f", "x[9]")),
    duration_ms=12.345,
)
TODO = CheckVerdict("test_path", "The path begins at the start.", Status.TODO, message="Still to do: write it.")
FAULT = CheckVerdict("checks", "The checks can be run.", Status.FAULT, message="The check broke.\nThis is our fault.")
RAISED = replace(
    WRONG, status=Status.RAISED, message="ValueError: no", returned="", wanted="", explanation="", output=""
)


def report(*exercises: ExerciseVerdict, isolation: str = "confined", seed: int = 0) -> Report:
    """Return the report of one lesson."""
    return Report((LessonVerdict("1.4", "m1_4_loss", "The loss landscape", exercises),), isolation, seed)


def exercise(name: str, *checks: CheckVerdict, bonus: bool = False, advice: tuple[str, ...] = ()) -> ExerciseVerdict:
    """Return the verdict of an exercise."""
    return ExerciseVerdict(name, bonus, checks, advice)


SAMPLE = report(
    exercise("compute_grid", PASSED, WRONG),
    exercise("run_descent", TODO),
    exercise("plot", PASSED, bonus=True, advice=("Close what is saved.",)),
)


def shown(sample: Report, style: Style = PLAIN) -> str:
    """Return the text report of a run of 1.234 seconds."""
    return text.render(sample, style, 1.234)


def golden(expected: str) -> str:
    """Return a golden text without its indentation."""
    return textwrap.dedent(expected).lstrip("\n")


# ---- JSON ------------------------------------------------------------------------------------------------------------


def test_the_json_report_has_exactly_the_documented_fields() -> None:
    assert json.loads(as_json.render(SAMPLE)) == {
        "schema": 1,
        "isolation": "confined",
        "seed": 0,
        "points": 1,
        "max_points": 4,
        "lessons": [
            {
                "id": "1.4",
                "name": "m1_4_loss",
                "title": "The loss landscape",
                "status": "wrong",
                "points": 1,
                "max_points": 4,
                "exercises": [
                    {
                        "name": "compute_grid",
                        "status": "wrong",
                        "points": 1,
                        "max_points": 3,
                        "bonus": False,
                        "withheld": 0,
                        "advice": [],
                        "first_failure": "test_mean",
                        "checks": [
                            {
                                "name": "test_shape",
                                "claim": "The result has a row for every weight.",
                                "visibility": "public",
                                "status": "passed",
                                "points": 1,
                                "max_points": 1,
                                "message": "",
                                "counterexample": "",
                                "returned": "",
                                "wanted": "",
                                "mistake": "",
                                "explanation": "",
                                "cause": None,
                                "output": "",
                                "frame": None,
                                "duration_ms": 1.0,
                            },
                            {
                                "name": "test_mean",
                                "claim": "The loss is a mean.",
                                "visibility": "public",
                                "status": "wrong",
                                "points": 0,
                                "max_points": 2,
                                "message": "Twice the points give another loss.",
                                "counterexample": "compute_grid(x=torch.tensor([1.0]))",
                                "returned": "4.",
                                "wanted": "2.",
                                "mistake": "summed",
                                "explanation": "You add the squared errors up and stop there.",
                                "cause": None,
                                "output": "hello\n",
                                "frame": {"file": "exercises/m1_4.py", "line": 7},
                                "duration_ms": 12.3,
                            },
                        ],
                    },
                    {
                        "name": "run_descent",
                        "status": "todo",
                        "points": 0,
                        "max_points": 1,
                        "bonus": False,
                        "withheld": 0,
                        "advice": [],
                        "first_failure": "test_path",
                        "checks": [
                            {
                                "name": "test_path",
                                "claim": "The path begins at the start.",
                                "visibility": "public",
                                "status": "todo",
                                "points": 0,
                                "max_points": 1,
                                "message": "Still to do: write it.",
                                "counterexample": "",
                                "returned": "",
                                "wanted": "",
                                "mistake": "",
                                "explanation": "",
                                "cause": None,
                                "output": "",
                                "frame": None,
                                "duration_ms": 0.0,
                            }
                        ],
                    },
                    {
                        "name": "plot",
                        "status": "passed",
                        "points": 1,
                        "max_points": 1,
                        "bonus": True,
                        "withheld": 0,
                        "advice": ["Close what is saved."],
                        "first_failure": None,
                        "checks": [
                            {
                                "name": "test_shape",
                                "claim": "The result has a row for every weight.",
                                "visibility": "public",
                                "status": "passed",
                                "points": 1,
                                "max_points": 1,
                                "message": "",
                                "counterexample": "",
                                "returned": "",
                                "wanted": "",
                                "mistake": "",
                                "explanation": "",
                                "cause": None,
                                "output": "",
                                "frame": None,
                                "duration_ms": 1.0,
                            }
                        ],
                    },
                ],
            }
        ],
    }


def test_the_fields_come_in_the_documented_order() -> None:
    document = json.loads(as_json.render(SAMPLE))
    assert list(document) == ["schema", "isolation", "seed", "points", "max_points", "lessons"]
    lesson = document["lessons"][0]
    assert list(lesson) == ["id", "name", "title", "status", "points", "max_points", "exercises"]


def test_a_fault_has_null_for_a_score_on_every_level_in_json() -> None:
    document = json.loads(as_json.render(report(exercise("f", FAULT), exercise("g", PASSED))))
    lesson = document["lessons"][0]
    assert (document["points"], document["max_points"]) == (None, 2)
    assert (lesson["points"], lesson["status"]) == (None, "fault")
    assert [each["points"] for each in lesson["exercises"]] == [None, 1]
    assert lesson["exercises"][0]["checks"][0]["points"] is None


def test_a_report_of_nothing_is_json_too() -> None:
    wanted = {"schema": 1, "isolation": "none", "seed": 7, "points": 0, "max_points": 0, "lessons": []}
    assert json.loads(as_json.render(Report((), "none", 7))) == wanted


def test_the_json_report_ends_its_last_line() -> None:
    assert as_json.render(SAMPLE).endswith("}\n")
    assert as_json.render(SAMPLE).count("\n}") == 1


def _with_texts(texts: list[str]) -> Report:
    """Return a report with the texts wherever one of the student's can be."""
    first, second, third = texts
    check = replace(
        WRONG,
        message=first,
        counterexample=second,
        returned=_flat(third),
        wanted=_flat(first),
        explanation=_flat(second),
        output=third,
        frames=(Frame("m.py", 3, first, _flat(second)),),
    )
    return report(exercise("compute_grid", PASSED, check), exercise("other", RAISED), exercise("last", PASSED))


def _flat(drawn: str) -> str:
    return " ".join(drawn.split())


characters = st.one_of(
    st.sampled_from(
        ["\n", "\n  passed   everything  9 of 9 points", "\x1b[31m", "\x9b2J", "\r", "\u2028", '"', "\\", "}\n{"]
    ),
    st.characters(exclude_categories=["Cs"]),
)
hostile = st.lists(characters, max_size=12).map("".join)
three_texts = st.lists(hostile, min_size=3, max_size=3)


@some
@given(texts=three_texts)
def test_json_carries_every_text_as_it_is(texts: list[str]) -> None:
    rendered = as_json.render(_with_texts(texts))
    check = json.loads(rendered)["lessons"][0]["exercises"][0]["checks"][1]
    assert [check["message"], check["counterexample"], check["output"]] == texts
    assert check["frame"] == {"file": "m.py", "line": 3}
    assert rendered == as_json.render(_with_texts(texts))
    assert list(json.loads(rendered)) == list(json.loads(as_json.render(SAMPLE)))


@some
@given(texts=st.lists(st.text(st.characters()), min_size=3, max_size=3))
def test_json_of_any_text_is_json_when_it_is_written(texts: list[str]) -> None:
    """Surrogates cannot be written as UTF-8: the command line spells them out, in the way that JSON does too."""
    written = as_json.render(_with_texts(texts)).encode("utf-8", "backslashreplace")
    assert json.loads(written)["lessons"][0]["exercises"][0]["name"] == "compute_grid"


# ---- Text ------------------------------------------------------------------------------------------------------------


def test_a_report_with_something_wrong() -> None:
    assert shown(SAMPLE) == golden("""
        1.4 The loss landscape

          WRONG    compute_grid  1 of 3 points

            Failed: The loss is a mean.

            Twice the points give another loss.

              compute_grid(x=torch.tensor([1.0]))
              your code returned  4.
              expected            2.

            You add the squared errors up and stop there.

              exercises/m1_4.py:21 in compute_grid
                  return f(x)
              exercises/m1_4.py:7 in f
                  x[9]

            Your code printed:
              hello

            1 of 2 checks passes.

            Stuck? grade hint 1.4 compute_grid

          to do    run_descent   0 of 1 points
          passed   plot          1 of 1 points (bonus)
            Passed, but could be better: Close what is saved.

        1 of 4 points, and 1 bonus point   1.2 s
        """)


def test_a_report_where_all_has_passed() -> None:
    assert shown(report(exercise("f", PASSED), exercise("longer", PASSED, PASSED))) == golden("""
        1.4 The loss landscape

          passed   f       1 of 1 points
          passed   longer  2 of 2 points

        3 of 3 points   1.2 s
        Lesson 1.4 complete.
        """)


def test_a_report_of_a_fault_has_no_score() -> None:
    assert shown(report(exercise("f", FAULT), exercise("g", PASSED))) == golden("""
        1.4 The loss landscape

          FAULT    f  no score

            The check broke.
            This is our fault.

          passed   g  1 of 1 points

        Not scored: a bug in the workbook, not in your code.   1.2 s
        """)


def test_a_report_of_nothing_is_its_last_line() -> None:
    assert shown(Report((), "confined")) == "0 of 0 points   1.2 s\n"


def test_isolation_and_seed_are_told_where_they_are_unusual() -> None:
    ending = shown(report(exercise("f", WRONG), isolation="process", seed=42)).splitlines()[-3:]
    assert ending == [
        "0 of 2 points   1.2 s",
        "Isolation: process. This machine cannot confine your code; it ran as a plain process.",
        "Fresh examples, seed 42. To repeat them: --seed 42",
    ]


ALL = "Lesson 1.4 complete."


def test_what_is_complete_is_named_with_the_next_step() -> None:
    done = report(exercise("f", PASSED), exercise("g", PASSED))
    several = replace(done, lessons=(*done.lessons, replace(done.lessons[0], id="1.5")))
    step = ["Next: lesson 1.6, Recap", "  1. Read  it"]

    assert text.ending(done, 1, step)[1:] == ["Lesson 1.4 complete.", *step]
    assert text.ending(several, 1)[1:] == ["Lessons 1.4, 1.5 complete."]
    assert text.ending(report(exercise("f", PASSED)), 1, step)[1:] == ["Exercise f complete.", *step]
    assert text.ending(report(exercise("f", PASSED), exercise("g", TODO)), 1, step)[1:] == step
    assert text.ending(report(exercise("f", WRONG), exercise("g", PASSED)), 1, step)[1:] == []


def test_the_next_step_is_the_first_exercise_that_is_still_to_do() -> None:
    rendered = shown(report(exercise("f", PASSED), exercise("g", TODO), exercise("h", TODO), exercise("i", PASSED)))
    assert rendered.endswith("\n2 of 4 points   1.2 s\nNext: write g, then grade 1.4 g\n")


def test_an_exercise_that_is_half_done_says_what_is_still_to_do() -> None:
    second = replace(TODO, message="Still to do: question 2.")
    third = replace(TODO, message="Still to do: question 3.")

    assert shown(report(exercise("quiz", PASSED, second, PASSED, third, third), exercise("g", TODO))) == golden("""
        1.4 The loss landscape

          to do    quiz  2 of 5 points
            Still to do: question 2.
            Still to do: question 3.
          to do    g     0 of 1 points

        2 of 6 points   1.2 s
        Next: finish quiz, then grade 1.4 quiz
        """)


def test_what_is_open_stands_below_its_exercise_where_another_has_gone_wrong() -> None:
    rendered = shown(report(exercise("quiz", PASSED, TODO), exercise("f", WRONG)))
    assert "  to do    quiz  1 of 2 points\n    Still to do: write it.\n  WRONG    f " in rendered


@pytest.mark.parametrize("check", [WRONG, RAISED, FAULT], ids=lambda check: check.status)
def test_nothing_new_is_begun_where_something_is_wrong(check: CheckVerdict) -> None:
    rendered = shown(report(exercise("f", check), exercise("g", TODO), exercise("h", PASSED)))
    assert "Next: " not in rendered
    assert ALL not in rendered


@pytest.mark.parametrize("check", [WRONG, RAISED, FAULT], ids=lambda check: check.status)
def test_all_has_not_passed_where_a_bonus_has_failed(check: CheckVerdict) -> None:
    """It stands in the same report, in full; and after a fault the command ends with the code for one."""
    assert ALL in shown(report(exercise("f", PASSED), exercise("g", PASSED, bonus=True)))
    assert ALL not in shown(report(exercise("f", PASSED), exercise("g", check, bonus=True)))


def test_every_status_has_a_word_of_its_own_that_fits_the_column() -> None:
    assert set(WORDS) == set(Status)
    assert len(set(WORDS.values())) == len(Status)
    assert all(len(word) <= 7 for word in WORDS.values())


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_said_in_its_word(status: Status) -> None:
    check = CheckVerdict("test_it", "It holds.", status, message="It happened.")
    assert f"  {WORDS[status]:<7}  f  " in shown(report(exercise("f", check)))


@pytest.mark.parametrize("status", [each for each in Status if each not in (Status.PASSED, Status.TODO)])
def test_only_the_first_exercise_that_needs_work_is_shown_in_full(status: Status) -> None:
    checks = [CheckVerdict("test_it", f"Claim {i}.", status, message=f"It happened {i}.") for i in range(3)]
    rendered = shown(
        report(exercise("a", PASSED), exercise("b", TODO), *(exercise(f"e{i}", c) for i, c in enumerate(checks)))
    )
    assert rendered.count("It happened 0.") == 1
    assert "It happened 1." not in rendered
    assert "It happened 2." not in rendered


def test_the_exercise_that_is_to_blame_is_shown_in_full() -> None:
    wrong = CheckVerdict("test_it", "It holds.", Status.WRONG, message="It happened.")
    caller = replace(wrong, message="It happened later.", cause=Cause("calls", "loss", "", "`step` calls `loss`."))
    rendered = shown(report(exercise("step", caller), exercise("loss", wrong)))

    assert "It happened." in rendered
    assert "It happened later." not in rendered
    assert "    Mend loss first: step calls it.\n" in rendered


@pytest.mark.parametrize("others", [(), (exercise("loss", PASSED),)], ids=["not graded", "passed"])
def test_an_exercise_is_shown_in_full_where_no_other_failed(others: tuple[ExerciseVerdict, ...]) -> None:
    check = CheckVerdict("test_it", "It holds.", Status.WRONG, message="It happened.", cause=Cause("calls", "loss"))

    assert "It happened." in shown(report(exercise("step", check), *others))


NOT_LOADED = CheckVerdict("test_it", "", Status.INVALID, message="Python cannot read f.py", max_points=2)


def test_what_is_wrong_with_the_file_is_told_once() -> None:
    rendered = shown(report(exercise("a", NOT_LOADED), exercise("b", NOT_LOADED), exercise("c", NOT_LOADED)))

    assert rendered.count("Python cannot read") == 1
    assert "  INVALID  all 3 exercises  0 of 6 points\n" in rendered
    assert rendered.count("INVALID") == 1


def test_a_measured_time_does_not_make_one_reason_two() -> None:
    checks = [replace(NOT_LOADED, status=Status.TIMEOUT, message=f"stopped after {n} seconds") for n in ("2", "2.1")]

    assert shown(report(*(exercise(f"e{i}", check) for i, check in enumerate(checks)))).count("TIMEOUT") == 1


@pytest.mark.parametrize(
    "other",
    [
        PASSED,
        TODO,
        FAULT,
        replace(NOT_LOADED, message="f.py has no function b."),
        replace(NOT_LOADED, status=Status.RAISED),
        replace(NOT_LOADED, counterexample="b(1)"),
        replace(NOT_LOADED, frames=(Frame("f.py", 3, "b", ""),)),
    ],
)
def test_what_is_wrong_with_one_exercise_is_told_of_it(other: CheckVerdict) -> None:
    rendered = shown(report(exercise("a", NOT_LOADED), exercise("b", other)))

    assert "all 2 exercises" not in rendered
    assert "  INVALID  a  0 of 2 points" in rendered


def test_what_is_open_or_a_fault_of_ours_is_told_of_each() -> None:
    assert "all 2" not in shown(report(exercise("a", TODO), exercise("b", TODO)))
    assert "all 2" not in shown(report(exercise("a", FAULT), exercise("b", FAULT)))


def test_a_fault_is_always_explained() -> None:
    """It asks to be reported "with these lines", and the command ends with the code for our fault."""
    assert "This is our fault." in shown(report(exercise("a", WRONG), exercise("b", FAULT)))


def test_the_first_check_that_did_not_hold_is_the_one_that_is_shown() -> None:
    second = replace(WRONG, claim="Another claim.")
    rendered = shown(report(exercise("f", PASSED, WRONG, second)))
    assert "The loss is a mean." in rendered
    assert "Another claim." not in rendered


def test_what_failed_first_is_named_where_another_check_tells_more() -> None:
    first = replace(PASSED, name="test_first", claim="The loss is convex.", status=Status.WRONG)
    rendered = shown(report(exercise("f", PASSED, first, replace(WRONG, mistake="summed"))))
    assert "Failed: The loss is a mean." in rendered
    assert "    Failed, too: The loss is convex.\n" in rendered


CAUSE = Cause("fixed", "lr", "0.1", "Your function behaves as if `lr` were always 0.1, whatever is passed.")


def test_every_report_says_a_found_cause() -> None:
    found = report(exercise("f", PASSED, replace(WRONG, mistake="", cause=CAUSE, explanation=CAUSE.sentence)))
    _, check = json.loads(as_json.render(found))["lessons"][0]["exercises"][0]["checks"]
    assert check["cause"] == {"kind": "fixed", "argument": "lr", "value": "0.1"}
    assert check["explanation"] == CAUSE.sentence
    for said in (
        shown(found),
        as_html.render(found),
        as_markdown.render(found).replace("\\", ""),
        github.render(found, token="end"),  # noqa: S106  no secret here
        gradescope.render(found),
    ):
        assert CAUSE.sentence in " ".join(html.unescape(said).split())
    failure = ElementTree.fromstring(junit.render(found)).find(".//failure")  # noqa: S314  our own
    assert failure is not None
    assert failure.get("message") == CAUSE.sentence
    assert CAUSE.sentence in str(failure.text)


def test_checks_that_hold_are_counted_with_what_they_are_worth() -> None:
    unearned = replace(PASSED, earned=False)
    rendered = shown(report(exercise("f", replace(WRONG, earned=False), unearned, unearned)))
    assert "    2 of 3 checks pass; they count once " in rendered
    assert "  WRONG    f  0 of 4 points\n" in rendered
    assert "checks pass" not in shown(report(exercise("f", WRONG)))


def test_bonus_points_are_told_once() -> None:
    required, bonus = exercise("f", PASSED), exercise("plot", PASSED, PASSED, bonus=True)
    assert "1 of 1 points, and 2 bonus points " in shown(report(required, bonus))
    assert "2 of 2 points  " in shown(report(bonus))
    assert "1 of 1 points  " in shown(report(required))


def test_hints_are_offered_where_they_help() -> None:
    for status in Status:
        rendered = shown(report(exercise("f", replace(WRONG, status=status))))
        assert ("grade hint 1.4" in rendered) == (
            status in (Status.WRONG, Status.RAISED, Status.TIMEOUT, Status.CRASHED)
        )


def test_every_lesson_has_a_heading() -> None:
    lessons = tuple(LessonVerdict(f"1.{n}", f"m1_{n}_x", f"Title {n}", (exercise("f", PASSED),)) for n in (1, 2))
    rendered = shown(Report(lessons, "confined"))
    assert [line for line in rendered.splitlines() if line.startswith("1.")] == ["1.1 Title 1", "1.2 Title 2"]
    assert "\n\n2 of 2 points   1.2 s\n" in rendered


def test_prose_is_wrapped_and_code_is_not() -> None:
    prose = "Your function sets the seed of the global generator, so every other random number is disturbed. " * 2
    code = "compute_grid(x=torch.tensor([" + "1.0, " * 40 + "]))"
    rendered = shown(report(exercise("f", replace(WRONG, message=prose.strip(), counterexample=code))))
    assert f"      {code}\n" in rendered
    lines = [line for line in rendered.splitlines() if "compute_grid" not in line]
    assert max(map(len, lines)) <= 80
    for columns in (60, 100, 140):
        narrow = text.render(report(exercise("f", replace(WRONG, message=prose.strip()))), Style(width=columns), 1.0)
        assert min(columns, MAX_WIDTH) - 15 < max(map(len, narrow.splitlines())) <= min(columns, MAX_WIDTH)
    assert " ".join(prose.split()) in " ".join(rendered.split())


def test_a_word_that_does_not_fit_is_not_broken() -> None:
    path = "/a/very/long/path" * 10
    assert path in shown(report(exercise("f", replace(WRONG, message=f"Look at {path} and at nothing else."))))


ESCAPE = re.compile(r"\x1b\[\d+m")


def test_colours_are_used_where_they_are_wanted() -> None:
    assert "\x1b" not in shown(SAMPLE)
    assert ESCAPE.search(shown(SAMPLE, COLOUR))
    assert PLAIN.paint("a", "31") == "a"
    assert COLOUR.paint("a", "31") == "\x1b[31ma\x1b[0m"


@pytest.mark.parametrize(
    "name", ["f", "compute_grid", "fixed_bias_slice", "a_name_that_is_rather_long_for_an_exercise"]
)
def test_colour_is_never_the_only_signal(name: str) -> None:
    """Without its colours, the coloured report is the plain one."""
    for sample in (
        report(exercise(name, WRONG)),
        report(exercise(name, RAISED)),
        report(exercise(name, FAULT)),
        SAMPLE,
    ):
        lessons = tuple(replace(lesson, name="m1_4_loss_landscape") for lesson in sample.lessons)
        wide = replace(sample, lessons=lessons)
        assert ESCAPE.sub("", shown(wide, COLOUR)) == shown(wide)


@some
@given(texts=three_texts)
def test_no_text_of_a_student_reaches_the_margin(texts: list[str]) -> None:
    """As the diagnosis hands them over, cleaned: line feeds are left, and nothing behind one looks like our lines."""
    rendered = shown(_with_texts([clean(each) for each in texts]))
    assert _margin(rendered) == _margin(shown(_with_texts(["a", "b", "c"])))
    assert all(character.isprintable() or character in "\n\t" for character in rendered)


def _margin(rendered: str) -> list[str]:
    """Return the lines that stand where only the grader writes."""
    return [
        line
        for line in re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", rendered)
        if line and not line.startswith("    ")
    ]


@some
@given(texts=three_texts, style=st.sampled_from([PLAIN, COLOUR]))
def test_the_text_report_is_the_same_every_time(texts: list[str], style: Style) -> None:
    sample: Any = _with_texts(texts)
    assert shown(sample, style) == shown(sample, style)
    assert shown(sample, style).endswith("points   1.2 s\n")


# ---- Welcome ---------------------------------------------------------------------------------------------------------


def test_a_fresh_clone_is_told_where_to_begin(tmp_path: Path) -> None:
    for name, title in (("m1_2_loss", "The loss"), ("m1_1_loop", "The loop")):
        folder = tmp_path / "lessons" / name
        folder.mkdir(parents=True)
        (folder / "README.md").write_text(f"# {title}\n", encoding="utf-8")
        (tmp_path / "solutions").mkdir(exist_ok=True)
        functions = ("first", "Return it."), ("second", "Return it."), ("extra", "Bonus: return it.")
        source = "".join(f'def {function}(x):\n    """{doc}"""\n\n\n' for function, doc in functions)
        (tmp_path / "solutions" / f"{name}.py").write_text(source, encoding="utf-8")
        for function, _ in functions:
            (folder / f"{function}.py").touch()
    write_settings(tmp_path, 'title = "Loops"\nwelcome = "Two lessons.\\nEnjoy them."\n')
    course = read_course(tmp_path)
    assert text.welcome(course, PLAIN) == golden("""
        Loops

        Two lessons.
        Enjoy them.

          1.1  The loop
               first, second
          1.2  The loss
               first, second

        Nothing started yet. Start here:
          1. Read     lessons/m1_1_loop/README.md
                      (with formulas: on GitHub, or in VS Code with Ctrl/Cmd+Shift+V)
          2. Write    exercises/m1_1_loop.py
          3. Check    grade 1.1
        """)
    assert ESCAPE.sub("", text.welcome(course, COLOUR)) == text.welcome(course, PLAIN)
