"""How much of its tolerance right code uses, by check: the solution, the variants and the right cases, by many seeds.

uv run python tests/benchmarks/tolerances.py 1.1 [seeds]

Prints for every check the largest part that was used, and by which answer: what is above a half is too tight, for
another right answer may be off by twice as much.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from grader.audit.hooks import MEASURE  # noqa: E402  the script may be started from anywhere
from grader.audit.proving import PATIENT, submission  # noqa: E402
from grader.course.model import Lesson, read_course  # noqa: E402
from grader.course.submission import Source  # noqa: E402
from grader.engine.grading import Options  # noqa: E402
from grader.pool.job import Job  # noqa: E402
from grader.pool.pool import Pool  # noqa: E402
from grader.verdict import Status, lesson_from  # noqa: E402
from tests.test_cases import CASES, defined  # noqa: E402


def answers(lesson: Lesson) -> Iterator[tuple[str, Source, tuple[str, ...]]]:
    """Yield the name, the file and the exercises of every right answer that is known."""
    solution = lesson.solution.read_bytes()
    yield "the solution", submission(lesson, solution), ()
    for variant in lesson.variants:
        yield variant.label, submission(lesson, lesson.varied(variant)), (variant.exercise,)
    for path in sorted((CASES / "right" / lesson.name).glob("*.py")):
        yield path.stem, submission(lesson, solution + b"\n\n" + path.read_bytes()), tuple(defined(path, lesson))


def main() -> None:
    """Measure and print the table."""
    lesson = read_course(ROOT).find(sys.argv[1])
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    names: dict[int, str] = {}
    jobs = []
    for answer, source, exercises in answers(lesson):
        for seed in range(seeds):
            job = Job(lesson.name, source, Options(tuple(exercises), seed, PATIENT, shrinks=False), MEASURE)
            names[id(job)] = answer
            jobs.append(job)
    used: dict[str, tuple[float, str]] = {}
    with Pool(lesson.root, lessons=[lesson.name]) as pool:
        for outcome in pool.run(jobs):
            answer = f"{names[id(outcome.job)]}, seed {outcome.job.options.seed}"
            if outcome.answer is None:
                print(f"{answer}: {outcome.fault}")
                continue
            verdict = lesson_from(outcome.answer["lesson"])
            for check in (check for exercise in verdict.exercises for check in exercise.checks):
                if check.status is not Status.PASSED:
                    print(f"{answer}: {check.name} {check.status}: {check.message} {check.counterexample}")
            for check_name, measured in outcome.answer["checks"].items():
                used[check_name] = max(used.get(check_name, (0.0, "")), (measured["used"], answer))
    for check_name, (part, answer) in used.items():
        print(f"{100 * part:6.2f} %  {check_name}  ({answer})")


if __name__ == "__main__":
    main()
