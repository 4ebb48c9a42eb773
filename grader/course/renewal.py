"""What changes for a student when the course gets a new version: lesson by lesson, exercise by exercise."""

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from grader.course.definitions import Definition
from grader.course.merging import Merged, Part, merge, parts_of
from grader.course.model import Course, Lesson
from grader.course.parse import tree_of
from grader.errors import GraderError
from grader.verdict import Visibility

MAX_LINES = 12
"""Changed lines of an exercise's text that are shown."""


@dataclass(frozen=True)
class Renewal:
    """A lesson in the new version, the same lesson in the old one, and the student's file."""

    new: Lesson
    old: Lesson | None
    mine: bytes | None

    @cached_property
    def base(self) -> str:
        """The starter code that the student began with; empty if it cannot be derived any more."""
        try:
            return self.old.stub if self.old is not None else ""
        except GraderError:
            return ""

    @cached_property
    def merged(self) -> Merged:
        """The student's file with the new starter code; raises SyntaxError or ValueError as `merge` does."""
        if self.mine is None:
            return Merged(self.new.stub.encode(), added=tuple(each.name for each in self.new.exercises))
        if self.base == self.new.stub:
            return Merged(self.mine)
        return merge(self.mine, self.base, self.new.stub)

    @property
    def is_moved(self) -> bool:
        """Whether the lesson has another name in the new version."""
        return self.old is not None and self.old.name != self.new.name

    @cached_property
    def rechecks(self) -> dict[str, list[str]]:
        """What has changed in each exercise that the student has written, in words, by exercise."""
        if self.mine is None or self.old is None:
            return {}
        kept = [each.name for each in self.new.exercises if self._is_written(each.name)]
        changes = {name: list(_changes(self.old, self.new, name, self.base)) for name in kept}
        return {name: said for name, said in changes.items() if said}

    def _is_written(self, name: str) -> bool:
        """Whether the student's code for an exercise differs from the starter code."""
        own, base = self._own.get(name), self._stub.get(name)
        return own is not None and (base is None or own.text != base.text) and name not in self.merged.added

    @cached_property
    def _own(self) -> dict[str, Part]:
        try:
            return parts_of((self.mine or b"").decode("utf-8-sig").replace("\r\n", "\n"))
        except (SyntaxError, ValueError):
            return {}

    @cached_property
    def _stub(self) -> dict[str, Part]:
        return parts_of(self.base)


def pairs_of(old: Course, new: Course) -> dict[str, str]:
    """Return the name of each new lesson's old version, by the new name; lessons that only moved are found too."""
    before = {lesson.name: lesson for lesson in old.lessons}
    pairs = {lesson.name: lesson.name for lesson in new.lessons if lesson.name in before}
    homeless = [lesson for lesson in old.lessons if lesson.name not in pairs]
    for lesson in new.lessons:
        if lesson.name not in pairs:
            likeness = [(_likeness(each, lesson), each) for each in homeless]
            best = max(likeness, key=lambda pair: pair[0], default=(0.0, lesson))
            if best[0] > 0.5:
                pairs[lesson.name] = best[1].name
                homeless.remove(best[1])
    return pairs


def _likeness(old: Lesson, new: Lesson) -> float:
    """Return the share of exercises that two lessons have in common."""
    try:
        before, after = {each.name for each in old.exercises}, {each.name for each in new.exercises}
    except GraderError:
        return 0.0
    return len(before & after) / len(before | after)


def _changes(old: Lesson, new: Lesson, name: str, base: str) -> Iterator[str]:
    """Yield what has changed in an exercise, for the student."""
    before, after = parts_of(base).get(name), parts_of(new.stub)[name]
    if before is None:
        yield "the exercise was not in the version before"
        return
    if before.text != after.text:
        yield from _parameters(before.text, after.text)
        yield from _lines(before.text, after.text)
    try:
        yield from _checks(old, new, name)
    except GraderError:
        yield "the checks may have changed"


def _parameters(before: str, after: str) -> Iterator[str]:
    """Yield how the parameters of a function have changed."""
    then, now = _arguments(before), _arguments(after)
    if then == now:
        return
    differing = [(a, b) for a, b in zip(then, now, strict=False) if a != b]
    if len(then) == len(now) and not set(then) & {b for _, b in differing}:
        yield from (f"the parameter {a} is now called {b}" for a, b in differing)
    else:
        yield f"the parameters are now ({', '.join(now)}); they were ({', '.join(then)})"


def _arguments(text: str) -> list[str]:
    node = tree_of(text).body[0]
    if not isinstance(node, ast.FunctionDef):
        return []
    return [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]


def _lines(before: str, after: str) -> Iterator[str]:
    """Yield the lines of the starter code that were taken away and added."""
    differing = [
        line
        for line in difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
        if not line.startswith(("---", "+++", "@@"))
    ]
    yield from (f"{line[0]} {line[1:].rstrip()}" for line in differing[:MAX_LINES] if line[1:].strip())
    if len(differing) > MAX_LINES:
        yield f"... and {len(differing) - MAX_LINES} more lines"


def _checks(old: Lesson, new: Lesson, name: str) -> Iterator[str]:
    """Yield how the checks have changed; of those that are kept for grading, only that some have."""
    then, now = _code(old, name), _code(new, name)
    public = {each.name: each.claim for each in new.files[name].checks if each.visibility is Visibility.PUBLIC}
    public |= {each.name: each.claim for each in old.files[name].checks if each.visibility is Visibility.PUBLIC}
    changed = [test for test in {**then, **now} if then.get(test) != now.get(test)]
    for test in changed:
        if test in public:
            word = "new" if test not in then else "removed" if test not in now else "changed"
            yield f"{word} check: {public[test]}"
    if [test for test in changed if test not in public]:
        yield "the checks use other code now"
    if _answer(old, name) != _answer(new, name):
        yield "the solution has changed"


def _code(lesson: Lesson, exercise: str) -> dict[str, str]:
    """Return what decides in the file of an exercise, by name; what only explains is left out."""
    file = lesson.files[exercise]
    beside = {*(each.name for each in file.variants), *(each.name for each in file.predictions), file.picture}
    nodes = [node for node in file.module.tree.body if not (isinstance(node, Definition) and node.name in beside)]
    code = {node.name if isinstance(node, Definition) else "": ast.dump(node) for node in nodes}
    shared = "".join(ast.dump(module.tree) for module in lesson.shared_modules.values())
    return code | {"": "".join(ast.dump(node) for node in nodes if not isinstance(node, Definition)) + shared}


def _answer(lesson: Lesson, exercise: str) -> str:
    """Return the solution of an exercise with the private functions beside it, without docstrings' layout."""
    nodes = lesson.solution_module.definitions()
    return "".join(ast.dump(_bare(node)) for node in nodes if node.name == exercise or node.name.startswith("_"))


def _bare(node: Definition) -> ast.stmt:
    bare = tree_of(ast.unparse(node)).body[0]
    if isinstance(bare, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(bare) is not None:
        bare.body = bare.body[1:] or [ast.Pass()]
    return bare
