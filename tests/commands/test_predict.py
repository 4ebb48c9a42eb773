"""`grade predict`: a question before the code, and the picture of what really happens."""

import ast
from pathlib import Path

import pytest

from grader.authoring import predict as predict_decorator
from grader.cli import run as cli
from grader.commands import Context, predict
from grader.course.model import Course, Lesson, read_course
from grader.course.submission import Source
from grader.engine.grading import Options, Task, load
from grader.engine.reference import Reference
from grader.errors import CourseError, Fault, UsageError
from grader.progress import predictions
from grader.progress.store import Store
from grader.reports.text import Style
from grader.sandbox.zygote import Zygote
from tests.conftest import ROOT
from tests.small_lesson import SOLUTION as SMALL
from tests.small_lesson import write_lesson

LESSONS = [lesson for lesson in read_course(ROOT).lessons if lesson.predictions]
SOLUTION = """
def walk(steps: int) -> list[tuple[float, float]]:
    \"\"\"Return a walk.\"\"\"
    return [(0.0, float(step)) for step in range(steps)]
"""
PREDICTIONS = """
from grader.authoring import predict

def test_walk(walk):
    \"\"\"A walk has as many points as steps.\"\"\"
    assert len(walk(3)) == 3

@predict(answer="Up.", because="The second number grows.", otherwise={"Down.": "That would need a minus."})
def way(walk):
    \"\"\"Which way does it go?\"\"\"
    path = walk(3)
    assert path[0] < path[-1]
    return path

@predict(answer="Three.", because="It was asked for three.", otherwise={"Two.": "Count the start too."})
def length(walk):
    \"\"\"How many points?\"\"\"
    return len(walk(3))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one lesson with two questions."""
    for folder in ("lessons/m1_1_walk", "solutions", "exercises"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "solutions" / "m1_1_walk.py").write_text(SOLUTION)
    (tmp_path / "lessons" / "m1_1_walk" / "walk.py").write_text(PREDICTIONS)
    return tmp_path


def ask(root: Path, typed: str, *words: str) -> tuple[str, str]:
    """Return the questions and the answer of the command when these lines are typed, and then nothing."""
    questions = []
    lines = iter(typed.split("\n"))

    def type_it(question: str) -> str:
        questions.append(question)
        return next(lines, "")

    context = Context(read_course(root), root / "exercises", Store.open(root), Style(), type_it)
    answer = predict.run(context, words or ("1.1",))
    assert answer.exit_code == 0
    return "".join(questions), answer.text


def test_the_options_stand_in_the_order_of_the_alphabet(root: Path) -> None:
    question, _ = ask(root, "a")

    assert "Which way does it go?" in question
    assert question.index("a) Down.") < question.index("b) Up.")


def test_a_right_answer_is_praised_with_its_reason_and_a_picture(root: Path) -> None:
    _, text = ask(root, "b")

    assert "Right. The second number grows." in text
    assert "0 is the start" in text
    assert "1.1 walk: Up. A path of 3 points, from (0, 0) to (0, 2)." in text
    assert (root / ".grade" / "pictures" / "1.1-walk__way.png").read_bytes().startswith(b"\x89PNG")


def test_a_wrong_answer_gets_the_sentence_about_its_misunderstanding_and_then_the_truth(root: Path) -> None:
    _, text = ask(root, "A)")

    assert "Not quite. That would need a minus." in text
    assert "What happens: Up. The second number grows." in text
    assert text.index("That would need") < text.index("A path of 3 points") < text.index("What happens:")


def test_the_next_question_is_one_that_was_not_asked_and_then_the_one_asked_longest_ago(root: Path) -> None:
    questions = [ask(root, "a")[0] for _ in range(4)]

    assert ["Which way" in question for question in questions] == [True, False, True, False]


def test_one_more_question_is_told_of_until_there_is_none(root: Path) -> None:
    assert "Next question: grade predict 1.1" in ask(root, "a")[1]
    assert "Next question" not in ask(root, "a")[1]


def test_a_value_that_is_no_picture_is_answered_in_words(root: Path) -> None:
    ask(root, "a")
    _, text = ask(root, "a")

    assert "Right. It was asked for three." in text
    assert "Picture: " not in text


@pytest.mark.parametrize("typed", ["", "z", "ab", "1", "\x00", "é"])
def test_no_answer_takes_nothing(root: Path, typed: str) -> None:
    _, text = ask(root, typed)

    assert "No answer yet. When you have one: grade predict 1.1 walk" in text
    assert "Which way" in ask(root, "a")[0]


