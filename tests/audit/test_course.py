"""`grade audit` from end to end: a small lesson is proved, and each way to break it is found where it is.

All lessons are audited in one run: to start the check processes takes longer than to audit such a lesson.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from grader import cli
from grader.audit import course as audit_course
from grader.audit import right, wrong
from grader.audit.course import LessonAudit, Prove
from grader.audit.finding import Finding, Proof
from grader.audit.proving import Thoroughness
from grader.commands.audit import as_json, as_text
from grader.course.model import Lesson, read_course
from grader.errors import CourseError, UsageError
from grader.pool.job import Job
from grader.pool.pool import Outcome, Pool
from grader.reports.text import Style
from grader.verdict import CheckVerdict, ExerciseVerdict, LessonVerdict, Status
from tests.small_lesson import FILES, write_lesson

HOW = Thoroughness(seeds=1, repeats=2, mutants=10_000)
LAST = "You do not use the factor at all.\n"
SURVIVORS = f"""{LAST}
## Survivors

- `return x * factor` becomes `return x / factor`
  A lie.
- `return x * factor` becomes `return x * factor * 2`
  No operator makes this.
"""


@dataclass(frozen=True)
class Broken:
    """What is changed in the lesson, and what must be found."""

    proof: int
    changes: dict[str, tuple[str, str]]
    file: str
    line: int
    words: str


WORK = """\
    import time
    end = time.process_time() + 0.3 * (factor == 1.5)
    while time.process_time() < end:
        pass
