"""A lesson that has been learned is graded by a process of its own, and nobody can tell from the verdict."""

import os
import re
import signal
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.course.model import Lesson
from grader.course.submission import Source
from grader.engine.grading import Grading, Options, Task
from grader.errors import Fault
from grader.pool.client import Client
from grader.pool.job import Job
from grader.sandbox import ipc
from grader.verdict import LessonVerdict, Status
from tests.conftest import last_word
from tests.small_lesson import SOLUTION, write_lesson

WRONG = SOLUTION.replace("x * factor", "x + factor")
HANGS = SOLUTION.replace("    return x * factor", "    while True:\n        pass")


@pytest.fixture
def course(tmp_path: Path) -> Lesson:
    return write_lesson(tmp_path)


@pytest.fixture
def client(course: Lesson) -> Iterator[Client]:
    with Client(course.root) as client:
        client.start()
        yield client


def job(lesson: Lesson, content: str, **chosen: Any) -> Job:
    hook = chosen.pop("hook", "")
    return Job(lesson.name, Source("answer.py", content.encode()), Options(**chosen), hook)


def verdict(client: Client, job: Job) -> LessonVerdict:
    """Return the verdict of a job, without how long its checks took."""
    said = last_word(client, client.begin(job))
    assert said is not None
    assert said.lesson is not None, said.fault
    return replace(
        said.lesson,
        exercises=tuple(
            replace(exercise, checks=tuple(replace(check, duration_ms=0.0) for check in exercise.checks))
            for exercise in said.lesson.exercises
        ),
    )