def test_a_lesson_or_an_exercise_without_questions_says_so(root: Path) -> None:
    path = root / "lessons" / "m1_1_walk" / "walk.py"
    path.write_text(PREDICTIONS.partition("@predict")[0])

    assert "Lesson 1.1 has no prediction" in ask(root, "a")[1]
    assert "walk has no prediction" in ask(root, "a", "1.1", "walk")[1]


def test_other_words_are_a_usage_error(root: Path) -> None:
    with pytest.raises(UsageError, match="grade predict"):
        ask(root, "a", "1.1", "walk", "b")
    with pytest.raises(UsageError, match="no exercise"):
        ask(root, "a", "1.1", "run")


def test_a_prediction_whose_answer_does_not_happen_is_our_fault(root: Path) -> None:
    path = root / "lessons" / "m1_1_walk" / "walk.py"
    path.write_text(PREDICTIONS.replace("path[0] < path[-1]", "path[0] > path[-1], 'it goes up'"))

    with pytest.raises(Fault, match=r"m1_1_walk/walk\.py:\d+: way .* it goes up"):
        ask(root, "a")


def test_a_prediction_of_another_exercise_is_our_fault(root: Path) -> None:
    path = root / "lessons" / "m1_1_walk" / "walk.py"
    path.write_text(
        PREDICTIONS.replace("def way(walk):", "def way(run):").replace("walk(3)\n    assert p", "run(3)\n    assert p")
    )
    line = path.read_text().splitlines().index("def way(run):") + 1

    with pytest.raises(Fault, match=rf"m1_1_walk/walk\.py:{line}: way cannot show its answer: .*'run'"):
        ask(root, "a")


