"""The definitions of a Python file, and standalone source for some of them with everything they use."""

import ast
import copy
import functools
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grader.errors import CourseError
from grader.syntax import parse

Definition = ast.FunctionDef | ast.ClassDef
Import = ast.Import | ast.ImportFrom


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
        lines = self.source.split("\n")  # as Python counts them: a form feed ends no line
        dropped = {
            number
            for decorator in getattr(node, "decorator_list", ())
            if decorated_as(decorator) in set(without)
            for number in range(decorator.lineno, (decorator.end_lineno or decorator.lineno) + 1)
        }
        return "\n".join(lines[i - 1] for i in span(node) if i not in dropped)


def span(node: ast.stmt) -> range:
    """Return the lines of a statement, with those of its decorators."""
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
    return range(first, (node.end_lineno or node.lineno) + 1)


def single_imports(nodes: Iterable[ast.stmt]) -> Iterator[Import]:
    """Yield the imports among some statements, each name by itself."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (ast.Import([alias]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (ast.ImportFrom(node.module, [alias], node.level) for alias in node.names)


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
            return [name for target in targets for name in _set(target)]
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target) | ast.For(target=target):
            return [*_set(target), *_inside(node)]
        case ast.With(items=items):
            return [
                *(name for item in items if item.optional_vars for name in _set(item.optional_vars)),
                *_inside(node),
            ]
    return list(_inside(node))


def _set(target: ast.expr) -> list[str]:
    """Return the names that a target binds, or whose values it changes."""
    match target:
        case ast.Name(id=name):
            return [name]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [name for part in parts for name in _set(part)]
        case ast.Starred(value=value) | ast.Subscript(value=value) | ast.Attribute(value=value):
            return _set(value)
    return []


def _inside(node: ast.AST) -> Iterator[str]:
    """Yield the names that the statements inside a statement bind: those of a branch or a loop."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.stmt):
            yield from names_of(part)
        elif isinstance(part, ast.ExceptHandler):
            yield from _inside(part)


def bound(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    """Map each name to the top-level statements that bind it or change its value."""
    found: dict[str, list[ast.stmt]] = {}
    for node in tree.body:
        for name in names_of(node):
            found.setdefault(name, []).append(node)
    return found


def used_names(nodes: Iterable[ast.stmt], *, without: Iterable[str] = ()) -> set[str]:
    """Return the names of the file, or of Python, that statements use: what they bind in functions is their own.

    The decorators named in ``without`` are left out.
    """
    left_out = frozenset(without)
    return {name for node in nodes for name in _used(node, left_out)}


@functools.lru_cache(maxsize=1000)  # the same functions are used by many checks
def _used(node: ast.stmt, without: frozenset[str]) -> frozenset[str]:
    source = ast.unparse(_undecorated(node, without))
    return frozenset(_of_the_module(symtable.symtable(source, "<lesson>", "exec")))


def _undecorated(node: ast.stmt, names: frozenset[str]) -> ast.stmt:
    if not isinstance(node, Definition):
        return node
    kept = copy.copy(node)
    kept.decorator_list = [each for each in node.decorator_list if decorated_as(each) not in names]
    return kept


def _of_the_module(table: symtable.SymbolTable) -> Iterator[str]:
    is_module = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() if is_module else symbol.is_global():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _of_the_module(inner)


def reached(tree: ast.Module, names: Iterable[str], *, without: Iterable[str] = ()) -> list[ast.stmt]:
    """Return the statements that bind these names and everything they use, directly or not, in file order."""
    known, waiting, seen = bound(tree), list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in known and name not in seen:
            seen.add(name)
            waiting += used_names(known[name], without=without)
    wanted = {id(node) for name in seen for node in known[name]}
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
                    before += [
                        f"{each.asname} = {each.name}" for each in aliases if each.asname and each.asname in used
                    ]
                    _refuse_doubles(module, statements, rest)
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


def _refuse_doubles(module: Module, statements: list[ast.stmt], shared: str) -> None:
    taken = {name for node in parse(shared).body for name in names_of(node)}
    for node in statements:
        if isinstance(node, Definition | ast.Assign):
            for name in taken.intersection(names_of(node)):
                problem = f"{name} is a name of the shared file too, whose functions use it. Give one another name."
                raise CourseError(module.file, node.lineno, problem)


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def clashes(source: str, module: Module, exercise: str) -> Iterator[Definition]:
    """Yield the definitions of a source that have names of a module: in one file, one of the two would win.

    The exercise itself is the one that the source replaces.
    """
    taken = {node.name for node in module.definitions()} - {exercise}
    return (node for node in parse(source).body if isinstance(node, Definition) and node.name in taken)


def replaced(module: Module, texts: Mapping[str, str]) -> str:
    """Return the source of a file with the definitions in ``texts`` replaced."""
    lines = module.source.split("\n")
    for node in reversed(list(module.definitions())):
        if node.name in texts:
            lines[span(node).start - 1 : node.end_lineno] = texts[node.name].split("\n")
    return "\n".join(lines)


def without_docstring(module: Module, node: Definition) -> str:
    """Return the source of a definition without its docstring."""
    text = module.text_of(node)
    if ast.get_docstring(node, clean=False) is None:
        return text
    begin, docstring = span(node).start, node.body[0]
    lines = text.split("\n")
    first, last = docstring.lineno - begin, (docstring.end_lineno or docstring.lineno) - begin
    head = lines[first].encode()[: docstring.col_offset].decode()
    tail = lines[last].encode()[docstring.end_col_offset :].decode().lstrip("; ")
    rest = "pass" if len(node.body) == 1 else tail
    lines[first : last + 1] = [head + rest] if rest else []
    return "\n".join(lines)
