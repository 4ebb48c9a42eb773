"""Known mistakes run in a confined worker of their own: a draft of one may have come from a student."""

from pathlib import Path

import pytest
import torch

from grader.course.model import read_course
from grader.course.submission import read_submission
from grader.engine.grading import Options
from grader.engine.mistake_worker import Candidates, Mistaken
from grader.engine.reference import Asked, Key, Reference, Returned
from grader.engine.worker_session import Runner
from grader.feedback.call_failure import Ending
from grader.pool.client import Client
from grader.pool.job import Job
from grader.sandbox import wire
from grader.sandbox.zygote import Zygote
from grader.verdict import CheckVerdict, Status
from tests.conftest import CANARY, ROOT, last_word
from tests.grading import first_exercise, grade
from tests.small_lesson import write_lesson

EDIT = "- `x * factor` becomes `x + factor`"
"""What the known mistake `added` is in the small lesson."""
ADDED = "    return x + factor\n"
CODE = "def scale(x, factor):\n    return x + factor\n"


def fenced(body: str) -> str:
    """Return a known mistake that is a function of its own, with a body."""
    return f"```python\ndef scale(x: Tensor, factor: float) -> Tensor:\n{body}```"


def failure(root: Path, zygote: Zygote, mistake: str, code: str = CODE, **changes: tuple[str, str]) -> CheckVerdict:
    """Grade code by the small lesson, where the known mistake `added` is another one; return the first failure."""
    lesson = write_lesson(root, text=(EDIT, mistake), **changes)
    (root / "exercises" / f"{lesson.name}.py").write_text(code)
    verdict = first_exercise(lesson, root / "exercises", zygote)
    assert verdict.first_failure is not None
    return verdict.first_failure


TRIES = {
    "the solution read": "open({root!r} + '/solutions/m9_1_scaling.py').read()",
    "a file written": "open({root!r} + '/escaped', 'w').close()",
    "a process started": "import os; os.fork() or os._exit(0)",
    "the grader's secret": f"import os; os.environ[{CANARY[0]!r}]",
    "the reference found": "import sys; sys.modules['grader.engine.reference']",
    "the answer found": "import gc, types; next(o for o in gc.get_objects() if type(o) is types.ModuleType and "
    "o.__name__.startswith('solutions'))",
}


KEPT = "    kept.append(factor)\n    return x * kept[0]\n"
"""Answers every call with the factor of the first."""


def test_a_mistake_that_keeps_something_is_called_in_the_order_of_the_students_calls(
    tmp_path: Path, zygote: Zygote
) -> None:
    kept = f"```python\ndef scale(x: Tensor, factor: float, kept: list[float] = []) -> Tensor:\n{KEPT}```"
    code = f"def scale(x, factor, kept=[]):\n{KEPT}"

    assert failure(tmp_path, zygote, kept, code).mistake == "added"


@pytest.mark.parametrize("body", ["    return x + factor\n", KEPT, "    while True:\n        pass\n"])
def test_a_mistake_that_answers_a_call_in_two_ways_keeps_something(tmp_path: Path, zygote: Zygote, body: str) -> None:
    kept = "    kept.append(factor)\n    return x * len(kept)\n" if body is KEPT else body
    mistake = f"```python\ndef scale(x: Tensor, factor: float, kept: list[float] = []) -> Tensor:\n{kept}```"
    lesson = write_lesson(tmp_path, text=(EDIT, mistake))
    mistaken = Mistaken(Reference(lesson), zygote)
    (added,) = (each for each in lesson.mistakes if each.name == "added")

    try:
        assert mistaken.keeps_state(added, Asked.of("scale", None, (1.0, 2.0), {})) == (body is KEPT)
    finally:
        mistaken.close()


@pytest.mark.parametrize("what", TRIES)
def test_a_mistake_reaches_nothing(tmp_path: Path, zygote: Zygote, what: str) -> None:
    """Only where nothing is reached, it behaves like the student's code, and is named."""
    tries = TRIES[what].format(root=str(tmp_path))
    fails = "    except (OSError, KeyError, StopIteration):\n        return x + factor\n    return x\n"
    mistake = f"    try:\n        {tries}\n{fails}"

    assert failure(tmp_path, zygote, fenced(mistake)).mistake == "added"
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize(
    "mistake",
    [
        "    raise SystemExit(0)\n",
        "    import os\n    os._exit(0)\n",
        "    import ctypes\n    ctypes.string_at(0)\n",
        "    return [[]] * 30_000\n",
        "    import os\n    os.write(3, b'garbage garbage')\n",
    ],
    ids=["exits", "ends its process", "crashes", "returns too much", "writes into the channel"],
)
def test_a_mistake_that_breaks_is_not_named_and_breaks_nothing(tmp_path: Path, zygote: Zygote, mistake: str) -> None:
    first = failure(tmp_path, zygote, fenced(mistake))

    assert (first.status, first.mistake) == (Status.WRONG, "")


