"""Quizzes: which exercise is one, and the letters in a student's file, read and changed as text."""

import ast
from collections.abc import Mapping, Sequence

from grader.course.definitions import decorated_as
from grader.course.exercise_file import ExerciseFile
from grader.course.parse import tree_of

LETTERS = ("a", "b", "c", "d")
WIDTH = 100
"""Columns of a line of answers; more are written one below the other."""


def questions_of(file: ExerciseFile) -> tuple[str, ...]:
    """Return the questions of a quiz, ``q1`` and so on; none for any other exercise."""
    for node in file.module.tree.body:
        match node:
            case ast.Assign(
                value=ast.Call(keywords=[ast.keyword(arg="questions", value=ast.Constant(int() as number))])
            ):
                if decorated_as(node.value) == "Quiz":
                    return tuple(f"q{each}" for each in range(1, number + 1))
    return ()


def answers_in(source: str, exercise: str) -> dict[str, str] | None:
    """Return the letters that a file answers a quiz with; None if it does more than return them, or is not Python."""
    found = _returned(source, exercise)
    return None if found is None else found[1]


def with_answer(source: str, exercise: str, questions: Sequence[str], question: str, letter: str) -> str | None:
    """Return a file with one answer changed, and every other line as it was; None where `answers_in` is None."""
    found = _returned(source, exercise)
    if found is None:
        return None
    statement, before = found
    answers = {**dict.fromkeys(questions, ""), **before, question: letter}
    lines = source.split("\n")
    indent = " " * statement.col_offset
    lines[statement.lineno - 1 : statement.end_lineno] = _written(answers, indent)
    return "\n".join(lines)


def _returned(source: str, exercise: str) -> tuple[ast.stmt, dict[str, str]] | None:
    """Return the one statement of a quiz, and the letters that it returns; a stub returns none."""
    try:
        tree = tree_of(source)
    except SyntaxError:
        return None
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == exercise]
    if not functions:
        return None
    function = functions[-1]
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    if len(body) != 1 or source.split("\n")[body[0].lineno - 1][: body[0].col_offset].strip():
        return None
    match body[0]:
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return body[0], {}
        case ast.Return(value=ast.Dict(keys=keys, values=values)):
            texts = [each.value for each in (*keys, *values) if isinstance(each, ast.Constant)]
            words = [text for text in texts if isinstance(text, str)]
            if len(words) == 2 * len(keys):
                return body[0], dict(zip(words[: len(keys)], words[len(keys) :], strict=True))
    return None


def _written(answers: Mapping[str, str], indent: str) -> list[str]:
    entries = [f'"{question}": "{letter}"' for question, letter in answers.items()]
    line = f"{indent}return {{{', '.join(entries)}}}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{indent}return {{", *(f"{indent}    {entry}," for entry in entries), f"{indent}}}"]
