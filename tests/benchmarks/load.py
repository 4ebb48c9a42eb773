"""Whether a busy machine changes a verdict: `uv run python tests/benchmarks/load.py [ROUNDS] [LOOPS]`, by hand.

Grades the solutions of all lessons and slow right answers, each slow in its own way, once while nothing else runs, and
then ROUNDS times (20) beside LOOPS (8) programs that never stop. Prints how many verdicts differ: there must be none.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.course.model import Course, read_course
from grader.course.submission import Source
from grader.pool.job import Job
from grader.pool.pool import Pool
from grader.verdict import LessonVerdict

ROOT = Path(__file__).parent.parent.parent
ROUNDS, LOOPS = 20, 8
LOOP = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"
"""Stops only when this program has ended, however that comes about."""
WAYS = {
    "works 8 ms a call": "_until(time.process_time, 0.008)",
    "sleeps 8 ms a call": "time.sleep(0.008)",
    "works 0.6 s at its first call": "_until(time.process_time, 0.6 * (_number == 1))",
    "sleeps 0.6 s at its first call": "time.sleep(0.6 * (_number == 1))",
    "waits for four threads at a call": "_threads()",
    "prints 40 kB a call": "print('.' * 40_000)",
    "takes and returns 4 MiB a call": "bytearray(2**22)",
}
HELPERS = """
import threading, time
_number = 0
def _until(clock, seconds):
    end = clock() + seconds
    while clock() < end:
        pass
def _threads():
    threads = [threading.Thread(target=_until, args=(time.thread_time, 0.002)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
def _slowly(function):
    def slow(*args, **kwargs):
        global _number
        _number += 1
        {way}
        return function(*args, **kwargs)
    slow.__wrapped__ = function
    return slow
{name} = _slowly({name})
"""
AT_IMPORT = "import time\n_end = time.process_time() + 0.8\nwhile time.process_time() < _end:\n    pass\n"


def main() -> None:
    """Grade, and print what differs."""
    rounds, loops = (int(word) for word in (sys.argv[1:] + [str(ROUNDS), str(LOOPS)][len(sys.argv) - 1 :])[:2])
    course = read_course(ROOT)
    jobs = list(_jobs(course))
    with Pool(ROOT, learns=True) as pool:
        idle = dict(_graded(pool, jobs))
        for label, verdict in idle.items():
            print(f"{label}: {verdict.status}, {verdict.points} of {verdict.max_points} points", flush=True)
        differing, started = 0, time.monotonic()
        with _busy(loops):
            for number in range(1, rounds + 1):
                for label, verdict in _graded(pool, jobs):
                    if difference := _difference(idle[label], verdict):
                        differing += 1
                        print(f"round {number}, {label}: {difference}", flush=True)
                print(f"round {number} of {rounds}: {differing} verdicts differ so far", flush=True)
    print(f"\n{len(jobs)} files, {rounds} times beside {loops} loops: {differing} verdicts differ", end="")
    print(f" ({time.monotonic() - started:.0f} s)")
    sys.exit(1 if differing else 0)


def _jobs(course: Course) -> Iterator[Job]:
    """Yield the solutions, and slow right answers: every way of being slow in three lessons."""
    for lesson in course.lessons:
        solution = lesson.solution.read_bytes()
        yield Job(lesson.name, Source(f"{lesson.name}.py", solution), label=lesson.id)
        names = [exercise.name for exercise in lesson.exercises if not exercise.bonus and exercise.parameters]
        for number, (what, way) in enumerate(WAYS.items()):
            if (number + course.lessons.index(lesson)) % 2:
                name = names[number % len(names)]
                text = solution + HELPERS.format(way=way, name=name).encode()
                yield Job(lesson.name, Source(f"{lesson.name}.py", text), label=f"{lesson.id} {name} {what}")
    first = course.lessons[0]
    text = AT_IMPORT.encode() + first.solution.read_bytes()
    yield Job(first.name, Source(f"{first.name}.py", text), label=f"{first.id} works 0.8 s at import")


def _graded(pool: Pool, jobs: Iterable[Job]) -> Iterator[tuple[str, LessonVerdict]]:
    for outcome in pool.run(jobs):
        assert outcome.lesson is not None, outcome.fault
        yield outcome.job.label, outcome.lesson


def _difference(idle: LessonVerdict, busy: LessonVerdict) -> str:
    """Return the first check that ended otherwise, and how; the rest of a verdict may say what was measured."""
    for mine, other in zip(idle.exercises, busy.exercises, strict=True):
        for before, after in zip(mine.checks, other.checks, strict=True):
            if (before.status, before.points, before.mistake) != (after.status, after.points, after.mistake):
                return f"{mine.name} {before.name}: {before.status} became {after.status}: {after.message}"
    return ""


@contextlib.contextmanager
def _busy(loops: int) -> Iterator[None]:
    """Let so many programs run that never stop."""
    programs = [subprocess.Popen([sys.executable, "-c", LOOP]) for _ in range(loops)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


if __name__ == "__main__":
    main()
