"""`grade redteam`: every known attack, tried on this machine, and what each of them got."""

import argparse
import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.commands import Answer, Context, Paths, add_output, count
from grader.course.model import Course, Lesson
from grader.course.submission import Source
from grader.engine.grading import Options
from grader.engine.seeds import fresh_seeds
from grader.errors import UsageError
from grader.pool.job import Job
from grader.pool.pool import Outcome, Pool
from grader.reports import as_json
from grader.reports.text import WORDS
from grader.sandbox.confinement import Limits
from grader.text import clean, counted
from grader.verdict import Report

USAGE = "grade redteam, or grade redteam WORD for the attacks whose name or description has the word"
CORPUS = Path("tests", "cases", "hostile")
HURRIED = Limits(call_seconds=0.5, long_call_seconds=1.0, load_seconds=1.0, lesson_seconds=10.0)
"""Attacks that wait for a time limit wait for a shorter one."""
TELLING = 24
"""A line of the solution that is at least so long is nowhere by chance."""


PATHS = Paths.FOLDER


@dataclass(frozen=True)
class Attack:
    """A file of the corpus."""

    name: str
    tries: str
    """What it attempts, in its own words."""
    expected: dict[str, tuple[str, ...]]
    """By exercise, how it may end."""
    content: bytes
    points: int = 0
    """What it computes right is paid."""


@dataclass(frozen=True)
class Attempt:
    """What became of an attack."""

    attack: Attack
    points: int
    ended: dict[str, str]
    """By exercise."""
    leaked: str = ""
    """A line of the solution that stands in the report."""
    fault: str = ""
    is_confined: bool = True

    @property
    def has_won(self) -> bool:
        """Whether it got something that it must not get."""
        return self.points > self.attack.points or bool(self.leaked)

    @property
    def is_surprising(self) -> bool:
        """Whether it ended otherwise than on the authors' machines; that may be right on this one."""
        return any(status not in self.attack.expected[name] for name, status in self.ended.items())


def read_corpus(course: Course) -> list[Attack]:
    """Return the attacks of a clone of the course; raises UsageError where there are none."""
    folder = course.root / CORPUS
    attacks = [_attack(path) for path in sorted(folder.glob("*.py"))]
    if not attacks:
        raise UsageError(f"{folder} has no attacks. They come with a clone of the course, not with an installed wheel.")
    return attacks


def run(course: Course, words: Sequence[str], processes: int) -> Iterator[Attempt]:
    """Try the attacks and yield what became of each."""
    if len(words) > 1:
        raise UsageError(USAGE)
    word = words[0] if words else ""
    chosen = [attack for attack in read_corpus(course) if _spaced(word) in _spaced(f"{attack.name} {attack.tries}")]
    if not chosen:
        raise UsageError(f"No attack is about {word!r}. {USAGE}.")
    by_name = {attack.name: attack for attack in chosen}
    lessons = {attack.name: _target(course, attack) for attack in chosen}
    # As in a class: nothing in the corpus knows the examples.
    seeds = fresh_seeds({lesson.name for lesson in lessons.values()}, {})
    jobs = (
        Job(
            (name := lessons[each.name].name),
            _source(each),
            Options(tuple(each.expected), seeds[name], HURRIED),
            label=each.name,
        )
        for each in chosen
    )
    with Pool(course.root, processes, lessons={lesson.name for lesson in lessons.values()}) as pool:
        for outcome in pool.run(jobs):
            name = outcome.job.label
            yield _attempt(by_name[name], outcome, lessons[name])


def _spaced(text: str) -> str:
    """Return a text for comparing: the name of an attack is said with spaces as well."""
    return text.lower().replace("_", " ")


