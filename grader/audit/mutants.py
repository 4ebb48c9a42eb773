"""Proof 4: the solution with a small change fails, or the lesson says why the change does not matter."""

import ast
import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.audit.finding import Finding, Proof, finding
from grader.audit.proving import Proving, Thoroughness, submission
from grader.course.changes import applied, changes_of
from grader.course.exercise_text import SURVIVORS, Edit
from grader.course.model import Lesson
from grader.engine.grading import Options
from grader.pool.job import Job
from grader.sandbox.confinement import Limits
from grader.verdict import Status

CLAIM = "a solution with a small change fails"
ENOUGH = 0.95
"""The fraction of mutants that must be caught; the others are explained."""
LOOKS = frozenset(
    (
        "alpha",
        "bbox_inches",
        "c",
        "cmap",
        "color",
        "colors",
        "dpi",
        "edgecolor",
        "edgecolors",
        "facecolor",
        "figsize",
        "fontsize",
        "label",
        "layout",
        "levels",
        "linestyle",
        "linewidth",
        "linewidths",
        "loc",
        "marker",
        "markeredgecolor",
        "markersize",
        "s",
        "title",
    )
)
"""Arguments for the look of a picture, which students may choose: they are not mutated."""
LIMITS = Limits(call_seconds=0.5, long_call_seconds=1.0)
"""Short, because some mutants never end."""


@dataclass(frozen=True)
class Mutant:
    """A solution with a small change."""

    function: str
    """Where the change is."""
    exercises: tuple[str, ...]
    """The exercises that use this function."""
    line: int
    before: str
    """The changed lines, as one."""
    after: str
    source: str


def prove(lesson: Lesson, how: Thoroughness) -> Proving:
    """Grade the mutants of a lesson; every one fails, or is explained."""
    mutants = make_mutants(lesson.solution.read_text(encoding="utf-8"), [each.name for each in lesson.exercises])
    graded = sample(mutants, how.mutants)
    outcomes = yield [
        Job(
            lesson.name,
            submission(lesson, mutant.source),
            Options(mutant.exercises, limits=LIMITS, shrinks=False, stops_early=True),
        )
        for mutant in graded
    ]
    found: list[Finding] = []
    alive: list[Mutant] = []
    killed: list[Mutant] = []
    for mutant, outcome in zip(graded, outcomes, strict=True):
        if outcome.fault or outcome.lesson is None:
            found.append(_at(lesson, mutant, f"with {_change(mutant)} the grader fails: {outcome.fault}"))
        elif all(exercise.status is Status.PASSED for exercise in outcome.lesson.exercises):
            alive.append(mutant)
        else:
            killed.append(mutant)
    explained = [mutant for mutant in alive if _entry(lesson, mutant) is not None]
    unexplained = [mutant for mutant in alive if _entry(lesson, mutant) is None]
    found += [
        _at(
            lesson,
            mutant,
            f"this change passes every check of {', '.join(mutant.exercises)}. Add a check for it, or explain it in"
            f" {mutant.exercises[0]}.md under `## {SURVIVORS}`:\n- `{mutant.before}` becomes `{mutant.after}`",
        )
        for mutant in unexplained
    ]
    found += _stale(lesson, mutants, killed, explained)
    score = len(killed) / max(1, len(graded))
    if score < ENOUGH and len(graded) == len(mutants):
        text = f"{_percent(score)} of the mutants are caught, expected at least {_percent(ENOUGH)}."
        found.append(finding(lesson, lesson.solution, 1, text))
    chosen = f"{len(graded)} of {len(mutants)} mutants" if len(graded) < len(mutants) else f"{len(mutants)} mutants"
    facts = [
        (f"{chosen}: {len(killed)} caught ({_percent(score)}), {len(explained)} explained, {len(unexplained)} survive")
    ]
    facts += [f"explained: {mutant.function}: {_change(mutant)}: {_reason(lesson, mutant)}" for mutant in explained]
    data = {
        "mutants": len(mutants),
        "graded": len(graded),
        "caught": len(killed),
        "score": round(score, 4),
        "explained": [
            {"function": each.function, "line": each.line, "before": each.before, "after": each.after}
            | {"reason": _reason(lesson, each)}
            for each in explained
        ],
        "survivors": [
            {"function": each.function, "line": each.line, "before": each.before, "after": each.after}
            for each in unexplained
        ],
    }
    return (Proof(4, CLAIM, tuple(found), tuple(facts), data),)


