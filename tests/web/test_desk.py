"""What the page shows of a student's folder, without a server."""

from pathlib import Path

from grader.course.model import read_course
from grader.web.desk import Desk
from grader.web.views import PredictionGuess
from tests.small_lesson import write_lesson


def test_a_wrong_prediction_comes_back_two_lessons_later_until_it_is_right(tmp_path: Path) -> None:
    lessons = [write_lesson(tmp_path, f"m9_{number}_scaling") for number in (1, 2, 3)]
    desk = Desk(lambda: read_course(tmp_path), tmp_path / "exercises")
    label = lessons[0].predictions[0].label

    desk.predict(lessons[0], label, PredictionGuess(0, "certain"))

    assert [desk.lesson(each).returned for each in lessons[:2]] == [(), ()]
    (returned,) = desk.lesson(lessons[2]).returned
    assert (returned.lesson, returned.id, returned.exercise) == (lessons[0].name, "9.1", "scale")
    assert (returned.prediction.chosen, returned.prediction.sure) == (0, "certain")

    desk.predict(lessons[0], label, PredictionGuess(0, "", lessons[2].name))
    assert desk.lesson(lessons[2]).returned == ()

    desk.predict(lessons[0], label, PredictionGuess(0, "", lessons[0].name))
    desk.predict(lessons[0], label, PredictionGuess(1, "", lessons[2].name))
    assert desk.lesson(lessons[2]).returned == ()
