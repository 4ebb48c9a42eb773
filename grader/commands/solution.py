"""`grade solution`: the solution next to the student's code; before an exercise has passed, only if confirmed."""

import ast
import difflib
from collections.abc import Sequence

from grader.commands import Answer, Context
from grader.course.model import Lesson
from grader.course.parse import tree_of
from grader.course.solution import Exercise
from grader.reports.text import Style
from grader.text import clean
from grader.verdict import Status

USAGE = "grade solution LESSON EXERCISE"


def run(context: Context, words: Sequence[str]) -> Answer:
    """Show the solution of an exercise."""
    lesson, exercise = context.selected(words, USAGE)
    has_passed = context.statuses(lesson).get(exercise.name) is Status.PASSED
    if not has_passed:
        warning = (
            f"{exercise.name} has not passed yet. Its solution costs no points, but you can find the answer yourself"
            f" only once. A hint may be enough: grade hint {lesson.id} {exercise.name}"
        )
        question = "\n".join(context.style.wrapped([warning]))
        if context.ask(f"{question}\nShow it anyway? [y/N] ").lower() not in ("y", "yes"):
            return Answer(f"The solution of {exercise.name} was not shown.")
        note_seen(context, lesson, exercise)
    title = context.style.paint(f"{lesson.id} {exercise.name}", "1")
    mine, reference = own(context, lesson, exercise), solution(lesson, exercise)
    changes = _changes(mine, reference) if has_passed and mine else []
    where = f"Explained in lessons/{lesson.name}/README.md"
    end = compared(mine, reference, has_passed=has_passed)
    lines = [title, "", *_code(changes or reference), "", *context.style.wrapped([end, where])]
    if has_passed:
        lines += [*_another(lesson, exercise, mine, context.style), "", *context.next_step()]
    return Answer("\n".join(lines))


def note_seen(context: Context, lesson: Lesson, exercise: Exercise) -> None:
    """Note that the student has seen the solution before the exercise passed."""
    context.store.note(f"seen {lesson.name} {exercise.name}", "before it passed")


def solution(lesson: Lesson, exercise: Exercise) -> list[str]:
    """Return the lines of the solution of an exercise, without the docstring."""
    return _function(lesson.solution.read_text(encoding="utf-8"), exercise.name)


def own(context: Context, lesson: Lesson, exercise: Exercise) -> list[str]:
    """Return the lines of the student's function, without the docstring; none if the file has none."""
    return _function((context.content(lesson) or b"").decode(errors="replace"), exercise.name)


def compared(mine: Sequence[str], reference: Sequence[str], *, has_passed: bool) -> str:
    """Return what to do with the solution, in a sentence or two."""
    if not (has_passed and mine):
        return "Now close this and write your own version."
    if not _changes(mine, reference):
        return "Your code is identical to the solution."
    return "Lines with - are yours, lines with + are the solution's. Both are right: which one reads better?"


def _changes(mine: Sequence[str], reference: Sequence[str]) -> list[str]:
    return list(difflib.unified_diff(mine, reference, "yours", "the solution", n=len(reference), lineterm=""))


def _code(lines: Sequence[str]) -> list[str]:
    return [f"  {clean(line)}".rstrip() for line in lines]


def another_style(lesson: Lesson, exercise: Exercise, mine: Sequence[str]) -> tuple[str, list[str]] | None:
    """Return what a right answer in another style does, and its code: the one least like the student's.

    None if the checks are tried on none.
    """
    own = "\n".join(mine)
    codes = [
        (each.summary, _function(each.source, each.name)) for each in lesson.variants if each.exercise == exercise.name
    ]

    def likeness(each: tuple[str, list[str]]) -> float:
        return difflib.SequenceMatcher(None, own, "\n".join(each[1]), autojunk=False).ratio()

    return min(codes, key=likeness, default=None)


def _another(lesson: Lesson, exercise: Exercise, mine: Sequence[str], style: Style) -> list[str]:
    found = another_style(lesson, exercise, mine)
    if found is None:
        return []
    summary, code = found
    return ["", *style.wrapped([f"Another right style: {summary}"]), "", *_code(code)]


def _function(source: str, name: str) -> list[str]:
    """Return the lines of a function or class without its docstring; none if it does not exist."""
    try:
        tree = tree_of(source)
    except SyntaxError:
        return []
    lines = source.replace("\r\n", "\n").split("\n")
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            body = node.body[1:] if ast.get_docstring(node) is not None and len(node.body) > 1 else node.body
            head_end = node.body[0].lineno - 1
            if body[0].lineno <= head_end + 1 and body is node.body:
                return lines[first - 1 : node.end_lineno]
            docstring_end = node.body[0].end_lineno or head_end
            return [*lines[first - 1 : head_end], *lines[docstring_end : node.end_lineno]]
    return []
