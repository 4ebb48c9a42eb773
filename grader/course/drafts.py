"""Drafts for the two files of an exercise, made from a student's code: a known mistake, or a right variant.

A student's code is untrusted: it is read as text, and loading a draft runs nothing of it.
"""

import ast
import builtins
import keyword
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.course.definitions import Module, bound, names_of, reached, single_imports
from grader.course.exercise_file import VARIANT, read_exercise_file
from grader.course.exercise_text import parse_exercise_text, replacements, with_mistake
from grader.course.model import Lesson
from grader.course.parse import read_text, tree_of
from grader.errors import UsageError

READ = "You ... (what is wrong, then why, but never the line of the answer)"
"""The place of what the student reads."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


@dataclass(frozen=True)
class Form:
    """What a student's function becomes."""

    name: str
    """Its new name."""
    summary: str
    """Its docstring."""
    given: Module
    """The file that it is for: what that imports is left out."""


def function_from(content: bytes, lesson: Lesson, exercise: str, form: Form | None = None) -> str:
    """Return a student's function as standalone source, with what it needs of their file; empty if there is none.

    Loading it runs nothing of it: the function has no defaults, no decorators and the solution's annotations, and what
    it needs is inside it. Without a form it keeps its name and loses its docstring.
    """
    try:
        tree, model_tree = tree_of(content), tree_of(lesson.solution.read_bytes())
        function, model = _last(tree, exercise), _last(model_tree, exercise)
        if function is None or model is None:
            return ""
        hidden = {each.name for each in lesson.exercises}
        needed = _needed(tree, function, hidden, form.given.tree if form is not None else None)
        code = ast.unparse(ast.fix_missing_locations(_rewritten(function, model, needed, form)))
        _require_harmless(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return code


def _require_harmless(code: str) -> None:
    """Raise SyntaxError unless a draft is one function whose definition runs nothing but the solution's annotations."""
    compile(code, "<draft>", "exec", dont_inherit=True)
    match tree_of(code).body:
        case [ast.FunctionDef(decorator_list=[], args=ast.arguments(defaults=[], kw_defaults=later))] if not any(later):
            return
    raise SyntaxError


def _rewritten(
    function: ast.FunctionDef, model: ast.FunctionDef, needed: list[ast.stmt], form: Form | None
) -> ast.FunctionDef:
    """Return a function with the signature of the solution's and with what it needs inside it."""
    _strip(function.args)
    if len(function.args.args) == len(model.args.args):
        # Keep the names of the student's arguments: the body uses them.
        for mine, other in zip(function.args.args, model.args.args, strict=True):
            mine.annotation = other.annotation
    function.returns, function.decorator_list = model.returns, []
    if sys.version_info >= (3, 12):
        function.type_params = []
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    said: list[ast.stmt] = []
    if form is not None:
        function.name = form.name
        said.append(ast.Expr(ast.Constant(form.summary)))
    function.body = [*said, *needed, *(body or [ast.Pass()])]
    return function


def _last(tree: ast.Module, name: str) -> ast.FunctionDef | None:
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    return found[-1] if found else None


def _strip(args: ast.arguments) -> None:
    """Remove the defaults and annotations, which run where the function is defined."""
    args.defaults, args.kw_defaults = [], [None] * len(args.kwonlyargs)
    for node in ast.walk(args):
        if isinstance(node, ast.arg):
            node.annotation = None


def _needed(
    tree: ast.Module, function: ast.FunctionDef, exercises: set[str], given: ast.Module | None
) -> list[ast.stmt]:
    """Return the student's own statements that a function needs, in the order of the file."""
    # Inside the function, a helper would hide an argument of the same name.
    hidden = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)} | exercises
    present = [node for node in tree.body if not hidden.intersection(names_of(node))]
    there = {ast.dump(node) for node in single_imports(given.body)} if given is not None else set()
    used = reached(ast.Module([*present, function], []), [function.name])
    return [node for node in used if node is not function and not _is_there(node, there)]


def _is_there(node: ast.stmt, there: set[str]) -> bool:
    parts = list(single_imports([node]))
    return bool(parts) and all(ast.dump(part) in there for part in parts)


