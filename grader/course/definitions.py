"""The definitions of a Python file, and standalone source for some of them with everything they use."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Definition = ast.FunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Module:
    """A Python file of the course: its source and syntax tree."""

    file: str
    """The path shown in errors."""
    source: str
    tree: ast.Module

    def definitions(self) -> Iterator[Definition]:
        """Yield the top-level functions and classes, in file order."""
        return (node for node in self.tree.body if isinstance(node, Definition))

    def text_of(self, node: ast.stmt, *, without: Iterable[str] = ()) -> str:
        """Return the source of a statement, without the decorators named in ``without``."""
        first, *rest = self._span(node)
        lines = self.source.splitlines()
        dropped = {
            number
            for decorator in getattr(node, "decorator_list", ())
            if decorated_as(decorator) in set(without)
            for number in range(decorator.lineno, (decorator.end_lineno or decorator.lineno) + 1)
        }
        return "\n".join(lines[i - 1] for i in (first, *rest) if i not in dropped)

    def _span(self, node: ast.stmt) -> range:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
        return range(first, (node.end_lineno or node.lineno) + 1)


def decorated_as(decorator: ast.expr) -> str:
    """Return the last part of a decorator's name: ``points`` for ``@authoring.points(2)``."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2]


def names_of(node: ast.stmt) -> list[str]:
    """Return the names that a top-level statement binds."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [(alias.asname or alias.name).partition(".")[0] for alias in aliases]
        case ast.Assign(targets=targets):
            parts = [part for target in targets for part in ast.walk(target)]
            return [part.id for part in parts if isinstance(part, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def bound(tree: ast.Module) -> dict[str, ast.stmt]:
    """Map each name to the last top-level statement that binds it."""
    return {name: node for node in tree.body for name in names_of(node)}


def used_names(nodes: Iterable[ast.AST], *, without: Iterable[str] = ()) -> set[str]:
    """Return the names that occur in nodes, except in the decorators named in ``without``."""
    left_out = set(without)
    used: set[str] = set()
    for node in nodes:
        skipped = [each for each in getattr(node, "decorator_list", ()) if decorated_as(each) in left_out]
        inside = {id(part) for each in skipped for part in ast.walk(each)}
        used |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and id(part) not in inside}
    return used


def reached(tree: ast.Module, names: Iterable[str], *, without: Iterable[str] = ()) -> list[ast.stmt]:
    """Return the statements that bind these names and everything they use, directly or not, in file order."""
    known, waiting, seen = bound(tree), list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in seen:
            seen.add(name)
            waiting += used_names([known[name]], without=without)
    wanted = {id(known[name]) for name in seen}
    return [node for node in tree.body if id(node) in wanted]


def extracted(
    module: Module, names: Iterable[str], shared: Mapping[str, Module], *, without: Iterable[str] = ()
) -> str:
    """Return standalone source for these names: their definitions, everything they use, and its imports.

    ``shared`` maps the names of relative imports to modules; what is used from these is inlined. Decorators named in
    ``without`` are dropped.
    """
    left_out = tuple(without)
    statements = reached(module.tree, names, without=left_out)
    used = used_names(statements, without=left_out) | set(names)
    imports: list[str] = []
    before: list[str] = []
    texts: list[str] = []
    for node in statements:
        match node:
            case ast.ImportFrom(level=level, module=name, names=aliases) if level:
                wanted = [alias.name for alias in aliases if (alias.asname or alias.name) in used]
                if name is not None and name in shared:
                    head, _, rest = extracted(shared[name], wanted, shared, without=left_out).partition(_BREAK)
                    imports += head.splitlines()
                    before.append(rest)
                else:
                    imports.append(f"from {'.' * level}{name or ''} import {', '.join(wanted)}")
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                kept = [alias for alias in aliases if (alias.asname or alias.name).partition(".")[0] in used]
                begin = "" if isinstance(node, ast.Import) else f"from {node.module} "
                imports += [f"{begin}import {', '.join(map(_alias, kept))}"]
            case _:
                texts.append(module.text_of(node, without=left_out))
    return "\n".join(dict.fromkeys(imports)) + _BREAK + "\n\n\n".join([*before, *texts])


_BREAK = "\n\n\n"


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def replaced(module: Module, texts: Mapping[str, str]) -> str:
    """Return the source of a file with the definitions in ``texts`` replaced."""
    lines = module.source.splitlines()
    for node in reversed(list(module.definitions())):
        if node.name in texts:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            lines[first - 1 : node.end_lineno] = texts[node.name].splitlines()
    return "\n".join(lines) + "\n"


def without_docstring(module: Module, node: Definition) -> str:
    """Return the source of a definition without its docstring."""
    text = module.text_of(node)
    if ast.get_docstring(node, clean=False) is None:
        return text
    begin = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    docstring = node.body[0]
    lines = text.splitlines()
    del lines[docstring.lineno - begin : (docstring.end_lineno or docstring.lineno) - begin + 1]
    if len(node.body) == 1:
        lines.append(" " * docstring.col_offset + "pass")
    return "\n".join(lines)


def renamed(source: str, old: str, new: str) -> str:
    """Return the source with its top-level definition ``old`` renamed to ``new``."""
    return re.sub(rf"(?m)^(def|class) {re.escape(old)}\b", rf"\1 {new}", source, count=1)
