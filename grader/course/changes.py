"""Small changes of a solution, as a student's mistake makes them: the mean for the sum, one pass fewer, another sign.

The audit grades each of them, and the search for a cause looks for the one that gives a student's answers. A change
replaces a piece of the source, so that the rest stays as it is written.
"""

import ast
import itertools
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from grader.course.definitions import Definition
from grader.syntax import parse

_EXCHANGED = {
    "mean": "sum",
    "sum": "mean",
    "max": "min",
    "min": "max",
    "amax": "amin",
    "amin": "amax",
    "argmax": "argmin",
    "argmin": "argmax",
    "square": "abs",
    "abs": "square",
    "std": "var",
    "var": "std",
    "sin": "cos",
    "cos": "sin",
    "cumsum": "cumprod",
    "zeros": "ones",
    "ones": "zeros",
    "zeros_like": "ones_like",
    "ones_like": "zeros_like",
    # The other float dtype is not a mistake here.
    "float64": "int64",
    "float32": "int64",
    "unsqueeze": "squeeze",
    "lower": "upper",
    "upper": "lower",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "find": "rfind",
    "rfind": "find",
    "ljust": "rjust",
    "rjust": "ljust",
    "index": "rindex",
    "rindex": "index",
    "removeprefix": "removesuffix",
    "removesuffix": "removeprefix",
    "partition": "rpartition",
    "rpartition": "partition",
    "split": "rsplit",
    "rsplit": "split",
}
"""Methods, functions and dtypes that are easily confused."""
_LEFT_OUT = frozenset(
    (
        "abs",
        "clone",
        "detach",
        "exp",
        "flatten",
        "flip",
        "log",
        "requires_grad_",
        "sigmoid",
        "softmax",
        "sqrt",
        "square",
        "squeeze",
        "sum",
        "mean",
        "t",
        "tanh",
        "transpose",
        "unsqueeze",
    )
)
"""Methods that are easily forgotten. Not `item`: a tensor without dimensions is as good as a float here."""
_DIMENSIONS = {"-1": ("0",), "0": ("1", "-1"), "1": ("0",), "2": ("0", "1")}
_MODULES = frozenset(("torch", "F", "nn", "math", "np", "plt"))
_SIGN, _QUOTIENT, _LOGIC = "the sign of one term", "a multiplication against a division", "`and` against `or`"
_EQUAL, _OPPOSITE = "whether a comparison includes the equal case", "a condition, which is the opposite one"
_SWAPPED: dict[type[ast.AST], tuple[str, str, str]] = {
    ast.Add: ("+", "-", _SIGN),
    ast.Sub: ("-", "+", _SIGN),
    ast.UAdd: ("+", "-", _SIGN),
    ast.USub: ("-", "+", _SIGN),
    ast.Mult: ("*", "/", _QUOTIENT),
    ast.Div: ("/", "*", _QUOTIENT),
    ast.FloorDiv: ("//", "/", "the kind of a division"),
    ast.Mod: ("%", "/", "a remainder against a division"),
    ast.LShift: ("<<", ">>", "the direction of a shift"),
    ast.RShift: (">>", "<<", "the direction of a shift"),
    ast.BitAnd: ("&", "|", "`&` against `|`"),
    ast.BitOr: ("|", "&", "`&` against `|`"),
    ast.BitXor: ("^", "&", "`&` against `^`"),
    ast.Pow: ("**", "*", "a power against a multiplication"),
    ast.Lt: ("<", "<=", _EQUAL),
    ast.LtE: ("<=", "<", _EQUAL),
    ast.Gt: (">", ">=", _EQUAL),
    ast.GtE: (">=", ">", _EQUAL),
    ast.Eq: ("==", "!=", _OPPOSITE),
    ast.NotEq: ("!=", "==", _OPPOSITE),
    ast.Is: ("is", "is not", _OPPOSITE),
    ast.IsNot: ("is not", "is", _OPPOSITE),
    ast.In: ("in", "not in", _OPPOSITE),
    ast.NotIn: ("not in", "in", _OPPOSITE),
    ast.And: ("and", "or", _LOGIC),
    ast.Or: ("or", "and", _LOGIC),
}
"""By operator: how it is written, the one to exchange it with, and in words what then differs."""