"""
ADDED = "`x * factor` becomes `x + factor`"
BROKEN = {
    "solution_fails": Broken(
        1,
        {"code": ("2 * scale(x, factor), scale", "3 * scale(x, factor), scale")},
        "scale.py",
        21,
        "the solution fails test_twice",
    ),
    "tolerance_tight": Broken(
        1,
        {
            "code": (
                "assert_close(scale(x, 2 * factor), 2 * scale(x, factor), scale=20)",
                "assert_close(scale(x, 2 * factor) + 0.6, 2 * scale(x, factor), tolerance=1)",
            )
        },
        "scale.py",
        21,
        "of the tolerance of test_twice",
    ),
    "mistake_passes": Broken(
        3, {"text": (ADDED, "`x * factor` becomes `factor * x`")}, "scale.md", 11, "scale__added passes every check"
    ),
    "function_passes": Broken(
        3, {"text": ("return x.clone()", "return factor * x")}, "scale.md", 23, "scale__ignored passes every check"
    ),
    "mistakes_confused": Broken(
        3, {"text": ("becomes `x / factor`", "becomes `factor + x`")}, "scale.md", 17, "is named scale__added"
    ),
    "mistake_unnamed": Broken(
        3, {"text": (ADDED, "`return x * factor` becomes `raise SystemExit`")}, "scale.md", 11, "is not named"
    ),
    "check_idle": Broken(
        3,
        {"code": ('says="A number became smaller.")', 'slack=99, says="")')},
        "scale.py",
        26,
        "catches no known mistake",
    ),
    "mutant_survives": Broken(
        4,
        {"solution": ("return x * factor\n", "return x * factor if len(x) < 99 else x\n")},
        "solution",
        15,
        "passes every check",
    ),
    "variant_fails": Broken(
        5,
        {"code": ("torch.tensor([value * factor for", "torch.tensor([value * factor + 1 for")},
        "scale.py",
        41,
        "scale__loop is right but fails",
    ),
    "right_diagnosed": Broken(
        9,
        {"text": (ADDED, "`x * factor` becomes `factor * x`")},
        "scale.py",
        41,
        "scale__loop is right, but the known mistake scale__added gives all of its answers",
    ),
    "solution_diagnosed": Broken(
        9,
        {"text": ("return x.clone()", "return factor * x")},
        "solution",
        9,
        "scale is right, but the known mistake scale__ignored gives all of its answers",
    ),
    "variant_missing": Broken(5, {"code": ("@variant\n", "")}, "scale.py", 1, "scale has no variant"),
    "variant_without_a_style": Broken(
        0, {"code": ('"""A loop over the entries."""', "pass")}, "scale.py", 41, "loop has no docstring"
    ),
    "random_check": Broken(
        6,
        {
            "code": ("torch.tensor([0.5, 3.0], dtype", "torch.tensor([0.5, __import__('time').monotonic()], dtype"),
            "text": ("becomes `x + factor`", "becomes `x - factor`"),
        },
        "scale.py",
        26,
        "differs from the first",
    ),
    "text_wrong": Broken(7, {"README": ("tensor([2.])", "tensor([3.])")}, "README.md", 38, "prints"),
    "prediction_wrong": Broken(7, {"code": ("< 0", "> 0")}, "scale.py", 36, "does not come true"),
    "prediction_unreadable": Broken(
        0,
        {"code": ('"They turn round."', '"They " + str(1)')},
        "scale.py",
        33,
        "@predict of negative must be @predict(",
    ),
    "slow": Broken(
        8,
        {
            "solution": (
                "    return x * factor\n",
                f"{WORK}    return x * factor\n",
            )
        },
        "solution",
        9,
        "200 ms, a tenth of the limit",
    ),
    "unreadable": Broken(
        0,
        {"code": ("test_not_smaller(scale: StudentFunction)", "test_not_smaller()")},
        "scale.py",
        26,
        "needs an argument named scale",
    ),
    "mistake_stale": Broken(
        0,
        {"solution": ("return x * factor\n", "return factor * x\n")},
        "scale.md",
        13,
        "`x * factor` does not occur in the solution of scale",
    ),
    "survivor_unexplained": Broken(
        0,
        {"text": (LAST, f"{LAST}\n## Survivors\n\n- `a` becomes `b`\n")},
        "scale.md",
        34,
        "explain below why no check can tell `a` from `b`",
    ),
}


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LessonAudit]:
    """Return what is found out of the whole lesson and of every broken one, by name."""
    root = tmp_path_factory.mktemp("course")
    names = {"whole": "m9_1_scaling", "survivors": "m9_2_scaling", "stray": "m9_3_scaling"}
    write_lesson(root, names["whole"])
    write_lesson(root, names["survivors"], text=(LAST, SURVIVORS))
    (write_lesson(root, names["stray"]).folder / "grow.py").write_text("", encoding="utf-8")
    for number, (name, broken) in enumerate(BROKEN.items(), start=4):
        names[name] = f"m9_{number}_scaling"
        write_lesson(root, names[name], **broken.changes)
    # Where no mutant matters, one is enough.
    mutated = {names[name] for name in names if name not in BROKEN or BROKEN[name].proof == 4}
    seen: list[tuple[Lesson, int, int]] = []
    found: dict[str, LessonAudit] = {}
    with Pool(root) as pool:
        for how in (HOW, replace(HOW, mutants=1)):
            lessons = [lesson for lesson in read_course(root).lessons if (lesson.name in mutated) == (how is HOW)]
            results = audit_course.audit(lessons, how, pool, lambda *progress: seen.append(progress))
            found |= {result.lesson.name: result for result in results}
    assert set(found) == set(names.values())
    for lesson in {each[0].name: each[0] for each in seen}.values():
        of_this = [(done, total) for each, done, total in seen if each.name == lesson.name]
        assert [done for done, _ in of_this] == list(range(1, of_this[0][1] + 1)), "the progress counts every job once"
    return {name: found[lesson_name] for name, lesson_name in names.items()}


def test_a_whole_lesson_is_proved(audited: dict[str, LessonAudit]) -> None:
    result = audited["whole"]

    assert [str(finding) for proof in result.proofs for finding in proof.findings] == []
    assert [proof.number for proof in result.proofs] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert result.holds


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found_where_it_is(name: str, audited: dict[str, LessonAudit]) -> None:
    result, broken = audited[name], BROKEN[name]
    found = [finding for proof in result.proofs if proof.number == broken.proof for finding in proof.findings]
    shown = [str(finding) for proof in result.proofs for finding in proof.findings]

    assert not result.holds
    assert any(
        finding.file.endswith(f"/{broken.file}")
        or (broken.file == "solution" and finding.file.startswith("solutions/"))
        for finding in found
        if finding.line == broken.line and broken.words in finding.text
    ), shown


def test_entries_of_survivors_that_are_not_needed_are_found(audited: dict[str, LessonAudit]) -> None:
    (proof,) = (proof for proof in audited["survivors"].proofs if proof.number == 4)

    assert [(finding.file, finding.line, finding.text.partition(".")[0]) for finding in proof.findings] == [
        ("lessons/m9_2_scaling/scale.md", 34, "a check catches this mutant"),
        ("lessons/m9_2_scaling/scale.md", 36, "the solution has no such mutant (any more)"),
    ]


def test_a_file_named_after_no_exercise_is_found(audited: dict[str, LessonAudit]) -> None:
    assert [str(finding) for proof in audited["stray"].proofs for finding in proof.findings] == [
        "lessons/m9_3_scaling/grow.py:1: grow is not an exercise of the lesson (scale). Rename or move it."
    ]


def test_the_kill_matrix_is_exact(audited: dict[str, LessonAudit]) -> None:
    (proof,) = (proof for proof in audited["whole"].proofs if proof.number == 3)
    example, conduct = "example_scale", "conduct_scale"

    assert proof.data["matrix"] == {
        "scale": {
            "added": [example, "test_every_entry", "test_twice"],
            "divided": [example, "test_every_entry", "test_twice", "test_not_smaller"],
            "ignored": [example, "test_every_entry", "test_twice"],
        }
    }
    assert conduct not in str(proof.data)


def test_the_examples_and_the_margins_are_counted(audited: dict[str, LessonAudit]) -> None:
    (proof,) = (proof for proof in audited["whole"].proofs if proof.number == 1)

    # 2 seeds, the fixed examples and fresh ones; 25 drawn examples and 1 written one each.
    assert proof.data["checks"]["test_every_entry"]["examples"] == 2 * 26
    assert proof.data["checks"]["test_not_smaller"]["examples"] == 2
    assert 0 <= proof.data["checks"]["test_every_entry"]["used"] < 1e-3


def test_points_for_nothing_are_found(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    paid = ExerciseVerdict("scale", bonus=False, checks=(CheckVerdict("a", "It is so.", Status.PASSED),))
    odd = ExerciseVerdict("scale", bonus=False, checks=(CheckVerdict("a", "It is so.", Status.WRONG),))
    proving = right.prove_nothing(lesson, HOW)
    stub, empty = next(proving)
    outcomes = [
        Outcome(stub, LessonVerdict(lesson.id, lesson.name, lesson.title, (paid,))),
        Outcome(empty, LessonVerdict(lesson.id, lesson.name, lesson.title, (odd,))),
    ]
    with pytest.raises(StopIteration) as end:
        proving.send(outcomes)
    (proof,) = end.value.value

    assert [str(finding) for finding in proof.findings] == [
        "solutions/m9_1_scaling.py:9: the stub gets 1 point for scale.",
        "solutions/m9_1_scaling.py:9: an empty file is wrong in scale, expected invalid.",
    ]


@pytest.mark.parametrize("prove", audit_course.PROOFS)
def test_a_broken_grader_is_a_finding_and_never_a_proof(prove: Prove, tmp_path: Path) -> None:
    proving = prove(write_lesson(tmp_path), HOW)
    jobs = next(proving)
    with pytest.raises(StopIteration) as end:
        proving.send([Outcome(job, fault="The check process has ended.") for job in jobs])

    assert jobs
    assert any("The check process has ended." in each.text for proof in end.value.value for each in proof.findings)


def test_a_check_without_a_mistake_says_why_it_stays(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, code=("def test_not_smaller", '@keeps("It shows the idea.")\ndef test_not_smaller'))
    caught = {"scale": {"added": frozenset(["test_every_entry", "test_twice"])}}

    assert {check.name: check.keeps for check in lesson.checks if check.keeps} == {
        "test_not_smaller": "It shows the idea."
    }
    assert list(wrong._idle_checks(lesson, caught)) == []
    caught["scale"]["ignored"] = frozenset(["test_not_smaller"])
    (found,) = wrong._idle_checks(lesson, caught)
    assert (found.file, found.line) == ("lessons/m9_1_scaling/scale.py", 27)
    assert "needs no @keeps" in found.text


class NoCheckProcesses:
    """A pool whose check processes all break."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        for job in jobs:
            yield Outcome(job, fault="The check process has ended.")


