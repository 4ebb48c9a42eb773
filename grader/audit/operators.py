"""Mutation operators for typical mistakes with tensors, in the form of mutmut's operators.

An operator is a type of node and a function from such a node to its possible replacements.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

Operators = Sequence[tuple[type, Callable[[Any], Iterable[cst.CSTNode]]]]

_EXCHANGED = {
    "mean": ("sum",),
    "sum": ("mean",),
    "max": ("min",),
    "min": ("max",),
    "amax": ("amin",),
    "amin": ("amax",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "square": ("abs",),
    "abs": ("square",),
    "std": ("var",),
    "var": ("std",),
    "sin": ("cos",),
    "cos": ("sin",),
    "cumsum": ("cumprod",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    # The other float dtype is not a mistake here.
    "float64": ("int64",),
    "float32": ("int64",),
    "unsqueeze": ("squeeze",),
}
"""Methods, functions and dtypes that are easily confused."""
_LEFT_OUT = {
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
}
"""Methods that are easily forgotten. Not `item`: a tensor without dimensions is as good as a float here."""
_DIMENSIONS = {"-1": ("0",), "0": ("1", "-1"), "1": ("0",), "2": ("0", "1")}


def other_name(node: cst.Attribute) -> Iterator[cst.CSTNode]:
    """Replace a method, function or dtype by another: the mean by the sum."""
    for name in _EXCHANGED.get(node.attr.value, ()):
        yield node.with_changes(attr=cst.Name(name))


def method_left_out(node: cst.Call) -> Iterator[cst.CSTNode]:
    """Drop a method: detach, clone, square."""
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in _LEFT_OUT and not _is_module(node.func.value):
        yield node.func.value


def transposition_left_out(node: cst.Attribute) -> Iterator[cst.CSTNode]:
    """Drop a transposition."""
    if node.attr.value in ("T", "mT"):
        yield node.value


def other_dimension(node: cst.Arg) -> Iterator[cst.CSTNode]:
    """Use another dimension."""
    if node.keyword is not None and node.keyword.value in ("dim", "axis"):
        for text in _DIMENSIONS.get(cst.Module([]).code_for_node(node.value), ()):
            yield node.with_changes(value=cst.parse_expression(text))


def statement_left_out(node: cst.SimpleStatementLine) -> Iterator[cst.CSTNode]:
    """Drop a statement with an effect: zero_grad, backward, step, append, `w.grad = None`."""
    if len(node.body) != 1:
        return
    statement = node.body[0]
    has_effect = isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call)
    has_effect |= isinstance(statement, cst.AugAssign)
    if isinstance(statement, cst.Assign):
        has_effect |= any(isinstance(each.target, (cst.Attribute, cst.Subscript)) for each in statement.targets)
    if has_effect:
        yield node.with_changes(body=[cst.Pass()])


def context_left_out(node: cst.With) -> Iterator[cst.CSTNode]:
    """Drop a context such as no_grad, and run its body without it."""
    yield cst.If(cst.Name("True"), node.body)


def number_lowered(node: cst.Integer) -> Iterator[cst.CSTNode]:
    """Lower a number by one; mutmut raises it by one."""
    yield cst.parse_expression(str(node.evaluated_value - 1)) if node.evaluated_value else cst.parse_expression("(-1)")


def factor_forgotten(node: cst.BinaryOperation) -> Iterator[cst.CSTNode]:
    """Drop one side of a product, or an exponent: the factor 2, the learning rate, the square."""
    if isinstance(node.operator, (cst.Multiply, cst.MatrixMultiply)):
        yield node.left
        yield node.right
    if isinstance(node.operator, cst.Power):
        yield node.left


def sides_exchanged(node: cst.BinaryOperation) -> Iterator[cst.CSTNode]:
    """Exchange the factors of a matrix product, or the sides of a quotient."""
    if isinstance(node.operator, (cst.MatrixMultiply, cst.Divide)):
        yield node.with_changes(left=node.right, right=node.left)


def bound_forgotten(node: cst.Slice) -> Iterator[cst.CSTNode]:
    """Drop the start, the end or the step of a slice."""
    if node.lower is not None:
        yield node.with_changes(lower=None)
    if node.upper is not None:
        yield node.with_changes(upper=None)
    if node.step is not None:
        yield node.with_changes(step=None, second_colon=cst.MaybeSentinel.DEFAULT)


def range_shifted(node: cst.Call) -> Iterator[cst.CSTNode]:
    """Loop once more, or once less."""
    if isinstance(node.func, cst.Name) and node.func.value == "range" and node.args:
        position = min(1, len(node.args) - 1)
        end = node.args[position]
        for operator in (cst.Add(), cst.Subtract()):
            value = cst.BinaryOperation(
                end.value, operator, cst.Integer("1"), lpar=[cst.LeftParen()], rpar=[cst.RightParen()]
            )
            yield node.with_changes(
                args=[*node.args[:position], end.with_changes(value=value), *node.args[position + 1 :]]
            )


def loop_ended(node: cst.For) -> Iterator[cst.CSTNode]:
    """Stop a loop in its first round, like a `return` that is indented too far."""
    if isinstance(node.body, cst.IndentedBlock):
        body = [*node.body.body, cst.SimpleStatementLine([cst.Break()])]
        yield node.with_changes(body=node.body.with_changes(body=body))


def condition_negated(node: cst.If | cst.IfExp | cst.CompIf | cst.While) -> Iterator[cst.CSTNode]:
    """Negate a condition."""
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


def one_after_the_other(node: cst.SimpleStatementLine) -> Iterator[cst.CSTNode]:
    """Split a simultaneous assignment, so that the second value uses what the first has changed."""
    if len(node.body) != 1 or not isinstance(node.body[0], cst.Assign) or len(node.body[0].targets) != 1:
        return
    target, value = node.body[0].targets[0].target, node.body[0].value
    if not isinstance(target, cst.Tuple) or not isinstance(value, cst.Tuple):
        return
    pairs = [
        cst.Assign([cst.AssignTarget(name.value)], new.value)
        for name, new in zip(target.elements, value.elements, strict=False)
        if isinstance(name.value, (cst.Name, cst.Attribute, cst.Subscript))
    ]
    if len(pairs) == len(target.elements) == len(value.elements):
        for order in (pairs, pairs[::-1]):
            # The order matters only if a value uses a name that was just assigned.
            if any(
                _uses(later.value, first.targets[0].target) for i, first in enumerate(order) for later in order[i + 1 :]
            ):
                yield node.with_changes(body=order)


def in_place(node: cst.Assign) -> Iterator[cst.CSTNode]:
    """Change a value in place instead of making a new one: other references see the change."""
    if len(node.targets) != 1 or not isinstance(node.value, cst.BinaryOperation):
        return
    target, value = node.targets[0].target, node.value
    operators: dict[type[cst.BaseBinaryOp], cst.BaseAugOp] = {
        cst.Add: cst.AddAssign(),
        cst.Subtract: cst.SubtractAssign(),
        cst.Multiply: cst.MultiplyAssign(),
        cst.Divide: cst.DivideAssign(),
    }
    operator = operators.get(type(value.operator))
    if operator is not None and isinstance(target, cst.Name) and value.left.deep_equals(target):
        yield cst.AugAssign(target, operator, value.right)


def out_of_place(node: cst.AugAssign) -> Iterator[cst.CSTNode]:
    """Make a new value instead of changing one in place: other references do not see the change."""
    operators: dict[type[cst.BaseAugOp], cst.BaseBinaryOp] = {
        cst.AddAssign: cst.Add(),
        cst.SubtractAssign: cst.Subtract(),
        cst.MultiplyAssign: cst.Multiply(),
        cst.DivideAssign: cst.Divide(),
    }
    operator = operators.get(type(node.operator))
    if operator is not None and isinstance(node.target, cst.Name):
        value = node.value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield cst.Assign([cst.AssignTarget(node.target)], cst.BinaryOperation(node.target, operator, value))


def _uses(node: cst.CSTNode, name: cst.CSTNode) -> bool:
    return node.deep_equals(name) or any(_uses(child, name) for child in node.children)


def _is_module(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value in ("torch", "F", "nn", "math", "np", "plt")


OWN: Operators = (
    (cst.Attribute, other_name),
    (cst.Call, method_left_out),
    (cst.Attribute, transposition_left_out),
    (cst.Arg, other_dimension),
    (cst.SimpleStatementLine, statement_left_out),
    (cst.With, context_left_out),
    (cst.Integer, number_lowered),
    (cst.BinaryOperation, factor_forgotten),
    (cst.BinaryOperation, sides_exchanged),
    (cst.Slice, bound_forgotten),
    (cst.Call, range_shifted),
    (cst.For, loop_ended),
    (cst.If, condition_negated),
    (cst.IfExp, condition_negated),
    (cst.CompIf, condition_negated),
    (cst.While, condition_negated),
    (cst.SimpleStatementLine, one_after_the_other),
    (cst.Assign, in_place),
    (cst.AugAssign, out_of_place),
)
LIBRARY: Operators = tuple(
    (kind, operator)
    for kind, operator in mutators.mutation_operators
    # Students may choose the labels of axes and the texts of errors.
    if operator is not mutators.operator_string
)


@dataclass(frozen=True)
class Changed:
    """A program with one change."""

    function: str
    """The top-level function or class that contains it."""
    line: int
    source: str


def changed(source: str, functions: Collection[str]) -> Iterator[Changed]:
    """Yield the program with each change that an operator can make in the bodies of these functions and classes."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    positions = wrapper.resolve(PositionProvider)
    for definition in wrapper.module.body:
        if isinstance(definition, (cst.FunctionDef, cst.ClassDef)) and definition.name.value in functions:
            # Only this definition is generated: the whole module takes ten times as long.
            before, text, behind = source.partition(wrapper.module.code_for_node(definition))
            assert text, definition.name.value
            for node, new in _changes(definition):
                mutated = definition.deep_replace(node, new)
                assert isinstance(mutated, cst.CSTNode)
                code = wrapper.module.code_for_node(mutated)
                yield Changed(definition.name.value, positions[node].start.line, f"{before}{code}{behind}")