@dataclass(frozen=True)
class Change:
    """A piece of a source that is replaced."""

    function: str
    """The top-level function or class that contains it."""
    start: int
    """Its first byte in the source."""
    end: int
    text: str
    """The text that replaces it."""
    what: str
    """What differs, in words that give no code away; empty for a change that is not a student's mistake."""
    node: ast.AST
    """The changed part of the program."""
    statement: ast.stmt
    """The innermost statement that contains it."""

    @property
    def line(self) -> int:
        """The line of the changed part."""
        return int(getattr(self.node, "lineno", self.statement.lineno))


def applied(source: str, changes: Iterable[Change]) -> str:
    """Return a source with changes, of which no two overlap."""
    data = source.encode()
    for change in sorted(changes, key=lambda each: each.start, reverse=True):
        data = data[: change.start] + change.text.encode() + data[change.end :]
    return data.decode()


def changes_of(
    source: str, functions: Collection[str], *, terms: bool = False, variables: bool = False
) -> Iterator[Change]:
    """Yield each change that an operator can make in the bodies of these functions and classes.

    Not every one is valid Python, and several may give the same program. The audit, which grades each of them, does
    without two operators: with ``terms``, a term or a divisor is left out, and with ``variables``, each variable is
    exchanged for each other one.
    """
    code = _Code(source)
    for definition in parse(source).body:
        if isinstance(definition, Definition) and definition.name in functions:
            for place in _places(definition.body, definition if isinstance(definition, ast.FunctionDef) else None):
                pieces = _pieces(place, code)
                if terms and isinstance(place.node, ast.BinOp):
                    pieces = itertools.chain(pieces, _term_forgotten(place.node, code))
                if variables and isinstance(place.node, ast.Name) and place.function is not None:
                    pieces = itertools.chain(pieces, _other_variable(place.node, place.function, code))
                for start, end, text, what in pieces:
                    yield Change(definition.name, start, end, text, what, place.node, place.statement)