def test_a_mistake_that_raises_is_named_where_the_code_says_the_same(tmp_path: Path, zygote: Zygote) -> None:
    raises = "def scale(x, factor):\n    return x[len(x)]\n"
    first = failure(tmp_path, zygote, fenced("    return x[x.shape[0]]\n"), raises)

    assert (first.status, first.mistake) == (Status.RAISED, "added")


HELPERS = {"added": "x + factor", "divided": "x - factor"}


@pytest.mark.parametrize("name", HELPERS)
def test_each_mistake_has_its_own_helpers(tmp_path: Path, zygote: Zygote, name: str) -> None:
    """Two functions in fences may use the same name for what they need."""
    lesson = write_lesson(tmp_path)
    text = lesson.text("scale").read_text()
    for edit, value in zip((EDIT, EDIT.replace("x + factor", "x / factor")), HELPERS.values(), strict=True):
        assert edit in text
        text = text.replace(
            edit, fenced(f"    return _value(x, factor)\n\n\ndef _value(x, factor):\n    return {value}\n")
        )
    lesson.text("scale").write_text(text)
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(f"def scale(x, factor):\n    return {HELPERS[name]}\n")
    first = first_exercise(lesson, tmp_path / "exercises", zygote).first_failure

    assert first is not None
    assert first.mistake == name


HELPED = ("def scale(", "def _times(x: Tensor, factor: float) -> Tensor:\n    return x * factor\n\n\ndef scale(")


@pytest.mark.parametrize(
    ("mistake", "code", "name"),
    [
        ("- `x * factor` becomes `x + factor`", "x + factor", "added"),
        ("- `x * factor` becomes `x + factor`", "x / factor", "divided"),
        (
            "```python\ndef scale(x, factor):\n    return _times(_times(x, factor), factor)\n```",
            "x * factor**2",
            "added",
        ),
    ],
    ids=["an edit of the helper", "the edit of another mistake", "a function that calls it"],
)
def test_a_mistake_has_the_helpers_of_the_solution_and_may_change_them(
    tmp_path: Path, zygote: Zygote, mistake: str, code: str, name: str
) -> None:
    """What one mistake changes of a private function of the solution, it changes for itself alone."""
    lesson = write_lesson(
        tmp_path, text=(EDIT, mistake), solution=("    return x * factor", "    return _times(x, factor)")
    )
    lesson.solution.write_text(lesson.solution.read_text().replace(*HELPED))
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(f"def scale(x, factor):\n    return {code}\n")
    first = first_exercise(lesson, tmp_path / "exercises", zygote).first_failure

    assert first is not None
    assert first.mistake == name


def test_a_mistake_is_driven_as_the_exercise_is(tmp_path: Path, zygote: Zygote) -> None:
    """All calls of the exercise but those by a driver are right, so only they can tell the mistakes apart."""
    drivers = (
        "\n\n@driver\ndef of_ones(scale, n, factor):\n    return scale(torch.ones(n), factor)\n"
        "\n\ndef test_ones(scale: StudentFunction) -> None:\n"
        '    """Ones become the factor."""\n'
        '    assert_close(scale.drive("of_ones", 777, 3.0), [3.0] * 777)\n'
    )
    only_there = "x + factor if len(x) == 777 else x * factor"
    lesson = write_lesson(
        tmp_path,
        code=("import StudentFunction", "import driver, StudentFunction"),
        text=("`x + factor`", f"`{only_there}`"),
    )
    with lesson.code("scale").open("a") as file:
        file.write(drivers)
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(f"def scale(x, factor):\n    return {only_there}\n")
    verdict = first_exercise(lesson, tmp_path / "exercises", zygote)

    assert verdict.first_failure is not None
    assert (verdict.first_failure.name, verdict.first_failure.mistake) == ("test_ones", "added")


def test_mistakes_start_each_call_at_the_seed(tmp_path: Path, zygote: Zygote) -> None:
    code = "import torch\n\ndef scale(x, factor):\n    return x * factor + torch.rand(len(x))\n"
    mistake = "- `x * factor` becomes `x * factor + torch.rand(len(x))`"

    assert failure(tmp_path, zygote, mistake, code).mistake == "added"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (
            "    return x + factor\n\n\nraise RuntimeError('no')\n",
            "lessons/m9_1_scaling/scale.md:18 does not load: RuntimeError: no",
        ),
        (
            "    return x + factor\n\n\nimport no_such_module\n",
            "lessons/m9_1_scaling/scale.md:18 does not load: ModuleNotFoundError",
        ),
        ("    return x + factor\n\n\nwhile True:\n    pass\n", "do not load: Your file did not finish"),
    ],
)
def test_mistakes_that_do_not_load_are_a_fault(tmp_path: Path, zygote: Zygote, broken: str, says: str) -> None:
    lesson = write_lesson(tmp_path, text=(EDIT, fenced(broken)))
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(CODE)
    verdict = first_exercise(lesson, tmp_path / "exercises", zygote)

    assert verdict.status is Status.FAULT
    assert verdict.first_failure is not None
    assert says in verdict.first_failure.message