def _changes(definition: cst.FunctionDef | cst.ClassDef) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Yield each node of the bodies with each of its replacements."""
    for function, node in _nodes(definition.body, None if isinstance(definition, cst.ClassDef) else definition):
        for kind, operator in (*LIBRARY, *OWN):
            if isinstance(node, kind):
                yield from ((node, new) for new in operator(node))
        if function is not None and isinstance(node, cst.Name):
            yield from ((node, new) for new in _other_argument(node, function))


def _nodes(node: cst.CSTNode, function: cst.FunctionDef | None) -> Iterator[tuple[cst.FunctionDef | None, cst.CSTNode]]:
    """Yield the nodes of code, without signatures, types, docstrings and keyword names; each with its function."""
    if isinstance(node, cst.FunctionDef):
        yield from _nodes(node.body, node)
        return
    if isinstance(node, (cst.Annotation, cst.Decorator)) or _is_text(node):
        return
    yield function, node
    named = {cst.Attribute: ("attr",), cst.Arg: ("keyword",), cst.Lambda: ("params",), cst.ClassDef: ("name", "bases")}
    left_out = [getattr(node, name) for name in named.get(type(node), ())]
    for child in node.children:
        if not any(child is each for each in left_out):
            yield from _nodes(child, function)


def _is_text(node: cst.CSTNode) -> bool:
    """Whether a statement is a docstring."""
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return False
    statement = node.body[0]
    return isinstance(statement, cst.Expr) and isinstance(
        statement.value, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)
    )


def _other_argument(node: cst.Name, function: cst.FunctionDef) -> Iterator[cst.Name]:
    """Replace an argument by another of the same type: x by y, the weights by the biases."""
    types = {
        param.name.value: cst.Module([]).code_for_node(param.annotation.annotation)
        for param in function.params.params
        if param.annotation is not None
    }
    if node.value in types:
        alike = [name for name, kind in types.items() if kind == types[node.value]]
        other = alike[(alike.index(node.value) + 1) % len(alike)]
        if other != node.value:
            yield node.with_changes(value=other)