def parent_of(pid: int) -> int:
    """Return who has forked a process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_lesson_that_is_learned_is_graded_alike(course: Lesson, client: Client) -> None:
    jobs = [job(course, content) for content in (SOLUTION, WRONG, "", "def scale(x, factor):\n    return x * 2\n")]
    before = [verdict(client, each) for each in jobs]
    seconds = client.learn(course.name)

    assert set(seconds) == {"scale"}
    assert [verdict(client, each) for each in jobs] == before
    assert [each.status for each in before] == [Status.PASSED, Status.WRONG, Status.INVALID, Status.WRONG]


def test_each_seed_is_learned_for_itself(course: Lesson, client: Client) -> None:
    client.learn(course.name)
    fresh = verdict(client, job(course, WRONG, seed=5))
    client.learn(course.name, 5)

    assert verdict(client, job(course, WRONG, seed=5)) == fresh


def test_of_a_job_only_the_selected_exercise_is_graded(client: Client, course: Lesson) -> None:
    client.learn(course.name)

    assert verdict(client, job(course, SOLUTION, exercises=("none such",))).exercises == ()


def say_hello(task: Task) -> list[object]:
    """A hook: tell what it gets, and grade with it."""
    return [task.lesson.name, task.loaded.examples is not None, Grading(task).run().lesson.status]


def test_a_hook_may_grade_where_the_lesson_is_learned(course: Lesson, client: Client) -> None:
    hooked = job(course, WRONG, hook=f"{__name__}:say_hello")
    unknown = last_word(client, client.begin(hooked))
    client.learn(course.name)
    known = last_word(client, client.begin(hooked))

    assert unknown is not None
    assert known is not None
    assert unknown.answer == [course.name, False, "wrong"]
    assert known.answer == [course.name, True, "wrong"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks /proc who has forked a judge")
def test_where_the_process_of_a_lesson_dies_its_jobs_are_done_without_it(course: Lesson, client: Client) -> None:
    client.learn(course.name)
    hanging = client.begin(job(course, HANGS))
    os.kill(parent_of(hanging.pid), signal.SIGKILL)

    assert last_word(client, hanging) is None
    assert verdict(client, job(course, WRONG)).status is Status.WRONG
    assert set(client.learn(course.name)) == {"scale"}
    assert verdict(client, job(course, SOLUTION)).status is Status.PASSED


def make_costly(course: Lesson, mistakes: str) -> None:
    """Let the solution take long enough, and the known mistakes do something first."""
    work = "    end = time.process_time() + 0.01\n    while time.process_time() < end:\n        pass\n"
    slow = SOLUTION.replace("    return x * factor", f"{work}    return x * factor")
    course.solution.write_text(slow.replace("import torch\n", "import time\n\nimport torch\n"))
    function = r"```python\ndef scale(x: Tensor, factor: float) -> Tensor:\n    return \1\n```"
    text = re.sub(r"- `x \* factor` becomes `(.*)`", function, course.text("scale").read_text())
    assert text.count("    return x") == len(course.mistakes)
    course.text("scale").write_text(text.replace("    return x", f"    {mistakes}\n    return x"))


def test_a_known_mistake_is_named_alike_before_and_after_it_was_tried(course: Lesson, client: Client) -> None:
    make_costly(course, "pass")
    client.learn(course.name)
    first = verdict(client, job(course, WRONG))
    assert first.exercises[0].checks[0].mistake == "added"

    client.try_mistakes(course.name)
    assert verdict(client, job(course, WRONG)) == first


def test_where_a_known_mistake_ends_the_process_of_a_lesson_its_jobs_are_done_without_it(
    course: Lesson, client: Client
) -> None:
    make_costly(course, "import os; os._exit(1)")
    client.learn(course.name)
    client.try_mistakes(course.name)

    assert verdict(client, job(course, SOLUTION)).status is Status.PASSED


def test_a_known_mistake_that_keeps_something_is_asked_in_every_run(course: Lesson, client: Client) -> None:
    make_costly(course, "pass")
    text = course.text("scale").read_text()
    keeping = "    CALLED.append(x)\n    return x + factor * len(CALLED)"
    assert "    return x + factor" in text
    text = text.replace("```python\n", "```python\nCALLED = []\n\n\n").replace("    return x + factor", keeping)
    course.text("scale").write_text(text)
    wrong = "CALLED = []\n" + SOLUTION.replace("    return x * factor", keeping)
    client.learn(course.name)
    before = verdict(client, job(course, wrong))
    client.try_mistakes(course.name)

    assert before.exercises[0].checks[0].mistake == "added"
    assert verdict(client, job(course, wrong)) == before


def test_of_a_lesson_that_nobody_has_learned_no_mistake_is_tried(course: Lesson, client: Client) -> None:
    client.try_mistakes(course.name)

    assert verdict(client, job(course, SOLUTION)).status is Status.PASSED


def test_a_lesson_that_has_changed_is_graded_as_it_is_now(course: Lesson, client: Client) -> None:
    client.learn(course.name)
    for file in (course.solution, course.code("scale"), course.text("scale")):
        file.write_text(
            file.read_text()
            .replace("`x + factor`", "`x - factor`")
            .replace("* factor", "+ factor")
            .replace("2 * scale(x, factor)", "scale(scale(x, factor), 2)")
        )

    assert verdict(client, job(course, SOLUTION)).status is Status.WRONG
    client.learn(course.name)
    assert verdict(client, job(course, SOLUTION)).status is Status.WRONG


def test_a_known_mistake_whose_sentence_has_changed_is_explained_as_it_is_now(course: Lesson, client: Client) -> None:
    client.learn(course.name)
    before = verdict(client, job(course, WRONG)).exercises[0].checks[0].explanation
    text = course.text("scale")
    text.write_text(text.read_text().replace(before, "You sum, and you should multiply."))
    client.learn(course.name)
    check = verdict(client, job(course, WRONG)).exercises[0].checks[0]

    assert before == "You add the factor, and it is to be multiplied."
    assert (check.mistake, check.explanation) == ("added", "You sum, and you should multiply.")


def test_what_a_lesson_shares_is_used_as_it_is_now(course: Lesson, client: Client) -> None:
    checks = course.code("scale")
    importing = "import example, given\n\nfrom .shared import TIMES"
    text = (
        checks.read_text().replace("import example, given", importing).replace("scale(x, 1.5)", "TIMES * scale(x, 1.5)")
    )
    checks.write_text(text)
    course.shared.write_text("TIMES = 1\n")
    client.learn(course.name)
    before = verdict(client, job(course, SOLUTION))
    course.shared.write_text("TIMES = 0.0\n")
    client.learn(course.name)

    assert before.status is Status.PASSED
    assert verdict(client, job(course, SOLUTION)).status is Status.FAULT


def test_a_lesson_that_cannot_be_graded_is_not_learned_and_says_why(course: Lesson, client: Client) -> None:
    course.code("scale").unlink()

    assert client.learn(course.name) == {}
    (exercise,) = verdict(client, job(course, SOLUTION)).exercises
    assert exercise.status is Status.FAULT
    assert "lessons/m9_1_scaling/scale.py is missing" in exercise.checks[0].message


def test_checks_that_do_not_load_are_a_fault_and_no_zero(course: Lesson, client: Client) -> None:
    course.code("scale").write_text(course.code("scale").read_text() + "\n\nraise ZeroDivisionError\n")
    client.learn(course.name)

    assert verdict(client, job(course, SOLUTION)).status is Status.FAULT


def test_a_request_that_is_broken_off_ends_the_process(
    course: Lesson, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(channel: socket.socket, *_: object) -> None:
        channel.sendall(bytes(2))  # the next message would be taken for the rest of this one
        raise KeyboardInterrupt

    client.learn(course.name)
    with monkeypatch.context() as patch:
        patch.setattr(ipc, "send", broken_off)
        with pytest.raises(KeyboardInterrupt):
            client.begin(job(course, SOLUTION))

    with pytest.raises(Fault, match="not running"):
        client.learn(course.name)