@pytest.mark.parametrize("file", [*FILES.values(), "solution", "shared.py"])
@pytest.mark.parametrize("garbage", [b"\xff\xfe\x00", b"", b"def (:\n", b"- `a`\n## \n```python\n$$\n", b"\x00"])
def test_garbage_in_a_file_is_found_and_the_other_lessons_are_audited(
    file: str, garbage: bytes, tmp_path: Path
) -> None:
    broken, whole = write_lesson(tmp_path), write_lesson(tmp_path, "m9_2_scaling")
    (broken.solution if file == "solution" else broken.folder / file).write_bytes(garbage)
    lessons = read_course(tmp_path).lessons
    results = {
        each.lesson.name: each
        for each in audit_course.audit(lessons, HOW, cast("Pool", NoCheckProcesses()), lambda *_: None)
    }

    assert set(results) == {broken.name, whole.name}
    assert not results[broken.name].holds
    shown = as_text(list(results.values()), HOW, Style())
    assert "the audit failed" not in shown
    assert "Traceback" not in shown


def test_a_table_has_a_line_for_each_mistake_and_check() -> None:
    lines = wrong.table("scale", {"added": frozenset(["b"]), "divided": frozenset(["a", "b"])}, ["a", "b"])

    assert lines == [
        "scale     1 2",
        "  added   . x",
        "  divided x x",
        "  1: a, 1 caught",
        "  2: b, 2 caught",
    ]