class _Code:
    """A source and the places of its nodes in it."""

    def __init__(self, source: str) -> None:
        self.data = source.encode()
        self._lines = [0, *itertools.accumulate(len(line) + 1 for line in self.data.split(b"\n"))]

    def start(self, node: Any) -> int:
        """Return the first byte of a node, without the parentheses around it."""
        return int(self._lines[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        """Return the byte behind a node."""
        return int(self._lines[node.end_lineno - 1] + node.end_col_offset)

    def text(self, start: int, end: int) -> str:
        """Return the source between two bytes."""
        return self.data[start:end].decode()

    def of(self, node: ast.AST) -> str:
        """Return the source of a node."""
        return self.text(self.start(node), self.end(node))

    def between(self, left: ast.AST, right: ast.AST, symbol: str) -> tuple[int, int] | None:
        """Return where an operator stands between its operands, without their parentheses; None behind a comment."""
        begin = self.end(left)
        escaped = re.escape(symbol).replace(r"\ ", r"\s+")
        found = re.fullmatch(rf"([\s)\\]*)({escaped})[\s(\\]*", self.text(begin, self.start(right)))
        return (begin + found.start(2), begin + found.end(2)) if found is not None else None


@dataclass(frozen=True)
class _Place:
    """A node with its surroundings."""

    node: ast.AST
    statement: ast.stmt
    function: ast.FunctionDef | None


_Piece = tuple[int, int, str, str]
"""What is replaced, by what, and in words what then differs."""


def _places(
    nodes: Iterable[ast.AST], function: ast.FunctionDef | None, above: ast.stmt | None = None
) -> Iterator[_Place]:
    """Yield the nodes of code, without signatures, types, texts and what is written in them."""
    for node in nodes:
        statement = node if isinstance(node, ast.stmt) else above
        if isinstance(node, ast.FunctionDef):
            yield from _places(node.body, node)
        elif not isinstance(node, ast.JoinedStr | ast.expr_context) and not _is_text(node):
            if statement is not None:
                yield _Place(node, statement, function)
            left_out: list[Any] = []
            match node:
                case ast.AnnAssign():
                    left_out = [node.annotation]
                case ast.Lambda():
                    left_out = [node.args]
                case ast.ClassDef():
                    left_out = [*node.bases, *node.keywords, *node.decorator_list]
                case ast.Raise(exc=ast.Call()):
                    left_out = [node.exc]  # what an error says is a text, however it is put together
                case ast.Assert():
                    left_out = [node.msg]
            inner = [each for each in ast.iter_child_nodes(node) if not any(each is other for other in left_out)]
            yield from _places(inner, function, statement)


def _is_text(node: ast.AST) -> bool:
    """Whether a statement is a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _pieces(place: _Place, code: _Code) -> Iterator[_Piece]:
    """Yield the changes of one node."""
    for kind, operator in _OPERATORS:
        if isinstance(place.node, kind):
            yield from operator(place.node, code)
    if isinstance(place.node, ast.Name) and place.function is not None:
        yield from _other_argument(place.node, place.function, code)


# ---- Operators and numbers -------------------------------------------------------------------------------------------


def _other_operator(node: ast.expr | ast.AugAssign, code: _Code) -> Iterator[_Piece]:
    """Exchange an operator for the one that is easily written in its place."""
    operands: list[tuple[ast.expr, ast.AST, ast.expr]] = []
    match node:
        case ast.BinOp():
            operands = [(node.left, node.op, node.right)]
        case ast.BoolOp():
            operands = [(left, node.op, right) for left, right in itertools.pairwise(node.values)]
        case ast.Compare():
            values = itertools.pairwise([node.left, *node.comparators])
            operands = [(left, op, right) for op, (left, right) in zip(node.ops, values, strict=True)]
        case ast.AugAssign():
            operands = [(node.target, node.op, node.value)]
    for left, op, right in operands:
        if type(op) in _SWAPPED:
            old, new, what = _SWAPPED[type(op)]
            end = "=" * isinstance(node, ast.AugAssign)
            if (place := code.between(left, right, old + end)) is not None:
                yield (*place, new + end, what)
    if isinstance(node, ast.UnaryOp):
        start = code.start(node)
        if isinstance(node.op, (ast.UAdd, ast.USub)):
            yield start, start + 1, _SWAPPED[type(node.op)][1], "the sign of one value"
        else:
            yield start, code.end(node), _right_of(node, code), _OPPOSITE


def _right_of(node: ast.UnaryOp, code: _Code) -> str:
    """Return the operand of `not` or `~`, with its parentheses."""
    return re.sub(r"^(not\b|~)\s*", "", code.of(node))


def _other_number(node: ast.Constant, code: _Code) -> Iterator[_Piece]:
    """Raise a number by one, or lower it; exchange True and False."""
    start, end, value = code.start(node), code.end(node), node.value
    if isinstance(value, bool):
        yield start, end, str(not value), "`True` against `False`"
    elif isinstance(value, (int, float)) and math.isfinite(value):
        yield start, end, repr(value + 1), "one number"
        if isinstance(value, int):
            yield start, end, str(value - 1) if value else "(-1)", "one number"


def _factor_forgotten(node: ast.BinOp, code: _Code) -> Iterator[_Piece]:
    """Drop one side of a product, or an exponent: the factor 2, the learning rate, the square."""
    symbol = {ast.Mult: "*", ast.MatMult: "@", ast.Pow: "**"}.get(type(node.op), "")
    place = code.between(node.left, node.right, symbol) if symbol else None
    if place is None:
        return
    start, end = code.start(node), code.end(node)
    left, right = code.text(start, place[0]).rstrip(), code.text(place[1], end).lstrip()
    if isinstance(node.op, ast.Pow):
        yield start, end, left, "a power that is left out"
        return
    kind = "matrix product" if isinstance(node.op, ast.MatMult) else "product"
    for kept, other in ((left, node.right), (right, node.left)):
        yield start, end, kept, f"a factor{_number(other)} of a {kind}, which is left out"


def _term_forgotten(node: ast.BinOp, code: _Code) -> Iterator[_Piece]:
    """Drop a term of a sum, or a divisor."""
    symbol = {ast.Add: "+", ast.Sub: "-", ast.Div: "/"}.get(type(node.op), "")
    place = code.between(node.left, node.right, symbol) if symbol else None
    if place is not None:
        start, end = code.start(node), code.end(node)
        what = "a divisor that is left out" if symbol == "/" else "a term that is left out"
        yield start, end, code.text(start, place[0]).rstrip(), what
        if symbol != "/":
            rest = code.text(place[1], end).lstrip()
            yield start, end, f"(-{rest})" if symbol == "-" else rest, what


def _number(node: ast.expr) -> str:
    return f" {node.value!r}" if isinstance(node, ast.Constant) and type(node.value) in (int, float) else ""


def _sides_exchanged(node: ast.BinOp, code: _Code) -> Iterator[_Piece]:
    """Exchange the factors of a matrix product, or the sides of a quotient."""
    symbol = {ast.MatMult: "@", ast.Div: "/"}.get(type(node.op), "")
    place = code.between(node.left, node.right, symbol) if symbol else None
    if place is not None:
        start, end = code.start(node), code.end(node)
        left, right = code.text(start, place[0]), code.text(place[1], end)
        spaced = f"{right.lstrip()}{left[len(left.rstrip()) :]}{symbol}{right[: len(right) - len(right.lstrip())]}"
        what = "the order of a matrix product" if symbol == "@" else "the two sides of a division"
        yield start, end, spaced + left.rstrip(), what


def _condition_forced(node: ast.IfExp, code: _Code) -> Iterator[_Piece]:
    """Take one branch of a conditional expression always."""
    start, end, test = code.start(node.test), code.end(node.test), code.of(node.test)
    for rest in ("and False", "or True"):
        yield start, end, f"({test}) {rest}", "a condition, which always has the same result"


def _condition_negated(node: ast.If | ast.IfExp | ast.While | ast.comprehension, code: _Code) -> Iterator[_Piece]:
    """Negate a condition."""
    for test in node.ifs if isinstance(node, ast.comprehension) else [node.test]:
        yield code.start(test), code.end(test), f"not ({code.of(test)})", _OPPOSITE


# ---- Names, calls and slices -----------------------------------------------------------------------------------------


def _other_name(node: ast.Attribute, code: _Code) -> Iterator[_Piece]:
    """Replace a method, function or dtype by another, the mean by the sum; or drop a transposition."""
    end = code.end(node)
    if (other := _EXCHANGED.get(node.attr)) is not None:
        first, second = sorted((node.attr, other))
        what = f"`{first}` against `{second}`"
        yield end - len(node.attr.encode()), end, other, what
    if node.attr in ("T", "mT"):
        yield _dot(node, code), end, "", "a transposition that is left out"


def _dot(node: ast.Attribute, code: _Code) -> int:
    """Return the place of the dot before an attribute, behind the parentheses of its value."""
    return code.end(node.value) + code.data[code.end(node.value) : code.end(node)].rindex(b".")


def _method_left_out(node: ast.Call, code: _Code) -> Iterator[_Piece]:
    """Drop a method: detach, clone, square."""
    match node.func:
        case ast.Attribute(value=ast.Name(id=name)) if name in _MODULES:
            return
        case ast.Attribute(attr=attr) if attr in _LEFT_OUT:
            yield _dot(node.func, code), code.end(node), "", "an operation that is left out"


def _copied(node: ast.Name, code: _Code) -> Iterator[_Piece]:
    """Copy only the outer container."""
    if node.id == "deepcopy":
        yield code.start(node), code.end(node), "copy", "the kind of a copy"


def _argument_left_out(node: ast.Call, code: _Code) -> Iterator[_Piece]:
    """Pass None in the place of an argument, or leave it out; rename a key of `dict`."""
    arguments = sorted([*node.args, *node.keywords], key=code.start)
    what = "one argument of a call"
    if len(arguments) == 1 and code.end(arguments[0]) == code.end(node):
        yield code.start(arguments[0]) + 1, code.end(node) - 1, "None", what  # a generator without its own parentheses
        return
    for each in arguments:
        value = each.value if isinstance(each, ast.keyword) and each.arg is not None else each
        is_none = isinstance(value, ast.Constant) and value.value is None
        if not isinstance(value, ast.Starred | ast.keyword) and not is_none:
            yield code.start(value), code.end(value), "None", what
    if len(arguments) > 1:
        for each, following in zip(arguments, [*arguments[1:], None], strict=True):
            yield code.start(each), code.start(following) if following is not None else code.end(each), "", what
    if isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        for keyword in node.keywords:
            if keyword.arg is not None:
                start = code.start(keyword)
                yield start, start + len(keyword.arg.encode()), f"{keyword.arg}XX", "one key"


def _other_dimension(node: ast.keyword, code: _Code) -> Iterator[_Piece]:
    """Use another dimension."""
    if node.arg in ("dim", "axis"):
        for text in _DIMENSIONS.get(code.of(node.value), ()):
            yield code.start(node.value), code.end(node.value), text, "the dimension of one operation"


def _range_shifted(node: ast.Call, code: _Code) -> Iterator[_Piece]:
    """Loop once more, or once less."""
    if isinstance(node.func, ast.Name) and node.func.id == "range" and node.args:
        end = node.args[min(1, len(node.args) - 1)]
        for sign in "+-":
            yield code.start(end), code.end(end), f"({code.of(end)} {sign} 1)", "the end of a range, by one"


def _bound_forgotten(node: ast.Slice, code: _Code) -> Iterator[_Piece]:
    """Drop the start, the end or the step of a slice."""
    what = "a bound of a slice"
    for part in (node.lower, node.upper):
        if part is not None:
            yield code.start(part), code.end(part), "", what
    if node.step is not None:
        colon = code.data.rindex(b":", code.start(node), code.start(node.step))
        yield colon, code.end(node.step), "", what


def _lambda_emptied(node: ast.Lambda, code: _Code) -> Iterator[_Piece]:
    """Return nothing."""
    is_none = isinstance(node.body, ast.Constant) and node.body.value is None
    yield code.start(node.body), code.end(node.body), "0" if is_none else "None", ""


def _other_argument(node: ast.Name, function: ast.FunctionDef, code: _Code) -> Iterator[_Piece]:
    """Replace an argument by another of the same type: x by y, the weights by the biases."""
    types = {each.arg: ast.unparse(each.annotation) for each in function.args.args if each.annotation is not None}
    if node.id in types:
        alike = [name for name, kind in types.items() if kind == types[node.id]]
        other = alike[(alike.index(node.id) + 1) % len(alike)]
        if other != node.id:
            yield code.start(node), code.end(node), other, "one name in the place of another"


def _other_variable(node: ast.Name, function: ast.FunctionDef, code: _Code) -> Iterator[_Piece]:
    """Use another variable of the function: the old value for the new one, the list for its entry."""
    parts = [part for part in ast.walk(function) if isinstance(part, ast.arg | ast.Name)]
    names = [part.arg if isinstance(part, ast.arg) else part.id for part in parts if not _is_read(part)]
    if _is_read(node) and node.id in names:
        for name in dict.fromkeys(names):
            if name not in (node.id, "_"):
                yield code.start(node), code.end(node), name, "one name in the place of another"


def _is_read(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Load)


# ---- Statements ------------------------------------------------------------------------------------------------------


def _value_left_out(node: ast.Assign | ast.AnnAssign, code: _Code) -> Iterator[_Piece]:
    """Assign None, or to what is None a text."""
    if node.value is None:
        return
    before = node.annotation if isinstance(node, ast.AnnAssign) else node.targets[-1]
    if (equals := code.between(before, node.value, "=")) is not None:
        value = code.data[equals[1] : code.end(node)]
        start = equals[1] + len(value) - len(value.lstrip())
        is_none = isinstance(node.value, ast.Constant) and node.value.value is None
        yield start, code.end(node), '""' if is_none else "None", ""


def _statement_left_out(node: ast.Expr | ast.Assign | ast.AugAssign, code: _Code) -> Iterator[_Piece]:
    """Drop a statement with an effect: zero_grad, backward, step, append, `w.grad = None`."""
    has_effect = isinstance(node, ast.AugAssign)
    has_effect |= isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if isinstance(node, ast.Assign):
        has_effect = any(isinstance(each, (ast.Attribute, ast.Subscript)) for each in node.targets)
    if has_effect:
        yield code.start(node), code.end(node), "pass", "a statement that is left out"


def _update_replaced(node: ast.AugAssign, code: _Code) -> Iterator[_Piece]:
    """Assign where a value is added up, or make a new value where one is changed in place."""
    symbol = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}.get(type(node.op))
    target, value = code.of(node.target), code.of(node.value)
    yield code.start(node), code.end(node), f"{target} = {value}", "whether the earlier value counts"
    if symbol is not None and isinstance(node.target, ast.Name):
        what = "whether a value is changed in place"
        yield code.start(node), code.end(node), f"{target} = {target} {symbol} ({value})", what


def _in_place(node: ast.Assign, code: _Code) -> Iterator[_Piece]:
    """Change a value in place instead of making a new one: other references see the change."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp(left=ast.Name(id=left)) as value) if left == name:
            symbol = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}.get(type(value.op))
            place = code.between(value.left, value.right, symbol) if symbol is not None else None
            if place is not None:
                right = code.text(place[1], code.end(value)).lstrip()
                what = "whether a value is changed in place"
                yield code.start(node), code.end(node), f"{name} {symbol}= {right}", what


def _one_after_the_other(node: ast.Assign, code: _Code) -> Iterator[_Piece]:
    """Split a simultaneous assignment, so that the second value uses what the first has changed."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            pairs = list(zip(targets, values, strict=True))
        case _:
            return
    for order in (pairs, pairs[::-1]):
        # The order matters only if a value uses a name that was just assigned.
        if any(_uses(value, first) for i, (first, _) in enumerate(order) for _, value in order[i + 1 :]):
            text = "; ".join(f"{code.of(target)} = {code.of(value)}" for target, value in order)
            what = "whether the values are assigned together or one after the other"
            yield code.start(node), code.end(node), text, what


def _uses(node: ast.AST, target: ast.expr) -> bool:
    wanted = ast.unparse(target)
    return any(isinstance(each, ast.expr) and ast.unparse(each) == wanted for each in ast.walk(node))


def _context_left_out(node: ast.With, code: _Code) -> Iterator[_Piece]:
    """Drop a context such as no_grad, and run its body without it."""
    last = node.items[-1]
    colon = code.data.index(b":", code.end(last.optional_vars or last.context_expr))
    yield code.start(node), colon, "if True", "a `with` that is left out"


def _loop_ended(node: ast.For, code: _Code) -> Iterator[_Piece]:
    """Stop a loop in its first round, like a `return` that is indented too far."""
    last = node.body[-1]
    if node.body[0].lineno > node.lineno:
        indent = " " * node.body[0].col_offset
        yield code.end(last), code.end(last), f"\n{indent}break", "a loop that ends after one pass"


def _loop_left(node: ast.Break | ast.Continue, code: _Code) -> Iterator[_Piece]:
    """Leave the function in the place of the loop, or the loop in the place of a round."""
    new = "return" if isinstance(node, ast.Break) else "break"
    yield code.start(node), code.end(node), new, "where a loop is left"


def _case_left_out(node: ast.Match, code: _Code) -> Iterator[_Piece]:
    """Drop a case."""
    for case in node.cases if len(node.cases) > 1 else ():
        start = code.data.rindex(b"case", 0, code.start(case.pattern))
        yield start, code.end(case.body[-1]), "", "a case that is left out"


_OPERATORS: tuple[tuple[Any, Callable[[Any, _Code], Iterator[_Piece]]], ...] = (
    (ast.Constant, _other_number),
    (ast.Name, _copied),
    (ast.Assign | ast.AnnAssign, _value_left_out),
    (ast.AugAssign, _update_replaced),
    (ast.Call, _argument_left_out),
    (ast.Lambda, _lambda_emptied),
    (ast.Break | ast.Continue, _loop_left),
    (ast.BinOp | ast.BoolOp | ast.Compare | ast.AugAssign | ast.UnaryOp, _other_operator),
    (ast.Match, _case_left_out),
    (ast.IfExp, _condition_forced),
    (ast.Attribute, _other_name),
    (ast.Call, _method_left_out),
    (ast.keyword, _other_dimension),
    (ast.Expr | ast.Assign | ast.AugAssign, _statement_left_out),
    (ast.With, _context_left_out),
    (ast.BinOp, _factor_forgotten),
    (ast.BinOp, _sides_exchanged),
    (ast.Slice, _bound_forgotten),
    (ast.Call, _range_shifted),
    (ast.For, _loop_ended),
    (ast.If | ast.IfExp | ast.While | ast.comprehension, _condition_negated),
    (ast.Assign, _one_after_the_other),
    (ast.Assign, _in_place),
)
"""The kinds of nodes, and what may be changed of them."""
