"""Edits of the solution that behave like a student's function: each is proved on every recorded call."""

import difflib
import itertools
import re
from collections.abc import Iterator, Mapping

from grader.audit.mutants import make_mutants
from grader.course.exercise_text import Edit, editable, edited
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.engine.diagnosis import behaves_like
from grader.engine.mistake_worker import Candidates, candidates_of, edited_by, groups_of
from grader.engine.search import MAX_GROUPS
from grader.engine.student import Call, Student

Edits = tuple[Edit, ...]
SHORTEST = 8
"""Characters of code that a reader can find in the solution."""
_PIECES = re.compile(r"\w+|\s+|[^\w\s]")


def reproducing(student: Student, exercise: Exercise) -> list[Edits]:
    """Return the edits with which the solution answers all calls like a wrong function; a single one comes first."""
    lesson, calls = student.lesson, student.history.get(exercise.name, [])
    if all(call.is_right for call in calls):
        return []
    # A wrong and small call tells most candidates apart.
    calls = sorted(calls, key=lambda call: (call.is_right, len(call.payload)))
    tried = [*single_edits(lesson, exercise.name), *_groups(lesson, exercise.name)]
    functions = [function for edits in tried if (function := edited_by(lesson, exercise.name, edits)) is not None]
    candidates = candidates_of(
        lesson, exercise.name, student.runner.zygote, {each.label: each.source for each in functions}
    )
    try:
        return [each.edits for each in functions if _behaves_so(candidates, each.label, calls)]
    finally:
        candidates.close()


def _behaves_so(candidates: Candidates, label: str, calls: list[Call]) -> bool:
    return all(behaves_like(call, candidates.call((label, call.driver, call.payload))) for call in calls)


def single_edits(lesson: Lesson, exercise: str) -> Iterator[Edits]:
    """Yield the changes that the operators of the audit make in an exercise, as edits that a `.md` can hold."""
    source, texts = lesson.solution_module.source, editable(lesson.solution_module, exercise)
    for mutant in make_mutants(source, [exercise]):
        edit = _edit_of(source.splitlines(), mutant.source.splitlines(), texts)
        if edit is not None:
            yield (edit,)


def _groups(lesson: Lesson, exercise: str) -> Iterator[Edits]:
    return (group.edits for group in groups_of(lesson, exercise, MAX_GROUPS))


def _edit_of(old: list[str], new: list[str], texts: Mapping[str, str]) -> Edit | None:
    """Return the change of one line as its smallest edit that applies exactly once, or None."""
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [code[1:] for code in codes if code[0] != "equal"]
    if len(changes) != 1:
        return None
    begin, end, new_begin, new_end = changes[0]
    if end - begin != 1 or new_end - new_begin != 1:
        return None  # an edit is quoted on one line
    before, after = (_PIECES.findall(line.strip()) for line in (old[begin], new[new_begin]))
    pairs = list(zip(before, after, strict=False))
    head = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    behind = zip(before[head:][::-1], after[head:][::-1], strict=False)
    tail = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], behind))
    while True:
        quoted = ["".join(pieces[head : len(pieces) - tail]) for pieces in (before, after)]
        edit = Edit(quoted[0], quoted[1], 0)
        is_whole = not head and not tail
        if all(map(_is_quotable, quoted)) and (len(quoted[0]) >= SHORTEST or (is_whole and quoted[0])):
            changed = edited(texts, (edit,))
            if isinstance(changed, dict) and all(new[new_begin].strip() in text for text in changed.values()):
                return edit
        if is_whole:
            return None
        head, tail = max(0, head - 1), max(0, tail - 1)


def _is_quotable(code: str) -> bool:
    """Whether a piece of code can stand in a code span, and closes what it opens."""
    is_balanced = all(code.count(pair[0]) == code.count(pair[1]) for pair in ("()", "[]", "{}"))
    return code == code.strip() and "`" not in code and is_balanced
