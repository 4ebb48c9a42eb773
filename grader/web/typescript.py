"""The types of `views` in TypeScript, so that the page's compiler knows what the server sends.

``python -m grader.web.typescript`` writes them; a test compares the file with what this would write.
"""

import dataclasses
import inspect
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader.web import views

TARGET = Path(__file__).with_name("frontend") / "src" / "api.ts"
_PLAIN: dict[object, str] = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}


def declarations() -> str:
    """Return one interface for each dataclass of `views`."""
    head = "// Written by `python -m grader.web.typescript` from grader/web/views.py.\n"
    views_of = [kind for _, kind in inspect.getmembers(views, dataclasses.is_dataclass) if inspect.isclass(kind)]
    return head + "".join(map(_interface, sorted(_reached(views_of), key=lambda kind: kind.__name__)))


def _reached(kinds: Iterable[type]) -> set[type]:
    """Return dataclasses, and those that their fields hold."""
    found: set[type] = set()
    waiting = list(kinds)
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += [each for hint in typing.get_type_hints(kind).values() for each in _dataclasses_in(hint)]
    return found


def _dataclasses_in(hint: object) -> Iterator[type]:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        yield hint
    for part in typing.get_args(hint):
        yield from _dataclasses_in(part)


def _interface(kind: type) -> str:
    hints = typing.get_type_hints(kind)
    fields = "".join(f"  readonly {name}: {_type(hint)};\n" for name, hint in hints.items())
    return f"\nexport interface {kind.__name__} {{\n{fields}}}\n"


def _type(hint: object) -> str:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, types.UnionType):
        return " | ".join(map(_type, typing.get_args(hint)))
    if typing.get_origin(hint) is typing.Literal:
        return " | ".join(f'"{value}"' for value in typing.get_args(hint))
    if typing.get_origin(hint) is tuple:
        first, *rest = typing.get_args(hint)
        if rest == [...]:
            entry = _type(first)
            return f"readonly ({entry})[]" if " " in entry else f"readonly {entry}[]"
        return f"readonly [{', '.join(map(_type, (first, *rest)))}]"
    assert dataclasses.is_dataclass(hint), f"views may hold plain values, tuples and dataclasses, not {hint}"
    assert isinstance(hint, type)
    return hint.__name__


if __name__ == "__main__":
    TARGET.write_text(declarations(), encoding="utf-8")