def test_the_report_names_the_place_of_every_finding(audited: dict[str, LessonAudit]) -> None:
    results = list(audited.values())
    shown = as_text(results, HOW, Style())
    document = as_json(results, HOW)

    for result in results:
        for proof in result.proofs:
            for finding in proof.findings:
                assert f"{finding.file}:{finding.line}: " in shown
    assert document["holds"] is False
    assert json.loads(json.dumps(document)) == document
    assert "FAILS  8" in shown


def test_the_command_says_how_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = write_lesson(tmp_path)
    proofs = (Proof(1, "it passes", (), ("a fact",)), Proof(2, "it fails", (Finding("a.py", 3, "look here"),)))

    def audit(*_: object) -> Iterator[LessonAudit]:
        yield LessonAudit(lesson, proofs)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("grader.commands.audit.audit", audit)

    assert cli.run(["audit", "9.1", "--quick"]) == 1
    shown = capsys.readouterr()
    assert "holds  1 it passes" in shown.out
    assert "a.py:3: look here" in shown.out
    assert shown.err == "9.1: 1 finding\n"
    assert cli.run(["audit", "--format", "json", "--seeds", "7"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["thoroughness"]["seeds"] == 7
    assert document["lessons"][0]["proofs"][1]["findings"] == [{"file": "a.py", "line": 3, "text": "look here"}]


def test_the_command_refuses_what_makes_no_sense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lesson(tmp_path)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(UsageError, match="--seeds -1"):
        cli.run(["audit", "--seeds", "-1"])
    with pytest.raises(UsageError, match=r"Lesson 7\.7 isn't written yet"):
        cli.run(["audit", "7.7"])


def test_an_audit_of_the_whole_course_begins_with_what_belongs_to_no_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lesson(tmp_path)
    (tmp_path / "solutions" / "m9_2_lost.py").touch()
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CourseError, match=r"solutions/m9_2_lost\.py:1: does not belong to a lesson"):
        cli.run(["audit"])
