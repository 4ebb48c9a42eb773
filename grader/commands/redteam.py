"""`grade redteam`: try every known attack on this machine, and report what each of them got."""

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

USAGE = "grade redteam, or grade redteam WORD for the attacks with WORD in their name or description"
CORPUS = Path("tests", "cases", "hostile")
HURRIED = Limits(call_seconds=0.5, long_call_seconds=1.0, load_seconds=1.0, lesson_seconds=10.0)
"""Shorter limits, because many attacks run until they reach one."""
TELLING = 24
"""Characters from which on a line of the solution is in no report by chance."""


PATHS = Paths.FOLDER


@dataclass(frozen=True)
class Attack:
    """One file of the corpus."""

    name: str
    tries: str
    """What it attempts, from its header."""
    expected: dict[str, tuple[str, ...]]
    """The allowed statuses by exercise."""
    content: bytes
    points: int = 0
    """The points that it earns, for what it computes right."""


@dataclass(frozen=True)
class Attempt:
    """The outcome of an attack."""

    attack: Attack
    points: int
    ended: dict[str, str]
    """The status by exercise."""
    leaked: str = ""
    """A line of the solution that is in the report."""
    fault: str = ""
    is_confined: bool = True

    @property
    def has_won(self) -> bool:
        """Whether it got unearned points or a line of the solution."""
        return self.points > self.attack.points or bool(self.leaked)

    @property
    def is_surprising(self) -> bool:
        """Whether it ended differently than on the authors' machines, which may be right on this one."""
        return any(status not in self.attack.expected[name] for name, status in self.ended.items())


def read_corpus(course: Course) -> list[Attack]:
    """Return the attacks in a clone of the course; raises UsageError if there are none."""
    folder = course.root / CORPUS
    attacks = [_attack(path) for path in sorted(folder.glob("*.py"))]
    if not attacks:
        raise UsageError(f"{folder} has no attacks. They come with a clone of the course, not with an installed wheel.")
    return attacks


def run(course: Course, words: Sequence[str], processes: int) -> Iterator[Attempt]:
    """Try the attacks and yield the outcome of each."""
    if len(words) > 1:
        raise UsageError(USAGE)
    word = words[0] if words else ""
    chosen = [attack for attack in read_corpus(course) if _spaced(word) in _spaced(f"{attack.name} {attack.tries}")]
    if not chosen:
        raise UsageError(f"No attack matches {word!r}. {USAGE}.")
    by_name = {attack.name: attack for attack in chosen}
    lessons = {attack.name: _target(course, attack) for attack in chosen}
    # Fresh seeds, as in a class: no attack knows the examples.
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
    """Return a text for comparison, so that spaces match the underscores of a name."""
    return text.lower().replace("_", " ")


def told(attempts: Sequence[Attempt]) -> Answer:
    """Return the report: what each attack tried and got, and whether the boundary holds."""
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
    counts = f"{len(won)} succeeded, {len(faults)} broke the grader"
    lines += ["", f"{counted(len(attempts), 'attack')} tried: {counts}."]
    if unconfined:
        lines.append("This machine cannot confine code: attacks may have read or written files that they must not.")
    if surprising:
        names = ", ".join(each.attack.name for each in surprising)
        lines.append(f"{len(surprising)} ended differently than on the authors' machines, but got nothing: {names}")
    if won:
        lines.append("Please report these as described in SECURITY.md: " + ", ".join(each.attack.name for each in won))
    elif not faults:
        lines.append("No attack got a point that it had not earned.")
    return Answer("\n".join(lines), 1 if won else 3 if faults else 0)


WORDS_OF = {str(status): word.strip().lower() for status, word in WORDS.items()}


def _attack(path: Path) -> Attack:
    """Return the attack in a file, whose header says what it tries and how it may end."""
    content = path.read_bytes()
    head = content.decode("utf-8-sig", errors="replace").splitlines()[:6]
    keys = r"# (attack|expect|points): (.*)"
    found = {match[1]: match[2] for line in head if (match := re.fullmatch(keys, line.strip()))}
    if not found.keys() >= {"attack", "expect"} or not found.setdefault("points", "0").isdecimal():
        raise UsageError(f"{path} must have `# attack: ...` and `# expect: ...` in its first lines.")
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
    raise UsageError(f"{attack.name} attacks {', '.join(attack.expected)}, but no lesson has these exercises.")


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
    """Return the lines that give the answer away: the long ones in the functions of the solution."""
    source = lesson.solution.read_text(encoding="utf-8")
    lines = source.splitlines()
    bodies = [node.body for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    statements = [node for body in bodies for node in body if not isinstance(node, ast.Expr)]
    found = [line.strip() for node in statements for line in lines[node.lineno - 1 : node.end_lineno]]
    return [line for line in found if len(line) >= TELLING]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_output(parser)
    parser.add_argument("--processes", type=count, default=0, metavar="N", help="number of processes (default: cores)")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Try the attacks with these options."""
    attempts = []
    for attempt in run(context.course, options.words, options.processes):
        attempts.append(attempt)
        number, won = len(attempts), sum(each.has_won for each in attempts)
        context.show(f"{number} attack{'s' * (number != 1)} tried, {won} succeeded")
    return told(attempts)