def told(attempts: Sequence[Attempt]) -> Answer:
    """Return what was tried, what it got, and whether the boundary holds."""
    lines = []
    for each in sorted(attempts, key=lambda attempt: attempt.attack.name):
        mark = "FAULT" if each.fault else "WON" if each.has_won else "held"
        ended = ", ".join(dict.fromkeys(WORDS_OF.get(status, status) for status in each.ended.values()))
        lines.append(f"{mark:<5}  {each.attack.tries}: {ended or 'no verdict'}, {each.points} points")
        lines += [f"       {text}" for text in (each.fault, each.leaked) if text]
    won = [each for each in attempts if each.has_won]
    faults = [each for each in attempts if each.fault]
    unconfined = [each for each in attempts if not each.is_confined]
    surprising = [each for each in attempts if each.is_surprising and not each.has_won]
    counts = f"{len(won)} got something, {len(faults)} broke the grader"
    lines += ["", f"{counted(len(attempts), 'attack')} tried: {counts}."]
    if unconfined:
        lines.append("This machine cannot confine: some attacks may have read or written what they should not.")
    if surprising:
        names = ", ".join(each.attack.name for each in surprising)
        lines.append(f"{len(surprising)} ended in another way than on the authors' machines, without points: {names}")
    if won:
        lines.append("Please report this as SECURITY.md says: " + ", ".join(each.attack.name for each in won))
    elif not faults:
        lines.append("None of them got a point that it has not earned.")
    return Answer("\n".join(lines), 1 if won else 3 if faults else 0)


WORDS_OF = {str(status): word.strip().lower() for status, word in WORDS.items()}


def _attack(path: Path) -> Attack:
    """Return the attack of a file, whose first lines say what it tries and how it may end."""
    content = path.read_bytes()
    head = content.decode("utf-8-sig", errors="replace").splitlines()[:6]
    keys = r"# (attack|expect|points): (.*)"
    found = {match[1]: match[2] for line in head if (match := re.fullmatch(keys, line.strip()))}
    if not found.keys() >= {"attack", "expect"} or not found.setdefault("points", "0").isdecimal():
        raise UsageError(f"{path} does not say in its first lines `# attack: ...` and `# expect: ...`.")
    expected = dict(part.split("=") for part in found["expect"].split())
    tries = clean(found["attack"]).rstrip(".")
    ways = {name: tuple(ways.split("|")) for name, ways in expected.items()}
    return Attack(path.stem, tries, ways, content, int(found["points"]))


def _source(attack: Attack) -> Source:
    return Source(f"{attack.name}.py", attack.content)


def _target(course: Course, attack: Attack) -> Lesson:
    """Return the lesson whose exercises an attack pretends to solve."""
    for lesson in course.lessons:
        if set(attack.expected) <= {exercise.name for exercise in lesson.exercises}:
            return lesson
    raise UsageError(f"{attack.name} attacks {', '.join(attack.expected)}, and no lesson has these exercises.")


def _attempt(attack: Attack, outcome: Outcome, lesson: Lesson) -> Attempt:
    if outcome.lesson is None or outcome.fault:
        return Attempt(attack, 0, {}, fault=outcome.fault)
    verdict = outcome.lesson
    report = as_json.render(Report((verdict,), outcome.isolation))
    own = attack.content.decode("utf-8", errors="replace")
    leaked = next((line for line in _answers(lesson) if line in report and line not in own), "")
    ended = {exercise.name: str(exercise.status) for exercise in verdict.exercises}
    points = sum(exercise.points or 0 for exercise in verdict.exercises)
    return Attempt(attack, points, ended, leaked, is_confined=outcome.isolation == "confined")


def _answers(lesson: Lesson) -> list[str]:
    """Return the lines of the solution that are the answer: the long ones in the bodies of its functions."""
    source = lesson.solution.read_text(encoding="utf-8")
    lines = source.splitlines()
    bodies = [node.body for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    statements = [node for body in bodies for node in body if not isinstance(node, ast.Expr)]
    found = [line.strip() for node in statements for line in lines[node.lineno - 1 : node.end_lineno]]
    return [line for line in found if len(line) >= TELLING]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what the command line takes."""
    add_output(parser)
    parser.add_argument("--processes", type=count, default=0, metavar="N", help="how many at once (default: cores)")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Do what the command line says."""
    attempts = []
    for attempt in run(context.course, options.words, options.processes):
        attempts.append(attempt)
        context.show(f"{len(attempts)} attacks tried, {sum(each.has_won for each in attempts)} got something")
    return told(attempts)