BROKEN = {
    "no texts": "@predict\ndef way(walk):\n    'Which?'\n",
    "no wrong option": "@predict(answer='a', because='b', otherwise={})\ndef way(walk):\n    'Which?'\n",
    "no text": "@predict(answer=f(), because='b', otherwise={'c': 'd'})\ndef way(walk):\n    'Which?'\n",
    "no reason": "@predict(answer='a', otherwise={'c': 'd'})\ndef way(walk):\n    'Which?'\n",
    "other words": "@predict(answer='a', because='b', otherwise={'c': 'd'}, x=1)\ndef way(walk):\n    'Which?'\n",
    "number": "@predict(answer='a', because='b', otherwise={'c': 1})\ndef way(walk):\n    'Which?'\n",
    "no question": "@predict(answer='a', because='b', otherwise={'c': 'd'})\ndef way(walk):\n    pass\n",
    "a variant too": (
        "@variant\n@predict(answer='a', because='b', otherwise={'c': 'd'})\ndef way(walk):\n    'Which?'\n"
    ),
    "a check too": "@predict(answer='a', because='b', otherwise={'c': 'd'})\ndef test_way(walk):\n    'Which?'\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_prediction_is_told_with_its_line(root: Path, name: str) -> None:
    (root / "lessons" / "m1_1_walk" / "walk.py").write_text(f"\n\n{BROKEN[name]}")

    with pytest.raises(CourseError, match=r"lessons/m1_1_walk/walk\.py:[345]: .*\b(test_)?way\b"):
        assert read_course(root).lessons[0].predictions


def test_a_prediction_with_the_answer_among_the_wrong_options_does_not_load() -> None:
    with pytest.raises(ValueError, match="both the answer and a wrong option"):
        predict_decorator(answer="a", because="b", otherwise={"a": "c"})
    with pytest.raises(ValueError, match="sentence"):
        predict_decorator(answer="a", because="b", otherwise={"c": ""})


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_what_every_prediction_says_is_what_happens(lesson: Lesson) -> None:
    reference = Reference(lesson)
    for prediction in lesson.predictions:
        assert reference.predicted(prediction) is not None
        assert len(prediction.options) >= 3
        source = lesson.code(prediction.exercise).read_text()
        function = next(
            node
            for node in ast.parse(source).body
            if isinstance(node, ast.FunctionDef) and node.name == prediction.name
        )
        assert "assert " in (ast.get_source_segment(source, function) or ""), f"{prediction.label} proves nothing"


def test_the_model_lesson_asks_at_least_two(course: Course) -> None:
    lesson = course.find("1.4")

    assert len(lesson.predictions) >= 2


def test_after_a_typo_it_asks_again(root: Path) -> None:
    questions, text = ask(root, "z\n2\nB)")

    assert questions.count("Type one of the letters a, b, or only Enter to stop: ") == 2
    assert "Right. The second number grows." in text


def test_the_picture_is_told_in_words_before_it_is_drawn(root: Path) -> None:
    _, text = ask(root, "b")

    assert text.index("A path of 3 points") < text.index("0 is the start")


def course_of(root: Path, number: int) -> Path:
    """Add lessons without questions after the one of two, so that the course has this many."""
    for each in range(2, number + 1):
        name = f"m1_{each}_later"
        (root / "lessons" / name).mkdir()
        (root / "solutions" / f"{name}.py").write_text(SOLUTION)
        (root / "lessons" / name / "walk.py").write_text(PREDICTIONS.partition("@predict")[0])
    return root


def test_the_store_holds_what_was_chosen_and_how_sure_the_student_was(root: Path) -> None:
    questions, _ = ask(root, "a\n3")

    lesson = read_course(root).lessons[0]
    way = next(each for each in lesson.predictions if each.name == "way")
    guess = predictions.last(Store.open(root), lesson, way)
    assert "How sure are you (1 a guess, 2 fairly sure, 3 certain; or only Enter)? " in questions
    assert (guess.option, guess.sure, guess.during, guess.is_right) == ("Down.", "certain", "m1_1_walk", False)


def test_what_was_answered_wrongly_comes_back_two_lessons_later_and_blocks_nothing(root: Path) -> None:
    course_of(root, 6)
    ask(root, "a")  # wrong
    ask(root, "a")  # right

    assert ask(root, "a", "1.2")[1] == "Lesson 1.2 has no prediction."
    questions, text = ask(root, "", "1.3")
    assert "1.1 walk, once more: what do you think?" in questions
    assert text == "It will come back later. Questions of this lesson: grade predict 1.3"
    assert ask(root, "a", "1.3")[1] == "Lesson 1.3 has no prediction."
    assert ask(root, "a", "1.4")[1] == "Lesson 1.4 has no prediction."
    questions, text = ask(root, "b\n1", "1.5")
    assert "Which way does it go?" in questions
    assert "Right. The second number grows.\n\nThe last time you thought: Down." in text
    assert "Next question: grade predict 1.5" in text
    assert ask(root, "b", "1.6")[1] == "Lesson 1.6 has no prediction."


def test_the_surest_misunderstanding_comes_first(root: Path) -> None:
    course_of(root, 3)
    ask(root, "a\n1")
    ask(root, "b\n3")

    questions, _ = ask(root, "", "1.3")

    assert "How many points?" in questions


def test_an_answer_of_an_older_version_is_no_misunderstanding(root: Path) -> None:
    course_of(root, 3)
    store = Store.open(root)
    store.note("predicted m1_1_walk walk__way", "0001764000000.000000")
    store.note("predicted m0_0_gone walk__way", '{"is_right": false, "during": "m1_1_walk"}')
    store.note("predicted m1_1_walk walk__gone", '{"is_right": false, "during": "m1_1_walk"}')

    assert ask(root, "a", "1.3")[1] == "Lesson 1.3 has no prediction."
    assert "How many points?" in ask(root, "a")[0]


DRAWN = (
    "    return result\n",
    '    return {"entry": torch.tensor([0.0, 1.0, 2.0]), "result": scale(torch.ones(3), -1.0)}\n',
)


def test_after_it_has_passed_the_students_own_function_is_at_work(zygote: Zygote, tmp_path: Path) -> None:
    lesson = write_lesson(tmp_path, code=DRAWN)
    label = lesson.predictions[0].label

    def shown_with(content: str) -> str:
        source = Source(f"{lesson.name}.py", content.encode())
        return "\n".join(predict.replay(Task(load(lesson), source, zygote, Options(("scale",))), label))

    assert "This is your own scale at work." in shown_with(SMALL)
    for broken in ("x + factor", "1 / 0", "None"):  # the solution takes its place
        said = shown_with(SMALL.replace("return x * factor", f"return {broken}"))
        assert "your own" not in said
        assert "Picture: " in said


def test_a_passed_exercise_is_replayed_by_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = write_lesson(tmp_path, code=DRAWN)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exercises" / f"{lesson.name}.py").write_text(SMALL)
    assert cli(["9.1"]) == 0
    capsys.readouterr()

    _, text = ask(tmp_path, "b", "9.1")

    assert "This is your own scale at work." in text