def sample(mutants: Sequence[Mutant], most: int) -> list[Mutant]:
    """Return at most ``most`` mutants of each function, spread evenly over it; always the same ones."""
    chosen: list[Mutant] = []
    for function in dict.fromkeys(mutant.function for mutant in mutants):
        of_this = [mutant for mutant in mutants if mutant.function == function]
        count = min(most, len(of_this))
        chosen += [of_this[i * len(of_this) // count] for i in range(count)]
    return chosen


def make_mutants(source: str, exercises: Sequence[str]) -> list[Mutant]:
    """Return every mutant of the bodies of the exercises and of the private functions that they use.

    All are valid Python, and no two are the same program, nor the same as the source.
    """
    users = used_by(source, exercises)
    seen = {_meaning(source)}
    mutants = []
    for change in changes_of(source, users):
        changed = applied(source, [change])
        try:
            dump = _meaning(changed)
            compile(changed, "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        if dump not in seen:
            seen.add(dump)
            before, after = _changed_lines(source, changed)
            mutants.append(Mutant(change.function, users[change.function], change.line, before, after, changed))
    return mutants


def used_by(source: str, exercises: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for each exercise, and for each private function and class, the exercises that use it."""
    tree = ast.parse(source)
    bodies = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    uses = {
        name: {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & set(bodies)
        for name, node in bodies.items()
    }
    users: dict[str, list[str]] = {}
    for exercise in exercises:
        reached, new = {exercise}, {exercise}
        while new:
            # Other exercises have checks of their own: only private functions are tested through their users.
            new = {name for each in new for name in uses.get(each, ()) if name not in exercises} - reached
            reached |= new
        for name in reached:
            users.setdefault(name, []).append(exercise)
    return {name: tuple(found) for name, found in users.items()}


def _entry(lesson: Lesson, mutant: Mutant) -> Edit | None:
    """Return the survivor entry that explains why no check can tell a mutant from the solution, or None."""
    for name in mutant.exercises:
        for entry in lesson.texts[name].survivors:
            if (entry.old, entry.new) == (mutant.before, mutant.after):
                return entry
    return None


def _reason(lesson: Lesson, mutant: Mutant) -> str:
    entry = _entry(lesson, mutant)
    return entry.reason if entry is not None else ""


def _stale(
    lesson: Lesson, mutants: Iterable[Mutant], killed: Iterable[Mutant], explained: Iterable[Mutant]
) -> Iterator[Finding]:
    """Find the survivor entries that explain nothing."""
    made = {id(entry) for mutant in mutants if (entry := _entry(lesson, mutant)) is not None}
    caught = {id(entry) for mutant in killed if (entry := _entry(lesson, mutant)) is not None}
    # The same line may stand in two functions, and a check may catch the change of one of them only.
    caught -= {id(_entry(lesson, mutant)) for mutant in explained}
    for name, said in lesson.texts.items():
        for entry in said.survivors:
            if id(entry) not in made:
                text = "the solution has no such mutant (any more). Remove the entry, or correct its lines."
            elif id(entry) in caught:
                text = "a check catches this mutant. Remove the entry."
            else:
                continue
            yield finding(lesson, lesson.text(name), entry.line, text)


class _Plain(ast.NodeTransformer):
    """Removes what is not a real change: the look of a picture, and a sign without effect."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        node.keywords = [keyword for keyword in node.keywords if keyword.arg not in LOOKS]
        self.generic_visit(node)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.UnaryOp(op=ast.UAdd()) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=0)):
                return node.operand
        return node


def _meaning(source: str) -> str:
    """Return the same text for programs that no check could tell apart."""
    return ast.dump(_Plain().visit(ast.parse(source)))


def _changed_lines(source: str, mutated: str) -> tuple[str, str]:
    """Return the lines that differ, each side as one line."""
    old, new = source.splitlines(), mutated.splitlines()
    changes = [
        code for code in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    begin, end, new_begin, new_end = changes[0][1], changes[-1][2], changes[0][3], changes[-1][4]
    return _one_line(old[begin:end]), _one_line(new[new_begin:new_end])


def _one_line(lines: Iterable[str]) -> str:
    return " ".join(line.strip() for line in lines if line.strip())


def _change(mutant: Mutant) -> str:
    return f"`{mutant.before}` -> `{mutant.after}`"


def _at(lesson: Lesson, mutant: Mutant, text: str) -> Finding:
    return finding(lesson, lesson.solution, mutant.line, text)


def _percent(part: float) -> str:
    return f"{100 * part:.3g} %"
