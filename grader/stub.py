"""The stub that a student fills, derived from the solution."""

import ast


def derive_stub(solution: str) -> str:
    """Return the solution with the body of every public function replaced by a TODO.

    Imports, signatures, types, docstrings, private functions and the ``__main__`` block stay as they are.
    """
    lines = solution.splitlines(keepends=True)
    functions = [function for node in ast.parse(solution).body for function in _public_functions(node)]
    for function, name in reversed(functions):
        docstring_ends = function.body[0].end_lineno or function.lineno
        indent = " " * function.body[0].col_offset
        lines[docstring_ends : function.end_lineno] = [f'{indent}raise NotImplementedError("TODO: {name}")\n']
    return "".join(lines)


def _public_functions(node: ast.stmt) -> list[tuple[ast.FunctionDef, str]]:
    if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
        return [(node, node.name)]
    if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
        methods = [method for method in node.body if isinstance(method, ast.FunctionDef)]
        return [(method, f"{node.name}.{method.name}") for method in methods if ast.get_docstring(method)]
    return []