def mistake_lines(code: str, edits: Sequence[tuple[str, str]]) -> str:
    """Return what a known mistake changes, as its `.md` says it: the edits if there are any, else the function."""
    if edits:
        return "\n".join(f"- {_quoted(old)} becomes {_quoted(new)}" for old, new in edits)
    fence = max([*re.findall("`+", code), "``"], key=len) + "`"
    return f"{fence}python\n{code}\n{fence}"


def _quoted(code: str) -> str:
    return f"`{code}`" if code else "``"


def text_with_mistake(lesson: Lesson, exercise: str, name: str, changes: str) -> tuple[str, int]:
    """Return the exercise's `.md` with one more known mistake, and the line of its heading.

    Raises UsageError for a name that cannot be used, and CourseError if the result is not as the lesson needs it.
    """
    path = lesson.text(exercise)
    known = lesson.texts[exercise].mistakes
    _require_name(name, {each.name: f"{lesson.shown(path)}:{each.line}" for each in known})
    text = with_mistake(read_text(path, lesson.root), f"### {name}\n{changes}\n\n{READ}")
    parsed = parse_exercise_text(text, exercise, lesson.shown(path))
    assert [each.name for each in parsed.mistakes] == [*(each.name for each in known), name]
    added = parsed.mistakes[-1]
    replacements(added, lesson.solution_module, parsed.file)
    return text, added.line


def code_with_variant(lesson: Lesson, exercise: str, name: str, content: bytes) -> tuple[str, int]:
    """Return the exercise's `.py` with a student's function as one more right variant, and its line.

    Raises UsageError for a name that cannot be used and if there is no such function, and CourseError if the result is
    not as the lesson needs it.
    """
    module = lesson.files[exercise].module
    taken = bound(lesson.solution_module.tree) | bound(module.tree)
    _require_name(name, {each: f"line {nodes[0].lineno} of {module.file}" for each, nodes in taken.items()})
    summary = f"{name.replace('_', ' ').capitalize()}: from a student's appeal."
    code = function_from(content, lesson, exercise, Form(name, summary, module))
    if not code:
        raise UsageError(
            f"No function {exercise} can be taken from the student's file: only a `def` at the margin can. Read their"
            f" code above, and write the variant into {module.file} yourself."
        )
    imports = [*_missing(code, module, lesson.solution_module)]
    text = _with_imports(module, imports).rstrip() + f"\n\n\n@{VARIANT}\n{code}\n"
    changed = Module(module.file, text, tree_of(text))
    (variant,) = (
        each for each in read_exercise_file(changed, exercise, lesson.shared_modules).variants if each.name == name
    )
    lesson.varied(variant)
    return text, variant.line


def _require_name(name: str, taken: Mapping[str, str]) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or hasattr(builtins, name) or name.startswith("test_"):
        raise UsageError(f"{name!r} cannot be its name: use lowercase letters, digits and _, such as double_loop.")
    if name in taken:
        raise UsageError(f"{name} is taken ({taken[name]}). Choose another name.")


def _missing(code: str, module: Module, solution: Module) -> Iterator[str]:
    """Yield the imports that the annotations of a variant need, and the one of its decorator."""
    here = set(bound(module.tree))
    if VARIANT not in here:
        yield f"from grader.authoring import {VARIANT}"
    (function,) = tree_of(code).body
    assert isinstance(function, ast.FunctionDef)
    annotations = [node.annotation for node in ast.walk(function.args) if isinstance(node, ast.arg)]
    parts = [part for each in [*annotations, function.returns] if each is not None for part in ast.walk(each)]
    used = {part.id for part in parts if isinstance(part, ast.Name)}
    for node in single_imports(solution.tree.body):
        if used.intersection(names_of(node)) - here:
            yield ast.unparse(node)


def _with_imports(module: Module, imports: Iterable[str]) -> str:
    """Return the source of a file with more imports, after the last one."""
    lines = module.source.split("\n")
    present = [node for node in module.tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    begin = 1 if ast.get_docstring(module.tree) is not None else 0
    after = present[-1].end_lineno if present else (module.tree.body[0].end_lineno if begin else 0)
    lines[after or 0 : after or 0] = imports
    return "\n".join(lines)
