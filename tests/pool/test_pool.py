"""The pool does every job once, whatever dies meanwhile, and nothing of a job reaches the next."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.engine.grading import Grading, Options, Task
from grader.errors import Fault
from grader.feedback import coercion
from grader.pool.client import Client
from grader.pool.job import Job
from grader.pool.pool import Outcome, Pool, cores
from grader.verdict import Status
from tests.small_lesson import THREE, THREE_SOLUTION

SOLUTION = THREE_SOLUTION
ADDED = SOLUTION.replace("x * factor", "x + factor")


@pytest.fixture(scope="module")
def pool(three: Lesson) -> Iterator[Pool]:
    with Pool(three.root, 2) as pool:
        yield pool


def job(content: str, *exercises: str, **chosen: Any) -> Job:
    hook = chosen.pop("hook", "")
    options = Options(exercises or ("scale",), **chosen)
    return Job(THREE, Source("answer.py", content.encode()), options, hook)


def by_shown(outcomes: Iterator[Outcome]) -> dict[str, Outcome]:
    found = {}
    for outcome in outcomes:
        found[outcome.job.source.shown] = outcome
    return found


def test_every_job_gets_its_own_verdict(pool: Pool) -> None:
    jobs = [Job(THREE, Source(str(i), [SOLUTION, ADDED][i % 2].encode())) for i in range(4)]
    jobs.append(Job(THREE, Unreadable("none", "There is no file.")))
    outcomes = by_shown(pool.run(jobs))

    assert {name: outcome.lesson and outcome.lesson.points for name, outcome in outcomes.items()} == {
        "0": 10,
        "1": 6,
        "2": 10,
        "3": 6,
        "none": 0,
    }
    assert {outcome.isolation for outcome in outcomes.values()} == {"confined"}


def test_jobs_are_taken_from_the_stream_as_judges_become_free(pool: Pool) -> None:
    taken = 0

    def stream() -> Iterator[Job]:
        nonlocal taken
        for number in range(6):
            taken += 1
            yield job(f"{ADDED}# {number}", stops_early=True)

    for done, _ in enumerate(pool.run(stream())):
        assert taken <= done + 2


def test_it_stops_at_the_first_check_that_does_not_hold(pool: Pool) -> None:
    (outcome,) = pool.run([job(ADDED, stops_early=True)])
    assert outcome.lesson is not None
    (exercise,) = outcome.lesson.exercises

    assert [check.status for check in exercise.checks] == [Status.WRONG]


def test_without_shrinking_the_points_are_the_same(pool: Pool) -> None:
    wrong_later = SOLUTION.replace("return x + offset", "return x[:4] + offset")
    outcomes = list(pool.run([job(wrong_later, "shift", shrinks=shrinks) for shrinks in (True, False)]))
    statuses = [
        [check.status for exercise in outcome.lesson.exercises for check in exercise.checks]
        for outcome in outcomes
        if outcome.lesson is not None
    ]

    assert len(statuses) == 2
    assert statuses[0] == statuses[1]


def kill_first_judge(task: Task) -> str:
    """A hook: die at the first attempt, which leaves a note for the second."""
    note = Path(task.source.shown)
    if not note.exists():
        note.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def kill_the_host(task: Task) -> str:
    """A hook: kill the process that forks the judges, once."""
    note = Path(task.source.shown)
    if not note.exists():
        note.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()
    return "done"


def always_die(task: Task) -> None:
    """A hook that never gives an answer."""
    with Path(task.source.shown).open("a") as file:
        file.write("died\n")
    os.kill(os.getpid(), signal.SIGKILL)


def always_break(task: Task) -> None:
    """A hook with a bug."""
    raise ZeroDivisionError(f"{task.options.seed} of {task.lesson.id}")


def hooked(name: str, note: Path) -> Job:
    return Job(THREE, Source(str(note), b"pass"), hook=f"tests.pool.test_pool:{name}")


@pytest.mark.parametrize("hook", ["kill_first_judge", "kill_the_host"])
def test_whoever_dies_once_is_replaced_and_the_job_is_done(hook: str, three: Lesson, tmp_path: Path) -> None:
    with Pool(three.root, 2) as pool:
        outcomes = list(pool.run([hooked(hook, tmp_path / "note"), *(job(f"{ADDED}# {i}") for i in range(3))]))

    assert sorted(outcome.answer or getattr(outcome.lesson, "status", "none") for outcome in outcomes) == [
        "done",
        "wrong",
        "wrong",
        "wrong",
    ]


def test_who_dies_always_is_a_fault_after_two_attempts(pool: Pool, tmp_path: Path) -> None:
    (outcome,) = pool.run([hooked("always_die", tmp_path / "note")])

    assert "without a verdict" in outcome.fault
    assert outcome.lesson is None
    assert (tmp_path / "note").read_text() == "died\n" * 2


def test_a_bug_of_ours_is_a_fault_with_its_name(pool: Pool, tmp_path: Path) -> None:
    (outcome,) = pool.run([hooked("always_break", tmp_path / "note")])

    assert "ZeroDivisionError: 0 of 9.3" in outcome.fault


def die_of_vectors(task: Task) -> Any:
    """A hook: grade, and die as soon as a vector is looked at."""
    real = coercion.coerce

    def coerce(value: Any, *more: Any) -> Any:
        if isinstance(value, torch.Tensor) and value.ndim == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(value, *more)

    coercion.coerce = coerce  # type: ignore[assignment]  # in a process of its own, which ends with the job
    exercises = Grading(task).run().lesson.exercises
    return [[exercise.name, exercise.status, exercise.points] for exercise in exercises]


def test_an_answer_that_judges_die_of_has_crashed_and_the_others_are_graded(pool: Pool) -> None:
    deadly = job(SOLUTION, "scale", "total", hook=f"{__name__}:die_of_vectors")
    (outcome,) = pool.run([deadly])

    assert outcome.job is deadly
    assert outcome.fault == ""
    assert outcome.answer == [["scale", "crashed", 0], ["total", "passed", 3]]


def die_once_of_vectors(task: Task) -> Any:
    """A hook: die of the first vector that is looked at, and of no other."""
    note = Path(task.source.shown)
    if not note.exists():
        note.touch()
        return die_of_vectors(task)
    return [str(exercise.status) for exercise in Grading(task).run().lesson.exercises]


def test_a_judge_that_dies_once_while_it_reads_proves_nothing(pool: Pool, tmp_path: Path) -> None:
    source = Source(str(tmp_path / "note"), SOLUTION.encode())
    hook = f"{__name__}:die_once_of_vectors"
    (outcome,) = pool.run([Job(THREE, source, Options(("scale",)), hook)])

    assert outcome.answer == ["passed"]


def test_a_judge_that_never_ends_is_a_fault(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.pool.pool.PROCESS_SECONDS", 0.5)
    (outcome,) = pool.run([hooked("never_end", tmp_path / "note")])

    assert "without a verdict" in outcome.fault


def never_end(task: Task) -> None:
    """A hook that hangs."""
    assert task.source.shown
    signal.pause()


def test_a_client_that_stops_early_leaves_no_judge(three: Lesson, tmp_path: Path) -> None:
    with Pool(three.root, 2) as pool:
        stream = pool.run([job(ADDED, stops_early=True), hooked("never_end", tmp_path / "note")])
        next(stream)
        stream.close()  # type: ignore[attr-defined]  # a generator

        assert len(list(pool.run([job(ADDED, stops_early=True)]))) == 1


def tell_processors(task: Task) -> list[list[int]]:
    """A hook: on which processors the judge may run, and its worker."""
    student = Grading(task).student
    student.standing(task.lesson.exercises[0])
    assert student.runner.channel is not None
    processors = [sorted(os.sched_getaffinity(pid)) for pid in (0, student.runner.channel.pid)]
    student.close()
    return processors


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="the system does not tell")
def test_a_judge_and_its_worker_keep_to_one_processor_where_there_is_a_judge_for_each(
    three: Lesson, tmp_path: Path
) -> None:
    hooks = [hooked("tell_processors", tmp_path) for _ in range(2 * cores())]
    with Pool(three.root) as full:
        kept = [outcome.answer for outcome in full.run(hooks)]
    with Pool(three.root, cores() + 1) as other:
        (free,) = [outcome.answer for outcome in other.run(hooks[:1])]

    everywhere = sorted(os.sched_getaffinity(0))
    assert free == [everywhere, everywhere]
    assert all(judge == worker and len(judge) == 1 for judge, worker in kept)
    assert {judge[0] for judge, _ in kept} == set(everywhere)


def test_when_there_are_many_jobs_of_a_lesson_its_mistakes_are_tried_once(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def broken(client: Client, lesson: str, seed: int) -> None:
        tried.append((lesson, seed))
        client.close()
        raise Fault("It hangs.")

    monkeypatch.setattr("grader.pool.pool.MANY", pool._started[THREE, 7] + 2)
    monkeypatch.setattr(Client, "try_mistakes", broken)
    outcomes = list(pool.run(job(f"{ADDED}# {i}", stops_early=True, seed=7) for i in range(5)))

    assert tried == [(THREE, 7)]
    assert [outcome.lesson and outcome.lesson.status for outcome in outcomes] == [Status.WRONG] * 5