def test_a_right_answer_starts_no_worker_for_the_mistakes(tmp_path: Path, zygote: Zygote) -> None:
    lesson = write_lesson(tmp_path, text=(EDIT, fenced("    return x + factor\n\n\nraise RuntimeError('asked')\n")))

    assert grade(lesson, tmp_path / "solutions", zygote).lesson.status is Status.PASSED


def test_what_is_found_out_ahead_is_what_is_found_out_then(zygote: Zygote) -> None:
    lesson = read_course(ROOT).find("1.4")
    reference = Reference(lesson)
    grade(lesson, ROOT / "solutions", zygote, Options(("plot_descent",)), reference=reference)
    Mistaken(reference, zygote).try_costly()
    mistakes = {mistake.label: mistake for mistake in lesson.mistakes}
    later = Mistaken(Reference(lesson), zygote)

    assert reference.costly
    assert reference.mistaken
    for (name, driver, payload), answer in list(reference.mistaken.items())[:5]:
        again = later.answer(mistakes[name], Asked(mistakes[name].exercise, driver, (), {}, payload))
        assert type(again) is type(answer)
        if isinstance(answer, Returned) and isinstance(again, Returned):
            assert wire.encode(answer.value) == wire.encode(again.value)
    later.close()


def test_what_was_found_out_ahead_is_not_asked_again(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    mistake = read_course(ROOT).find("1.4").mistakes[0]
    known, unknown = (Asked(mistake.exercise, None, (), {}, payload) for payload in (b"known", b"unknown"))
    reference = Reference(read_course(ROOT).find("1.4"), mistaken={(mistake.label, None, b"known"): Returned(7)})
    called: list[Key] = []

    def call(_: Mistaken, key: Key) -> Returned:
        called.append(key)
        return Returned(8)

    monkeypatch.setattr(Mistaken, "_call", call)
    answers = [Mistaken(reference, zygote).answer(mistake, asked) for asked in (known, unknown)]

    assert answers == [Returned(7), Returned(8)]
    assert called == [(mistake.label, None, b"unknown")]


FUNCTIONS = """
import torch
def right(x, factor): return x * factor
def wrong(x, factor): return x + factor
def raises(x, factor): raise ValueError("no")
def long(x, factor): return torch.ones(100_000)
def hangs(x, factor):
    while True: pass
"""


def functions_of(root: Path, zygote: Zygote) -> Candidates:
    names = ("right", "wrong", "raises", "long", "hangs")
    return Candidates(write_lesson(root), zygote, lambda: FUNCTIONS, dict.fromkeys(names, "scale"), patience=0.0)


@pytest.mark.parametrize("names", [("right", "wrong", "raises"), ("long", "wrong", "long"), ("right", "hangs")])
def test_calls_that_are_made_together_are_answered_as_one_by_one(
    tmp_path: Path, zygote: Zygote, names: tuple[str, ...]
) -> None:
    payloads = [Asked.of("scale", None, (torch.ones(2), factor), {}).payload for factor in (2.0, 3.0)]
    keys: list[Key] = [(name, None, payload) for name in names for payload in payloads]
    together, alone = (functions_of(tmp_path / each, zygote) for each in ("together", "alone"))

    together.call_ahead(keys, 0.0)
    answers = [(together.call(key), alone.call(key)) for key in keys]
    together.close()
    alone.close()

    for one, other in answers:
        assert type(one) is type(other)
        if isinstance(one, Returned) and isinstance(other, Returned):
            assert wire.encode(one.value) == wire.encode(other.value)
        if isinstance(one, Ending) and isinstance(other, Ending):
            assert (one.status, one.error) == (other.status, other.error)


def test_what_was_answered_ahead_is_not_called_again(
    tmp_path: Path, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    key: Key = ("wrong", None, Asked.of("scale", None, (torch.ones(2), 2.0), {}).payload)
    functions = functions_of(tmp_path, zygote)
    functions.call_ahead([key, key], 0.0)

    monkeypatch.setattr(Runner, "call", lambda *_: pytest.fail("it was called again"))
    for _ in range(2):
        answer = functions.call(key)
        assert isinstance(answer, Returned)
        assert answer.value.tolist() == [3.0, 3.0]
    functions.close()


def test_a_judge_names_what_its_stand_has_tried(tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path)
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(CODE)
    with Client(tmp_path) as client:
        client.start()
        client.learn(lesson.name)
        client.try_mistakes(lesson.name)
        said = last_word(client, client.begin(Job(lesson.name, read_submission(tmp_path / "exercises", lesson.name))))

    assert said is not None
    assert said.lesson is not None
    first = said.lesson.exercises[0].first_failure
    assert first is not None
    assert first.mistake == "added"
