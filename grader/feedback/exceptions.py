"""What to do about the classic errors of torch and of Python: a table of messages with the advice for each.

An advice says at most three things: what happened in this line, why, and what to do. It states what the message and
the line of code prove; anything else it words as a condition or a question.
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from grader.course.model import NUMBERED

PYTHON = ".".join(map(str, sys.version_info[:2]))
"""The version that grades."""

Found = Mapping[str, str]
"""The named groups of both regular expressions; a group that took no part in the match is empty."""


@dataclass(frozen=True)
class Known:
    """An error that has an advice. The first one that matches counts, so special cases come before general ones."""

    types: str
    """The names of its types without their modules, separated by ``|``; empty for any type."""
    message: str
    """A regular expression that matches the beginning of the message."""
    advice: str | Callable[[Found], str]
    """A template with the names of groups in braces, or a function, which may return an empty string."""
    line: str = ""
    """A regular expression that is found in the line of code."""


def advice(error_type: str, message: str, code_line: str) -> str:
    """Return what is behind an exception and what to do about it; empty for one that is not in the table."""
    return _look_up(_KNOWN, error_type, message, code_line)


def out_of_reach(error_type: str, message: str, code_line: str) -> str:
    """Return what the code tried to use that does not exist while it is graded; empty for any other exception."""
    return _look_up(_OUT_OF_REACH, error_type, message, code_line)


def _look_up(table: Iterable[Known], error_type: str, message: str, code_line: str) -> str:
    name = error_type.rpartition(".")[2]
    for known in table:
        if (known.types and name not in known.types.split("|")) or not _may_match(known.message, message):
            continue
        if (said := re.match(known.message, message)) and (line := re.search(known.line, code_line)):
            found = said.groupdict("") | line.groupdict("")
            text = known.advice.format(**found) if isinstance(known.advice, str) else known.advice(found)
            if text:
                return text
    return ""


_PLAIN = re.compile(r"(?:(?:[\w ,:'-]|\\[().])(?![?*+{]))*")


def _may_match(expression: str, message: str) -> bool:
    """Whether a message begins as an expression does; `re` needs 50 ms to compile all those of a common type."""
    plain = _PLAIN.match(expression)
    return plain is None or message.startswith(plain[0].replace("\\", ""))


# ---- Parts of the table ----------------------------------------------------------------------------------------------

_IMPORTS = {
    "torch": "import torch",
    "Tensor": "from torch import Tensor",
    "nn": "from torch import nn",
    "F": "import torch.nn.functional as F",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    **{name: f"import {name}" for name in ("math", "random", "copy", "time", "itertools", "functools", "statistics")},
}
"""By name, the line that is missing where the name is not defined; a notebook may have it in another cell."""

_ELSEWHERE_ONLY = {
    "google": "google.colab exists in Colab only. Delete the lines that use it.",
    "IPython": "IPython exists in notebooks only. Delete the lines that use it.",
}

_COURSE = frozenset({"exercises", "solutions", "lessons"})
_GRADED_ALONE = (
    "Each file is graded alone, without those of other lessons. Copy the function that you need into this file."
)

_DTYPES = {
    "Float": "float32",
    "Double": "float64",
    "Long": "int64",
    "Int": "int32",
    "Bool": "bool",
    "float": "float32",
    "double": "float64",
    "long int": "int64",
    "int": "int32",
}
"""What PyTorch calls a dtype in its messages, and in code."""

_HOMES = {
    **dict.fromkeys(("Linear", "Sequential", "Module", "Parameter", "ReLU", "Tanh", "MSELoss"), "torch.nn"),
    **dict.fromkeys(("mse_loss", "cross_entropy", "one_hot"), "torch.nn.functional"),
    **dict.fromkeys(("SGD", "Adam", "AdamW"), "torch.optim"),
    **dict.fromkeys(("DataLoader", "TensorDataset"), "torch.utils.data"),
}
"""By name, the module of torch that it is in."""


def _missing_import(found: Found) -> str:
    line = _IMPORTS.get(found["name"])
    return f"Is this line missing at the top of your file? {line}" if line else ""


def _missing_module(found: Found) -> str:
    top, _, rest = found["module"].partition(".")
    if top in _COURSE or NUMBERED.fullmatch(top):
        return _GRADED_ALONE
    # Python names the first module that is missing: what precedes a dot is there.
    otherwise = f"{top} has no module of this name." if rest else f"{top} is not installed where this is graded."
    return _ELSEWHERE_ONLY.get(top) or f"{otherwise} {'Check its spelling.' if rest else 'Do without it.'}"


def _newer_python(found: Found) -> str:
    module, name = found["module"], found["name"]
    if module not in sys.stdlib_module_names:
        return ""
    return f"Python {PYTHON} grades here, and its {module} has no {name}: it may have come with a newer one."


def _elsewhere_in_torch(found: Found) -> str:
    home = _HOMES.get(found["name"], found["module"])
    return "" if home == found["module"] else f"`{found['name']}` is in {home}: write {home}.{found['name']}."


def _two_dtypes(found: Found) -> str:
    one, other = (_DTYPES.get(found[side], found[side]) for side in ("one", "other"))
    return (
        f"This operation needs tensors of the same dtype; here they are {one} and {other}. `x.float()` makes float32,"
        " PyTorch's default, and `x.to(w.dtype)` follows another tensor."
    )


def _into_integers(found: Found) -> str:
    one, other = (_DTYPES.get(found[side], found[side]) for side in ("one", "other"))
    return (
        f"This line changes a tensor of dtype {other} in place, which cannot hold the result, of dtype {one}. Create it"
        " with floats (1.0 instead of 1), or write `x = x / 2` instead of `x /= 2`."
    )


def _outside_dimension(found: Found) -> str:
    size, index = int(found["size"]), found["index"]
    limit = f"the lowest index is -{size}" if index.startswith("-") else f"the last index is {size - 1}"
    return (
        f"Index {index} does not exist: dimension {found['dimension']} has size {size}, so"
        f" {limit if size else 'there is nothing to index'}. Check the limits of the loop or slice behind the index."
    )


def _operand(kind: str) -> str:
    """Return the expression for an operator that does not take a type on one of its sides."""
    return rf"unsupported operand type\(s\) for (?P<sign>[^\s:]{{1,4}})[: ].*'{kind}'"


_NO_GRADIENT = (
    "A value here is None. `.grad` is None before backward() and after zero_grad(), and always for a tensor that was"
    " computed, as by `w = w - ...`, or created without requires_grad=True. Check that `loss.backward()` runs before"
    " this line, with its parentheses, and update parameters by `w -= ...` inside `with torch.no_grad():`."
)
_NONE = (
    "A value here is None. Functions without `return` give None, and so do list.append(), list.sort() and print()."
    " Print the values before this line to see which one it is."
)
_NOT_CALLED = "A function is used here in place of its result. Call it with parentheses: `x.mean()`, not `x.mean`."
_CONVERT_LIST = "Make a tensor of it first, with torch.tensor(...), or calculate entry by entry."
_INTO_NUMBER = (
    "float(), int() and the functions of `math` take a tensor with exactly one entry. Reduce it first, with .mean()"
    " or .sum(), or use the function of torch that works on each entry, such as torch.exp."
)
_HAS_NO_DIMENSIONS = (
    "This tensor is a single number: it has no dimensions, so it cannot be indexed or iterated over, and has no"
    " len(). `.item()` gives the number; if it should hold several, print its shape where it is made."
)
_NOT_FLOATING_POINT = (
    "This needs floating-point numbers, and the tensor holds integers, as torch.tensor([1, 2]) and torch.arange(3)"
    " do, or booleans. Write 1.0 instead of 1, pass dtype=torch.float32, or convert it with `.float()`."
)
_TENSOR_METHODS = (
    "mean|sum|std|var|abs|sqrt|square|exp|log|pow|shape|size|dim|ndim|numel|dtype|device|view|reshape|squeeze|"
    "unsqueeze|float|double|long|to|T|t|numpy|tolist|detach|clone|requires_grad|requires_grad_|grad|zero_|backward|"
    "item|max|min|argmax|norm|matmul|dot|data|grad_fn"
)
_CUT_OFF = "backward|grad|detach|zero_|grad_fn|retain_grad"
_CALLABLE = "builtin_function_or_method|function|method|method-wrapper|method_descriptor"
_NUMPY_CALL = r"\b(?:np|numpy)\.(?:mean|sum|prod|std|var|max|min|amax|amin|any|all|cumsum|argmax|argmin|round)\("
_TORCH_NAMES = (
    "tensor|zeros|ones|zeros_like|ones_like|full|arange|linspace|rand|randn|randperm|manual_seed|mean|std|var|stack|"
    "cat|square|where|meshgrid|no_grad|float32|float64|optim"
)
_LAYERS = "Linear|Sequential|ReLU|Sigmoid|Tanh|Softmax|Dropout|BatchNorm1d|Embedding"
_LAZY = "generator|zip|map|filter|enumerate|dict_keys|dict_values|dict_items|list_iterator|reversed"

# ---- The table -------------------------------------------------------------------------------------------------------

_OUT_OF_REACH = (
    Known(
        "EOFError",
        "EOF when reading a line",
        "`input()` waits for the keyboard, and nothing can be typed while a file is graded.",
    ),
    Known(
        "URLError|gaierror|ConnectionError|ConnectionRefusedError",
        "",
        "The network cannot be reached while your file is graded.",
    ),
    Known("FileNotFoundError", "", "Your file is graded in an empty folder of its own."),
    Known("PermissionError", "", "Other files, processes and programs are out of reach while your file is graded."),
    Known(
        "IndexError",
        "list index out of range",
        "`sys.argv` holds the name of your file, and no arguments, while it is graded.",
        r"\bsys\.argv\b",
    ),
)
"""What code cannot use while it is graded, by the exception that it raises; what to do depends on where the line is."""

_NUMPY = (
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\) got an unexpected keyword argument '(?:axis|out|dtype|keepdims|ddof)'",
        "A function of NumPy was called with a tensor here, and passes on arguments that the tensor does not take."
        " Use the function of torch: torch.{name}(x), or `x.{name}()`.",
        _NUMPY_CALL,
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\)(?:: argument 'dim'.* must be int, not NoneType| received an invalid combination)",
        "A function of NumPy was called with a tensor here, and passes on arguments that the tensor does not take."
        " Use the function of torch: torch.{name}(x), or `x.{name}()`.",
        _NUMPY_CALL,
    ),
    Known(
        "TypeError",
        r"unsupported operand type\(s\) for .*(?:'numpy\.ndarray' and 'Tensor'|'Tensor' and 'numpy\.ndarray')",
        "This line mixes a NumPy array and a tensor. Make a tensor of the array: torch.from_numpy(...).",
    ),
    Known(
        "TypeError",
        r"expected np\.ndarray \(got (?P<kind>\w+)\)",
        "torch.from_numpy() takes a NumPy array, and this is of type {kind}. For a list use torch.tensor(...); a"
        " tensor can be used as it is.",
    ),
    Known(
        "ValueError",
        "The truth value of an array with more than one element is ambiguous",
        "`if`, `and`, `or`, `not`, min() and max() need one yes or no, and this NumPy array has several entries."
        " Reduce the comparison with .all() or .any().",
    ),
    Known(
        "ValueError",
        r"operands could not be broadcast together with shapes (?P<shapes>\([0-9, ]*\) \([0-9, ]*\))",
        "Two NumPy arrays of the shapes {shapes} do not fit entry by entry. Print both shapes before this line, and"
        " check where each comes from.",
    ),
    Known(
        "TypeError",
        "only (?:0-dimensional|length-1|size-1) arrays can be converted to Python scalars",
        "float(), int() and the functions of math take one number, and this NumPy array has several entries. Use"
        " NumPy's function of that name, or reduce the array first, with .mean() or .sum().",
    ),
    Known(
        "TypeError",
        r"Cannot interpret '[0-9]+' as a data type",
        "NumPy takes the shape as one tuple: np.zeros((2, 3)), not np.zeros(2, 3).",
    ),
)

_GRADIENTS = (
    Known(
        "RuntimeError",
        "element [0-9]+ of tensors does not require grad",
        "There is nothing to differentiate: this result is not connected to a tensor with requires_grad=True. Compute"
        " the loss from the parameters outside torch.no_grad(), without .item(), .detach(), float() or"
        " torch.tensor(...) in between. Inside torch.no_grad(), update by `w -= ...`: `w = w - ...` makes a tensor"
        " that requires no gradient.",
    ),
    Known(
        "RuntimeError",
        "a (?:view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "This line changes a tensor with requires_grad=True in place while PyTorch records the computation. If it is"
        " the update of a parameter, put it inside `with torch.no_grad():`. Do not replace it by `w = w - ...`: that"
        " makes a new tensor, and its `.grad` stays None.",
    ),
    Known(
        "RuntimeError",
        "Trying to backward through the graph a second time",
        "backward() frees the graph that it goes through, and this loss reaches a part that is freed already. Compute"
        " the prediction and the loss again in each step, and update parameters inside `with torch.no_grad():`, so"
        " that no step reaches back into an earlier one. retain_graph=True only keeps the old graph: use it only to"
        " differentiate the same graph twice on purpose.",
    ),
    Known(
        "RuntimeError",
        "one of the variables needed for gradient computation has been modified by an inplace operation",
        "A tensor that backward() needs was changed in place after it was used: by `+=`, by `x[i] = ...` or by a"
        " method that ends in `_`. Write `y = y + 1` instead of `y += 1`, and update parameters only after"
        " backward(). With retain_graph=True, the loss may be an old one: compute it again in each step.",
    ),
    Known(
        "RuntimeError",
        "grad can be implicitly created only for scalar outputs",
        "backward() starts from a single number, and this tensor does not have exactly one entry. Reduce the errors"
        " to one loss first, with `.mean()` or `.sum()`.",
    ),
    Known(
        "RuntimeError",
        r"Mismatch in shape: grad_output\[",
        "The argument of backward() must have the shape of the tensor that it is called on. A loss is a single number"
        " and needs no argument: `loss.backward()`.",
    ),
    Known(
        "RuntimeError",
        "(?:The|One of the) differentiated Tensors? .*not (?:to )?have been used in the graph",
        "torch.autograd.grad was given a tensor that the loss was not computed from. Compute the loss from that very"
        " tensor, not from a copy or a number made of it. allow_unused=True would only return None for it.",
    ),
    Known(
        "RuntimeError",
        "One of the differentiated Tensors does not require grad",
        "torch.autograd.grad was given a tensor without requires_grad=True. Create it with requires_grad=True, before"
        " the loss is computed from it.",
    ),
    Known(
        "TypeError",
        "'(?:NoneType|Tensor)' object is not callable",
        "`.grad` is an attribute, not a method: read it without parentheses, as in `w.grad`.",
        r"\.grad\(\)",
    ),
    Known("TypeError|AttributeError", r"(?!\w+\(\) received)(?:.*[' ])?NoneType", _NO_GRADIENT, r"\.grad\b(?!\()"),
    Known(
        "AttributeError",
        "'NoneType' object has no attribute '(?:zero_|item|detach|clone|data|mean|norm|numpy)'",
        "A value in this line is None where a tensor is needed. If it is a gradient: `.grad` is None until backward()"
        " has run, and stays None for a tensor that was computed, as by `w = w - ...`. Otherwise, does a function"
        " that it comes from lack its `return`?",
    ),
    Known(
        "UserWarning",
        r"The \.grad attribute of a Tensor that is not a leaf Tensor is being accessed",
        "This tensor was computed from others, so backward() does not store a gradient in it. Read `.grad` of the"
        " tensor that was created with requires_grad=True. `w = w - ...` and `.to(...)` make computed tensors too.",
    ),
    Known(
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "A plot needs NumPy arrays, and PyTorch makes none of a tensor that requires grad. Store `loss.item()` in"
        " each step, and plot `w.detach()` instead of `w`.",
        r"\.(?:plot|scatter|semilogy|semilogx|loglog|bar|step|imshow|contourf?)\(",
    ),
    Known(
        "RuntimeError",
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy records no gradients, so PyTorch does not convert a tensor that requires grad. To compute a loss, use"
        " the functions of torch: torch.mean, torch.sqrt. `.detach().numpy()` cuts the gradient off, so it is right"
        " for printing and plotting only.",
    ),
    Known(
        "RuntimeError",
        "[Oo]nly Tensors of floating point (?:and complex )?dtype can require gradients",
        "A gradient needs a tensor of floating-point numbers, and this one holds integers or booleans. Write"
        " torch.tensor(1.0) instead of torch.tensor(1), or pass dtype=torch.float32.",
    ),
    Known(
        "RuntimeError",
        "you can only change requires_grad flags of leaf variables",
        "This tensor was computed from others, so its requires_grad follows theirs. `.detach()` gives the same values"
        " without their history.",
    ),
    Known(
        "RuntimeError",
        "(?:Output [0-9]+ of .* is a view and is being modified inplace|A view was created in no_grad mode)",
        "This line changes in place a tensor that shares its memory with another one: it is a part of it, as x[0] and"
        " the rows of a loop are. Write `y = y + ...` instead of `y += ...`, or take a copy first: `y ="
        " x[0].clone()`.",
    ),
    Known(
        "RuntimeError",
        "(?:Inplace update to inference tensor|Inference tensors cannot|Setting requires_grad=True on inference)",
        "This tensor was made inside torch.inference_mode(), so no gradient can be computed through it. Use `with"
        " torch.no_grad():` there instead.",
    ),
    Known(
        "RuntimeError|TypeError",
        "(?:attempting to assign a gradient of size|assigned grad)",
        "`.grad` takes only a tensor of the shape of its tensor, or None. To compute gradients yourself, keep them in"
        " variables of your own; to reset one, use `w.grad = None` or `w.grad.zero_()`.",
    ),
)

_NOT_CALLED_OR_NONE = (
    Known(
        "TypeError",
        f"'(?:{_CALLABLE})' object is not iterable",
        "`parameters` is a method: write `model.parameters()`, with its parentheses.",
        r"\.parameters\b(?!\()",
    ),
    Known("AttributeError", f"'(?:{_CALLABLE})' object has no attribute '(?:{_TENSOR_METHODS})'", _NOT_CALLED),
    Known("TypeError", _operand(f"(?:{_CALLABLE})"), _NOT_CALLED),
    Known(
        "TypeError",
        rf"(?:cannot unpack non-iterable (?:{_CALLABLE})|'(?:{_CALLABLE})' object (?:is not iterable|cannot be)"
        rf"|(?:object of type|bad operand type .*|'[<>]=?' not supported .*) '(?:{_CALLABLE})'"
        rf"|.*must be .*not '?(?:{_CALLABLE})'?$)",
        _NOT_CALLED,
    ),
    Known(
        "TypeError",
        _operand("NoneType"),
        "One side of `{sign}` is None. Functions without `return` give None, and so do list.append(), list.sort() and"
        " print(). Print both sides before this line to see which one it is.",
    ),
    Known(
        "TypeError",
        r"(?:'NoneType' object|cannot unpack non-iterable NoneType|type NoneType doesn't|can't assign a NoneType"
        r"|(?:object of type|bad operand type .*|'[<>]=?' not supported .*) 'NoneType'|can only concatenate .*NoneType"
        r"|unsupported format string passed to NoneType|must be real number, not NoneType"
        r"|\w+\(\) argument must be .*'NoneType'|\w+\(\): argument '\w+' .*must be Tensor, not NoneType)",
        _NONE,
    ),
    Known("AttributeError", "'NoneType' object has no attribute", _NONE),
)

_NUMBERS_AND_TENSORS = (
    Known(
        "ValueError",
        "only one element tensors can be converted to Python scalars",
        "torch.tensor([...]) makes a tensor of numbers, not of tensors with several entries. torch.stack([a, b]) puts"
        " those along a new dimension.",
        r"\btorch\.(?:tensor|as_tensor|Tensor|FloatTensor)\(",
    ),
    Known("ValueError", "only one element tensors can be converted to Python scalars", _INTO_NUMBER),
    Known(
        "RuntimeError",
        "a Tensor with 0 elements cannot be converted to Scalar",
        "`.item()` needs a tensor with exactly one entry, and this one is empty. Print its shape where it is made.",
    ),
    Known(
        "RuntimeError",
        "a Tensor with (?P<count>[0-9]+) elements cannot be converted to Scalar",
        "`.item()` needs a tensor with exactly one entry, and this one has {count}. Reduce it first, with .mean() or"
        " .sum(); `.tolist()` gives all entries as a list.",
    ),
    Known(
        "RuntimeError",
        "Boolean value of Tensor with more than one value is ambiguous",
        "{loss}(...) only creates the loss function, and takes options. Call the function that it returns:"
        " `{loss}()(prediction, y)`.",
        r"\b(?P<loss>[A-Z]\w*Loss)\((?!\)|\w+=)",
    ),
    Known(
        "AttributeError",
        "'(?P<loss>[A-Z][A-Za-z0-9]*Loss)' object has no attribute '(?:backward|item|detach|grad)'",
        "{loss}(...) only creates the loss function. Call the function that it returns: `{loss}()(prediction, y)`.",
    ),
    Known(
        "RuntimeError",
        "Boolean value of Tensor with more than one value is ambiguous",
        "`if`, `while`, `and`, `or`, `not`, `in`, min(), max() and sorted() need one yes or no, and a tensor here has"
        " several entries. Reduce the comparison with .all() or .any(). To decide for each entry use"
        " torch.where(...), `&` and `|`, or torch.minimum and torch.maximum.",
    ),
    Known(
        "RuntimeError",
        "Boolean value of Tensor with no values is ambiguous",
        "The tensor in this condition is empty. Check its number of entries instead: `x.numel() == 0`.",
    ),
    Known(
        "TypeError",
        "type Tensor doesn't define __round__ method",
        "round() takes a number. For a tensor with one entry use round(x.item(), 2), else torch.round(x, decimals=2).",
    ),
    Known(
        "TypeError",
        r"type (?P<kind>list|tuple) doesn't define __round__ method",
        "round() takes one number, and this is a {kind}. Round each entry: [round(value, 2) for value in values].",
    ),
    Known(
        "TypeError",
        r"unsupported format string passed to Tensor\.__format__",
        "A format such as :.3f works on a number, and this tensor has at least one dimension. Reduce it to a number"
        " first, with .mean(), .sum() or an index; `.item()` makes a float of a tensor with one entry.",
    ),
    Known(
        "TypeError",
        r"unsupported format string passed to (?P<kind>\w+)\.__format__",
        "A format such as :.3f works on a number, and this value is of type {kind}. Format its numbers one by one, or"
        " leave the format out.",
    ),
    Known(
        "AttributeError",
        "'(?P<kind>float|int)' object has no attribute '(?:item|tolist)'",
        "This value is a Python {kind} already. Leave `.item()` out.",
        r"\.(?:item|tolist)\(",
    ),
    Known(
        "AttributeError",
        "'(?P<kind>float|int)' object has no attribute 'requires_grad_?'",
        "This value is a Python {kind}, and only tensors have gradients. Make a tensor of it: torch.tensor(value,"
        " requires_grad=True).",
    ),
    Known(
        "AttributeError",
        rf"'(?P<kind>float|int|numpy\.float64|numpy\.float32)' object has no attribute '(?P<name>{_CUT_OFF})'",
        "This value is a number, not a tensor, so it has no gradient. `.item()`, float() and the functions of math"
        " and NumPy make plain numbers. Call backward() on the loss while it is a tensor, and take `.item()` of it"
        " later.",
    ),
    Known(
        "AttributeError",
        f"'(?P<kind>float|int|bool)' object has no attribute '(?P<name>{_TENSOR_METHODS})'",
        "A Python {kind} is used here where a tensor is needed: it has no `{name}`. If it should be a tensor, check"
        " for .item(), float(), len() or math functions before this line. A single number needs no .mean() or .sum().",
    ),
    Known(
        "AttributeError",
        f"'(?P<kind>list|tuple)' object has no attribute '(?P<name>{_TENSOR_METHODS})'",
        "A {kind} has no `{name}`; a tensor has. Make a tensor of it with torch.tensor(...), or with torch.stack(...)"
        " if it holds tensors. For plain numbers, sum(values) / len(values) is the mean.",
    ),
    Known(
        "AttributeError",
        "'tuple' object has no attribute '(?P<name>append|extend|insert|pop|remove|sort)'",
        "A tuple cannot be changed. Use a list: [] instead of (), or list(values).",
    ),
    Known(
        "AttributeError",
        "'dict' object has no attribute '(?:append|add|extend)'",
        "A dict has no end to append to. Set an entry with its key: `result[key] = value`.",
    ),
    Known(
        "AttributeError",
        r"'dict' object has no attribute '(?P<name>[a-z]\d?|loss\w*|grad\w*|weights?|bias|\w+_\w+)'",
        'Entries of a dict are read with brackets and quotes. Is `["{name}"]` meant, instead of `.{name}`?',
    ),
    Known(
        "AttributeError",
        rf"'numpy\.ndarray' object has no attribute '(?P<name>{_TENSOR_METHODS})'",
        "This is a NumPy array, not a tensor, so it has no `{name}`. torch.from_numpy(...) makes a tensor of it;"
        " NumPy's functions return arrays, so use those of torch in between.",
    ),
    Known(
        "AttributeError",
        "'Tensor' object has no attribute '(?P<name>append|extend|insert)'",
        "A tensor does not grow. Collect values in a list with append, and make a tensor of the list at the end:"
        " torch.tensor(values) for numbers, torch.stack(values) for tensors.",
    ),
    Known(
        "AttributeError",
        "'Tensor' object has no attribute '(?:len|length|count)'",
        "len(x) is the length of a tensor's first dimension, and `x.numel()` is the number of all its entries.",
    ),
    Known(
        "AttributeError",
        "'Tensor' object has no attribute 'astype'",
        "`astype` is a method of NumPy arrays. Convert a tensor with `.to(torch.float32)`, or `.float()` for short.",
    ),
    Known(
        "AttributeError",
        "'Tensor' object has no attribute 'copy'",
        "`copy` is a method of NumPy arrays and lists. `x.clone()` copies a tensor.",
    ),
    Known(
        "AttributeError",
        r"module 'numpy' has no attribute '(?P<name>float|int|bool|object|complex)'",
        "Newer versions of NumPy have no np.{name}. Write `{name}`.",
    ),
    Known(
        "AttributeError",
        r"'torch\.return_types\.(?P<name>\w+)' object has no attribute",
        "With a dimension, `{name}` returns two tensors: the values and their indices. Write `values, indices = ...`,"
        " or take `.values`.",
    ),
    Known(
        "TypeError",
        r"unsupported operand type\(s\) for .*'torch\.return_types\.(?P<name>\w+)'",
        "With a dimension, `{name}` returns two tensors: the values and their indices. Write `values, indices = ...`,"
        " or take `.values`.",
    ),
    Known(
        "ValueError",
        "x and y must have same first dimension, but have shapes (?P<one>[(0-9, )]+) and (?P<other>[(0-9, )]+)",
        "A plot needs as many x values as y values, and they have the shapes {one} and {other}. Print the lengths of"
        " both before this line.",
    ),
)

_SHAPES = (
    Known(
        "RuntimeError",
        r"The size of tensor a \((?P<a>[0-9]+)\) must match the size of tensor b \((?P<b>[0-9]+)\) at non-singleton"
        r" dimension (?P<dimension>[0-9]+)",
        "The two tensors do not fit entry by entry: at dimension {dimension} of the result, one has size {a} and the"
        " other {b}, and neither is 1. Print both shapes before this line, and check where they come from.",
    ),
    Known(
        "RuntimeError",
        r"(?:\w+: )?mat1 and mat2 shapes cannot be multiplied \(1x(?P<columns>[0-9]+) and 1x[0-9]+\)",
        "A matrix product needs as many columns on the left as rows on the right; here there are {columns} and 1. If"
        " x is a vector of {columns} examples with one feature each, it needs shape ({columns}, 1): `x.unsqueeze(1)`.",
    ),
    Known(
        "RuntimeError",
        r"(?:\w+: )?mat1 and mat2 shapes cannot be multiplied \([0-9]+x(?P<columns>[0-9]+) and (?P<rows>[0-9]+)x",
        "A matrix product needs as many columns on the left as rows on the right; here there are {columns} and"
        " {rows}. Print both shapes, then transpose one side (`.T`) or reshape it.",
    ),
    Known(
        "RuntimeError",
        r"size mismatch, got input \([0-9]+\), mat \([0-9]+x(?P<columns>[0-9]+)\), vec \((?P<rows>[0-9]+)\)",
        "A matrix times a vector needs as many columns as the vector has entries; here there are {columns} and"
        " {rows}. Print both shapes; `X.T` swaps rows and columns.",
    ),
    Known(
        "RuntimeError",
        r"inconsistent tensor size, expected tensor \[(?P<one>[0-9]+)\] and src \[(?P<other>[0-9]+)\]",
        "The product of two vectors needs equal lengths; here they have {one} and {other} entries. Print both shapes"
        " before this line.",
    ),
    Known(
        "RuntimeError",
        r"1D tensors expected, but got (?P<one>[0-9]+)D and (?P<other>[0-9]+)D tensors",
        "torch.dot takes two vectors, and here it gets tensors of {one} and {other} dimensions. Use `@` with a"
        " matrix, or (a * b).sum() for the sum over all entries.",
    ),
    Known(
        "RuntimeError",
        r"both arguments to (?:matmul|linear) need to be at least 1D",
        "A matrix product needs vectors or matrices, and one side here is a single number. Use `*` for numbers;"
        " nn.Linear takes an input of shape (N, features).",
    ),
    Known(
        "TypeError",
        r"unsupported operand type\(s\) for @=?: '(?:Tensor' and '(?:float|int)|(?:float|int)' and 'Tensor)'",
        "`@` is the matrix product, and one side here is a number. Use `*`.",
    ),
    Known(
        "RuntimeError",
        r"(?:(?:mm: )?(?:self|mat2) must be a matrix|batch1 must be a 3D tensor)",
        "torch.mm takes two matrices, and torch.bmm two batches of matrices. `@` takes vectors as well.",
    ),
    Known(
        "RuntimeError",
        r"stack expects each tensor to be equal size, but got (?P<one>\[[0-9, ]*\]) at entry 0 and"
        r" (?P<other>\[[0-9, ]*\]) at entry (?P<entry>[0-9]+)",
        "torch.stack needs tensors of one shape, and entry 0 has shape {one} where entry {entry} has {other}. To join"
        " pieces of different lengths use torch.cat; in a DataLoader, check that all examples have one shape.",
    ),
    Known(
        "TypeError",
        r"(?P<name>stack|cat|concat|hstack|vstack)\(\): argument 'tensors' \(position 1\) must be tuple of Tensors",
        "torch.{name} takes a list of tensors: torch.{name}([a, b]).",
    ),
    Known(
        "TypeError",
        r"expected Tensor as element [0-9]+ in argument 0, but got (?P<kind>\w+)",
        "The list must hold tensors, and this entry is of type {kind}. torch.tensor(values) makes one tensor of a"
        " list of numbers.",
    ),
    Known(
        "RuntimeError|ValueError",
        r"(?:stack expects a non-empty TensorList|torch\.cat\(\): expected a non-empty list of Tensors)",
        "The list of tensors is empty: nothing was added to it before this line. Does the loop that fills it run at"
        " least once?",
    ),
    Known(
        "RuntimeError",
        r"zero-dimensional tensor \(at position [0-9]+\) cannot be concatenated",
        "torch.cat joins tensors along a dimension, and single numbers have none. torch.stack([a, b]) makes a vector"
        " of them.",
    ),
    Known(
        "RuntimeError",
        r"Sizes of tensors must match except in dimension (?P<dimension>[0-9]+)\. Expected size (?P<one>[0-9]+) but got"
        r" size (?P<other>[0-9]+)",
        "torch.cat joins along dimension {dimension}, so all other sizes must be equal; here they are {one} and"
        " {other}. Pass another `dim`, or print the shapes before this line.",
    ),
    Known(
        "_LinAlgError|LinAlgError|RuntimeError",
        r"(?:torch\.)?linalg\.(?P<name>inv|solve)\w*: .*singular",
        "The matrix in this line is singular, so linalg.{name} has no result. Print it: two equal rows or columns make"
        " a matrix singular, and so does one of zeros.",
    ),
    Known(
        "NotImplementedError",
        r'"\w+" not implemented for \'Complex(?:Float|Double)\'',
        "Complex numbers have no order, so there is no largest one, and this line compares some. The eigenvalues of a"
        " symmetric matrix are real: torch.linalg.eigvalsh returns them in ascending order.",
        r"max|min|sort|<|>",
    ),
    Known(
        "RuntimeError",
        r"Tensors must have same number of dimensions: got (?P<one>[0-9]+) and (?P<other>[0-9]+)",
        "torch.cat joins tensors of the same number of dimensions; here one has {one} and another has {other}."
        " `x.flatten()` makes a vector of a tensor, `x[:, None]` a column of a vector.",
    ),
    Known(
        "RuntimeError",
        r"output with shape (?P<one>\[[0-9, ]*\]) doesn't match the broadcast shape (?P<other>\[[0-9, ]*\])",
        "The result has shape {other} and does not fit into the tensor that is changed in place, of shape {one}."
        " Either a shape is not the one you expect, or write `x = x + ...` instead of `x += ...`.",
    ),
    Known(
        "RuntimeError",
        r"(?:expand\(torch\.\w+Tensor|The expanded size of the tensor \([0-9]+\) must match the existing size)",
        "The shape of the values does not fit the shape that they should fill. Print both shapes before this line; a"
        " single entry, as in x[i] = ..., takes a single number.",
    ),
    Known(
        "TypeError",
        r"can't assign a (?P<kind>\w+) to a torch\.\w+Tensor",
        "A tensor takes numbers and tensors, and not a value of type {kind}. Convert it first: torch.tensor(...).",
    ),
    Known(
        "RuntimeError",
        r"shape '(?P<shape>\[[-0-9, ]*\])' is invalid for input of size (?P<size>[0-9]+)",
        "Reshaping keeps the number of entries, and the {size} entries of this tensor do not fill shape {shape}. -1"
        " in a shape is replaced by the size that fits, if there is one.",
    ),
    Known(
        "AttributeError",
        "attribute 'shape' of '[^']*' objects is not writable",
        "The shape of a tensor cannot be assigned. `x = x.reshape(...)` gives the same entries in another shape.",
    ),
    Known(
        "RuntimeError",
        "view size is not compatible with input tensor's size and stride",
        "`view` needs the entries in one piece of memory, and after `.T`, `.t()` or a slice they may not be. Use"
        " `.reshape(...)`.",
    ),
    Known(
        "IndexError|RuntimeError",
        r"index (?P<index>-?[0-9]{1,18}) is out of bounds for (?:dimension|axis) (?P<dimension>[0-9]{1,3}) with size"
        r" (?P<size>[0-9]{1,18})",
        _outside_dimension,
    ),
    Known(
        "IndexError",
        r"too many indices for tensor of dimension (?P<count>[0-9]+)",
        "The brackets hold more indices than the tensor has dimensions ({count}). A tensor of shape (N,) takes one"
        " index, x[i]; print its shape before this line.",
    ),
    Known(
        "IndexError",
        r"Dimension out of range \(expected to be in range of \[(?P<low>-?[0-9]+), (?P<high>-?[0-9]+)\], but got"
        r" (?P<dimension>-?[0-9]+)\)",
        "Dimension {dimension} does not exist: dimensions are counted from 0, and {low} to {high} are valid here."
        " Print the shape: a tensor of shape (N,) has dimension 0 only.",
    ),
    Known(
        "IndexError|TypeError",
        r"(?:invalid index of a 0-dim tensor|slice\(\) cannot be applied to a 0-dim|iteration over a 0-d tensor"
        r"|len\(\) of a 0-d tensor|Dimension specified as -?[0-9]+ but tensor has no dimensions)",
        _HAS_NO_DIMENSIONS,
    ),
    Known(
        "IndexError",
        r"The shape of the mask (?P<mask>\[[0-9, ]*\]) at index [0-9]+ does not match the shape of the indexed tensor"
        r" (?P<shape>\[[0-9, ]*\])",
        "The mask has shape {mask} and the tensor has shape {shape}. A mask needs one True or False for each entry:"
        " make it from the tensor that it selects from.",
    ),
    Known(
        "IndexError",
        "tensors used as indices must be",
        "An index tensor must hold integers or booleans, and this one holds floats. torch.arange and torch.randperm"
        " make integers, `.long()` converts, and `/` makes floats where `//` does not.",
    ),
    Known(
        "IndexError",
        r"only integers, slices .* are valid indices",
        "An index must be an integer, a slice or a mask. `/` always gives a float: use `//`, or int(...).",
    ),
    Known(
        "ValueError",
        "step must be greater than zero",
        "A tensor cannot be sliced backwards. `x.flip(0)` turns the order around.",
    ),
    Known(
        "RuntimeError|IndexError",
        r"(?P<name>\w+)\(\): Expected reduction dim .*(?:numel\(\) == 0|non-zero size)",
        "`{name}` has nothing to choose from: the tensor is empty. Print its shape before this line; does a mask or a"
        " slice leave nothing over?",
    ),
    Known(
        "RuntimeError",
        r"(?:t\(\) expects a tensor with <= 2 dimensions|permute\()",
        "The dimensions named here are not those of the tensor. Print its shape, and use `.transpose(a, b)` to swap"
        " two dimensions.",
    ),
)

_DTYPE_CLASHES = (
    Known(
        "RuntimeError",
        "expected target dtype to be Long",
        "This loss takes class indices as targets, of dtype int64. Convert them with `y.long()`.",
    ),
    Known(
        "RuntimeError",
        r"(?:mat1 and mat2 must have the same dtype, but got|dot : expected both vectors to have same dtype, but found)"
        r" (?P<one>\w+) and (?P<other>\w+)",
        _two_dtypes,
    ),
    Known(
        "RuntimeError",
        r"expected m1 and m2 to have the same dtype, but got: (?P<one>[\w: ]+) != (?P<other>[\w: ]+)",
        _two_dtypes,
    ),
    Known(
        "RuntimeError",
        r"addmv input tensors must have the same dtype, but got (?P<one>\w+), (?P<other>\w+)",
        _two_dtypes,
    ),
    Known("RuntimeError", r"expected scalar type (?P<one>\w+) but found (?P<other>\w+)", _two_dtypes),
    Known("RuntimeError", r"Found dtype (?P<one>\w+) but expected (?P<other>\w+)", _two_dtypes),
    Known("RuntimeError", r"expected dtype (?P<one>\w+) for `\w+` but got dtype (?P<other>\w+)", _two_dtypes),
    Known(
        "RuntimeError|NotImplementedError",
        r"(?:\w+\(\): could not infer output dtype\. Input dtype must be|std and var only support floating point)",
        _NOT_FLOATING_POINT,
    ),
    Known(
        "RuntimeError|NotImplementedError",
        r".*(?:Expected a floating point or complex|must be either float or double dtype)",
        _NOT_FLOATING_POINT,
    ),
    Known(
        "RuntimeError",
        r"result type (?P<one>\w+) can't be cast to the desired output type (?P<other>\w+)",
        _into_integers,
    ),
    Known(
        "RuntimeError|NotImplementedError",
        "(?:Subtraction|Negation), the `-` operator, (?:with|on) (?:a|two) bool tensor",
        "A comparison gives a tensor of True and False, and `-` does not work on those. To calculate with 1 and 0,"
        " convert it with `.float()`; to turn it around, use `~`.",
    ),
    Known(
        "TypeError",
        r"new\(\): invalid data type 'str'",
        "A tensor is indexed with numbers, and here it gets a string. Is it meant to be a dict? Only dicts have keys.",
        r"^(?!.*\b[Tt]ensor\().*\[\s*f?[\"']",
    ),
    Known(
        "TypeError|ValueError",
        r"(?:new\(\): invalid data type 'str'|too many dimensions 'str')",
        "A tensor holds numbers, and here it gets a string. Convert it first with float(...).",
    ),
    Known(
        "RuntimeError",
        "Could not infer dtype of NoneType",
        "torch.tensor(...) takes numbers, and a value here is None. Does the function that it comes from lack its"
        " `return`?",
    ),
    Known(
        "RuntimeError",
        rf"Could not infer dtype of (?P<kind>{_LAZY}|range_iterator)",
        "torch.tensor(...) takes a list of numbers, and this is a {kind}. Make a list of it: torch.tensor(list(...)).",
    ),
    Known(
        "RuntimeError",
        r"Could not infer dtype of (?P<kind>\w+)",
        "torch.tensor(...) takes numbers and lists of numbers, and this is of type {kind}.",
    ),
    Known(
        "ValueError",
        r"expected sequence of length (?P<one>[0-9]+) at dim [0-9]+ \(got (?P<other>[0-9]+)\)",
        "The rows of a tensor must have equal lengths; here they are {one} and {other}. Print the list before this"
        " line.",
    ),
    Known(
        "TypeError",
        r"new\(\): data must be a sequence",
        "torch.Tensor(...) with a capital T takes a list. Use torch.tensor(...), which takes a number as well.",
    ),
    Known(
        "TypeError",
        r"\w+\(\): argument 'dtype' .*must be torch\.dtype, not str",
        "A dtype is written without quotes: dtype=torch.float32.",
    ),
    Known(
        "RuntimeError",
        r"Invalid device string: '(?P<name>float|double|float32|float64|int|long|int64|int32)'",
        "`.to(...)` takes a string for a device only. For a dtype write `.to(torch.float32)`, without quotes.",
    ),
    Known(
        "",
        r"(?s).*(?:no NVIDIA driver|not compiled with CUDA|No CUDA GPUs|'(?:MPS|CUDA)' backend|for mps devices"
        r"|at start of device string)",
        'This is graded without a GPU. Make your tensors on the device "cpu", which is the default.',
    ),
    Known(
        "RuntimeError",
        r"(?:Expected all tensors to be on the same device|Tensor on device \S+ is not on the expected device)",
        "Two tensors in this line are on different devices. Create tensors with device=x.device, or move them with"
        " `.to(x.device)`; without a device, everything is on the CPU.",
    ),
)

_ARGUMENTS = (
    Known(
        "TypeError",
        r"(?P<name>[\w.]+)\.\w+\(\) missing [0-9]+ required positional arguments?: 'self'",
        "The method was called on the class {name}, not on an object of it. Create the object first: `{name}(...)`.",
    ),
    Known(
        "TypeError",
        r"(?P<name>[\w.<>]+)\(\) missing [0-9]+ required (?:positional|keyword-only) arguments?: (?P<names>['\"\w, ]+)",
        "The call of {name}() leaves out {names}. Pass all required arguments, in the order of its definition.",
    ),
    Known(
        "TypeError",
        r"tensor\(\) takes 1 positional argument but",
        "torch.tensor takes one argument. Put several numbers into a list: torch.tensor([1.0, 2.0]).",
    ),
    Known(
        "TypeError",
        r"(?P<name>[\w.<>]+)\(\) takes 0 positional arguments but 1 was given",
        "{name}() takes no arguments, and it gets one. If it is a method, its first parameter must be `self`, which"
        " Python passes by itself.",
    ),
    Known(
        "TypeError",
        r"(?P<name>[A-Z]\w*)\.__init__\(\) takes 1 positional argument but",
        "{name}(...) takes no values: it creates an object. If that is a layer or a loss, create it first and then"
        " call it: `{name}()(x)`.",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+(?:\.\w+)+)\(\) takes (?P<takes>[0-9]+|from [0-9]+ to [0-9]+) positional arguments? but"
        r" (?P<given>[0-9]+) were given",
        "{name}() takes {takes} and gets {given} positional arguments; in a method, `self` is the first. Is `self`"
        " missing in its `def` line, or does the call pass too many?",
    ),
    Known(
        "TypeError",
        r"(?P<name>[\w.<>]+)\(\) takes (?P<takes>[0-9]+|from [0-9]+ to [0-9]+) positional arguments? but"
        r" (?P<given>[0-9]+) (?:was|were) given",
        "{name}() takes {takes} and gets {given} positional arguments. Compare the call with its definition; several"
        " values for one parameter go into a list.",
    ),
    Known(
        "TypeError",
        r"(?P<name>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<keyword>\w+)'",
        "{name}() has no parameter `{keyword}`. Compare the name with its definition or its documentation.",
    ),
    Known(
        "TypeError",
        r"(?P<name>[\w.<>]+)\(\) got multiple values for argument '(?P<keyword>\w+)'",
        "{name}() gets `{keyword}` twice: by its position and by its name. Pass it once.",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\) takes no arguments$",
        "The class {name} takes no arguments. Does it define `__init__`, with two underscores on each side?",
    ),
    Known(
        "TypeError",
        r"(?P<name>[\w.]+)(?:\(\) takes (?:exactly |at most |at least |no )| expected (?:at most |at least )?[0-9]+"
        r" argument)",
        "{name} was called with the wrong number of arguments: the message says how many it takes. Is a comma or a"
        " bracket in the wrong place?",
    ),
    Known(
        "TypeError",
        r"(?P<name>exp|log|sqrt|sin|cos|tan|tanh)\(\): argument 'input' \(position 1\) must be Tensor,"
        r" not (?P<kind>float|int)",
        "torch.{name} takes a tensor, and this value is a Python {kind}. Use math.{name} for a number, or keep the"
        " value a tensor: without .item() or float() before, and with torch.tensor(...) for a constant.",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\): argument '(?P<argument>\w+)'(?: \(position [0-9]+\))?"
        r" must be Tensor, not (?P<kind>[\w.]+)",
        "{name}() takes a tensor as `{argument}`, and this value is of type {kind}. Make a tensor of it, with"
        " torch.tensor(...), or keep it one: .item(), float() and .tolist() make Python values.",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\): argument '(?P<argument>\w+)' .*must be (?:int|tuple of ints),"
        r".*(?:not float|type float|got float)",
        "{name}() takes integers as `{argument}`, and gets a float. `/` always gives a float: use `//`, or int(...).",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\): argument '(?P<argument>\w+)' .*must be tuple of ints, not int",
        "{name}() takes the shape as a tuple: (2,) or (2, 3).",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\): argument '(?P<argument>\w+)' .*must be (?:int|tuple of ints), not (?P<kind>[\w.]+)",
        "{name}() takes integers as `{argument}`, and gets a value of type {kind}. Is an argument missing before it,"
        " or are two of them exchanged?",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\): argument '(?P<argument>\w+)' .*must be bool, not (?P<kind>[\w.]+)",
        "{name}() takes True or False as `{argument}`, and gets a value of type {kind}. Are two arguments exchanged?",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\): argument '(?P<argument>\w+)' .*must be Number, not (?P<kind>[\w.]+)",
        "{name}() takes a number as `{argument}`, and this value is of type {kind}.",
    ),
    Known(
        "TypeError",
        r"(?P<name>\w+)\(\) received an invalid combination of arguments - got \((?P<got>[\w.=, ]*)\)",
        "{name}() cannot be called with ({got}). Compare that with the forms in the message: is a list or a number"
        " passed where a tensor is needed, a float where an int is, or a wrong name before `=`?",
    ),
    Known(
        "TypeError",
        r"'(?P<kind>list|tuple|dict|str)' object cannot be interpreted as an integer",
        "range() takes integers, and gets a {kind}. Iterate over the values with `for value in values`, or over the"
        " indices with range(len(values)).",
        r"\brange\(",
    ),
    Known(
        "TypeError",
        r"'float' object cannot be interpreted as an integer",
        "An integer is needed here, and this is a float. `/` always gives a float: use `//`, or int(...).",
    ),
    Known(
        "TypeError",
        r"'(?P<kind>\w+)' object cannot be interpreted as an integer",
        "An integer is needed here, and this value is of type {kind}. len(...) gives the length of a list, and"
        " int(...) converts.",
    ),
    Known(
        "TypeError",
        "only integer tensors of a single element can be converted to an index",
        "range() takes integers, and gets a tensor. Use len(x) for a length, int(x) for a single number, or iterate"
        " over the tensor itself: `for value in x`.",
        r"\brange\(",
    ),
    Known(
        "TypeError",
        "only integer tensors of a single element can be converted to an index",
        "A tensor is used where Python needs an integer: as the index of a list, or in `*` with a list or a string,"
        " which it would repeat. To calculate with a list, or to pick several entries at once, make a tensor of it:"
        " torch.tensor(values).",
    ),
)

_VALUES = (
    Known(
        "TypeError",
        "'Tensor' object is not callable",
        "Parentheses after a value call it as a function, and this value is a tensor. Is a `*` missing before the"
        " parenthesis, should it be an index in [ ], or does a tensor have the name of your function?",
    ),
    Known(
        "TypeError",
        r"'torch\.Size' object is not callable",
        "`.shape` is an attribute, not a method: write x.shape[0], or x.size(0).",
    ),
    Known(
        "TypeError",
        "'bool' object is not callable",
        "`.requires_grad` is a flag. The method that sets it ends in an underscore: `x.requires_grad_()`.",
        r"\.requires_grad\(",
    ),
    Known(
        "TypeError",
        "'module' object is not callable",
        "A module is called as if it were a function. Name the function in it, as in random.random() or"
        " torch.tensor(...).",
    ),
    Known(
        "TypeError",
        "'list' object is not callable",
        "Parentheses after a value call it as a function, and this value is a list. An index needs brackets: x[0]."
        " For layers that are applied one after the other, use nn.Sequential(*layers).",
    ),
    Known(
        "TypeError",
        "'(?P<kind>float|int|tuple|str|dict|bool)' object is not callable",
        "Parentheses after a value call it as a function, and this value is of type {kind}. Is a `*` missing before"
        " the parenthesis, should it be brackets, or does a variable have the name of a function, such as sum or max?",
    ),
    Known(
        "TypeError",
        f"(?:'(?:{_CALLABLE}|type)' object is not subscriptable|type '\\w+' is not subscriptable)",
        "Square brackets follow a function or a class in this line. A call needs parentheses, as in torch.zeros(2);"
        " to index the result of a method, call it first: `x.size()[0]`.",
    ),
    Known(
        "TypeError",
        f"'(?P<kind>{_LAZY})' object is not subscriptable",
        "A {kind} has no indices: it gives its values one after the other. Make a list of it first: list(...)[0].",
    ),
    Known(
        "TypeError",
        "'set' object is not subscriptable",
        "A set has no order, and so no indices. Use a list, or sorted(values)[0].",
    ),
    Known(
        "TypeError",
        "'(?P<kind>float|int|bool)' object is not subscriptable",
        "This value is a single number, of type {kind}, and cannot be indexed. Is there one index too many, or was"
        " the list reduced to a number before this line?",
    ),
    Known(
        "TypeError",
        r"'(?P<kind>\w+)' object is not an iterator",
        "next() takes an iterator, and gets a value of type {kind}. Iterate over it with `for`, or take the first"
        " value with next(iter(...)).",
    ),
    Known(
        "TypeError",
        "'DataLoader' object is not subscriptable",
        "A DataLoader has no indices. Iterate over its batches with `for`, or take the first one with next(iter(...)).",
    ),
    Known(
        "TypeError",
        "can't multiply sequence by non-int of type '(?P<kind>[\\w.]+)'",
        "Multiplying a list, tuple or string repeats it, so the factor must be an integer, and here it is of type"
        " {kind}. To multiply each entry, make a tensor of it: torch.tensor(values) * 2.0.",
    ),
    Known(
        "TypeError",
        'can only concatenate (?P<kind>list|tuple) \\(not "(?P<other>[\\w.]+)"\\)',
        "`+` joins a {kind} only with another {kind}, not with a value of type {other}. To add to each entry, make a"
        " tensor of it; to attach a value to a list, use append.",
    ),
    Known(
        "TypeError",
        'can only concatenate str \\(not "(?P<other>[\\w.]+)"\\)',
        "`+` joins a string only with another string, not with a value of type {other}. Use an f-string, as in"
        ' f"loss: {{loss}}", or print(a, b).',
    ),
    Known(
        "TypeError",
        r"unsupported operand type\(s\) for \+: 'int' and '(?P<kind>list|str|tuple)'",
        "sum() adds each entry to the number 0, which does not work for a {kind}. Sum over numbers, as in sum(value"
        " for row in rows for value in row).",
        r"\bsum\(",
    ),
    Known(
        "TypeError",
        _operand("(?P<kind>list|tuple)"),
        "`{sign}` does not calculate with a {kind}. " + _CONVERT_LIST,
    ),
    Known(
        "TypeError",
        _operand("dict"),
        "`{sign}` does not work on a dict. Calculate with its entries: for key, value in values.items().",
    ),
    Known(
        "TypeError",
        _operand("str"),
        "`{sign}` does not calculate with a string. Convert it to a number first: float(...).",
    ),
    Known(
        "TypeError",
        _operand(f"(?P<kind>{_LAZY}|range)"),
        "`{sign}` does not calculate with a {kind}. Make a tensor of it: torch.tensor(list(...)).",
    ),
    Known(
        "TypeError",
        "'(?P<sign>[<>]=?)' not supported between instances of '(?P<left>[\\w.]+)' and '(?P<right>[\\w.]+)'",
        "`{sign}` cannot compare a value of type {left} with one of type {right}. Compare numbers, or make a tensor"
        " of a list first. min(), max() and sorted() compare too.",
    ),
    Known(
        "TypeError",
        "bad operand type for (?:unary .|abs\\(\\)): '(?P<kind>list|tuple)'",
        "This does not calculate with a {kind}. " + _CONVERT_LIST,
    ),
    Known(
        "TypeError",
        "must be real number, not (?P<kind>list|tuple)",
        "Functions of `math` take one number, and this is a {kind}. Call it for each entry, or use the function of"
        " torch on a tensor.",
        r"\bmath\.",
    ),
    Known(
        "TypeError",
        "must be real number, not (?:list|tuple)",
        "torch.tensor(...) takes numbers, or lists of one length, and this list mixes the two. Print it before this"
        " line.",
        r"\btorch\.(?:tensor|Tensor|as_tensor|FloatTensor)\(",
    ),
    Known(
        "TypeError",
        "must be real number, not (?P<kind>\\w+)",
        "A number is needed here, and this value is of type {kind}. A string becomes a number by float(...).",
    ),
    Known(
        "TypeError",
        r"(?P<name>float|int)\(\) argument must be .*, not '(?P<kind>[\w.]+)'",
        "{name}() converts one number, and this value is of type {kind}. Pick the entry that you need, or convert"
        " each of them.",
    ),
    Known(
        "ValueError",
        r"(?:could not convert string to float|invalid literal for int\(\) with base 10): (?P<text>'[^'\n]{0,40}')",
        "The string {text} does not have the form of such a number. int() takes integers only; for decimals use"
        " float().",
    ),
    Known(
        "ValueError",
        "Unknown format code '(?P<code>\\w)' for object of type '(?P<kind>\\w+)'",
        "The format {code} does not fit a value of type {kind}. Formats such as :.2f are for numbers.",
    ),
    Known(
        "TypeError",
        "list indices must be integers or slices, not tuple",
        "x[i, j] works on tensors. A list of lists is indexed step by step, x[i][j]; or make a tensor of it.",
    ),
    Known(
        "TypeError",
        "(?P<kind>list|tuple) indices must be integers or slices, not str",
        "This value is a {kind}, which is indexed with numbers; only a dict has strings as keys. If it holds dicts,"
        " pick one"
        ' first, as in x[0]["w"].',
    ),
    Known(
        "TypeError",
        "string indices must be integers",
        "This value is a string, which is indexed with integers. Is it a key of a dict? `for key in values` gives the"
        " keys, and `for key, value in values.items()` the values as well.",
    ),
    Known(
        "TypeError",
        "(?:(?:list|tuple) indices must be integers or slices, not float|slice indices must be integers)",
        "An index must be an integer. `/` always gives a float: use `//`, or int(...).",
    ),
    Known(
        "TypeError",
        "(?:list|tuple) indices must be integers or slices, not (?P<kind>\\w+)",
        "An index must be an integer, and this one is of type {kind}. To pick several entries at once, use a tensor"
        " or [values[i] for i in indices].",
    ),
    Known(
        "TypeError",
        "'(?P<kind>tuple|str|range)' object does(?:n't| not) support item (?:assignment|deletion)",
        "A {kind} cannot be changed. Make a list of it first: list(...).",
    ),
    Known(
        "TypeError",
        "'(?P<kind>float|int)' object does not support item assignment",
        "This value is a single number, of type {kind}, and has no entries. Does another line give the name of your"
        " list to a number?",
    ),
    Known(
        "TypeError",
        "(?:unhashable type|cannot use '\\w+' as a \\w+ \\w+ \\(unhashable type): '(?P<kind>list|dict|set|slice)'",
        "A {kind} can be neither the key of a dict nor an entry of a set. Use a tuple, a number or a string instead.",
    ),
)

_LOOPS = (
    Known(
        "TypeError",
        "'(?P<kind>int|float)' object is not iterable",
        "`for` needs something with entries, and gets a single number. To count, write `for i in range(n)`.",
        r"\bfor\b.*\bin [\w.]+\s*(?:[:\])]|$)",
    ),
    Known(
        "TypeError",
        "'(?P<kind>int|float)' object is not iterable",
        "`+=` on a list attaches the entries of another list, and a single number has none. Use append. If the left"
        " side should be a number, print it before this line: it seems to be a list.",
        r"^\s*[\w.]+\s*\+=\s*[\w.]+\s*$",
    ),
    Known(
        "TypeError",
        "'(?P<kind>int|float)' object is not iterable",
        "This needs something with entries, such as a list or a tensor, and gets a single number. sum(), max(),"
        " list() and zip() take lists; to count, use range(n).",
    ),
    Known(
        "TypeError",
        "'[A-Z]\\w*' object is not iterable",
        "An optimizer takes the parameters of a model, not the model. Write `model.parameters()`, with its"
        " parentheses.",
        r"\boptim\.",
    ),
    Known(
        "TypeError",
        "cannot unpack non-iterable (?P<kind>int|float|bool) object",
        "This line unpacks a single number, of type {kind}, into several names. In a loop, `for i, value in"
        " enumerate(values)` and `for x, y in zip(xs, ys)` give pairs.",
    ),
    Known(
        "ValueError",
        r"too many values to unpack \(expected (?P<count>[0-9]+)",
        "There are more values on the right than the {count} names on the left. Name as many as there are, or collect"
        " the rest with *rest. In a loop, do enumerate() or zip() give the tuples that you expect?",
    ),
    Known(
        "ValueError",
        r"not enough values to unpack \(expected (?:at least )?(?P<count>[0-9]+), got (?P<got>[0-9]+)\)",
        "The left side names {count} values, and the right side gives {got}. Print the right side before this line.",
    ),
    Known(
        "IndexError",
        "tuple index out of range",
        "`.shape` has one entry for each dimension of the tensor, and fewer than this index needs. Print the shape; a"
        " tensor of shape (N,) has shape[0] only.",
        r"\.shape\[",
    ),
    Known(
        "IndexError",
        "list assignment index out of range",
        "A list has no place yet at this index: assigning does not make it longer. Use append, or start with [0.0] *"
        " n.",
    ),
    Known(
        "IndexError",
        "(?P<kind>list|tuple|string) index out of range",
        "The index is not smaller than the length: indices begin at 0, so the last one is len(x) - 1. Is the {kind}"
        " empty, or does a loop go one step too far?",
    ),
    Known("IndexError", "pop from empty list", "pop() takes an entry out of a list, and this list is empty."),
    Known(
        "KeyError",
        r"tensor\(",
        "A tensor is used as a key, and a dict finds it only if it is the very same object. Use a number as key:"
        " `.item()`.",
    ),
    Known(
        "KeyError",
        r"(?P<key>'[^'\\\n]{1,40}'|-?[0-9]{1,12})",
        "There is no entry with the key {key}. Print the keys before this line; capital letters count, and so does"
        " the type of a key.",
    ),
    Known(
        "UnboundLocalError",
        "cannot access local variable '(?P<name>\\w+)'",
        "`{name}` has no value yet when this line runs. It is local, because this function assigns it somewhere. Give"
        " it a value before the loop or the `if`; a global variable of that name does not count.",
    ),
    Known(
        "NameError",
        "cannot access free variable '(?P<name>\\w+)'",
        "The inner function reads `{name}` before the outer one has given it a value. Assign it before the call.",
    ),
    Known(
        "ValueError",
        r"zip\(\) argument (?P<one>[0-9]+) is (?P<how>longer|shorter) than arguments? (?P<others>[-0-9]+)",
        "zip(..., strict=True) takes lists of one length, and argument {one} is {how} than those before it. Print the"
        " lengths before this line: does one list miss its last entry, or have one too many?",
    ),
    Known(
        "TypeError",
        f"object of type '(?P<kind>{_LAZY})' has no len\\(\\)",
        "A {kind} does not know its length: it gives its values one after the other. Make a list of it first:"
        " len(list(...)).",
    ),
    Known(
        "TypeError",
        r"object of type '(?P<kind>int|float)' has no len\(\)",
        "len() counts entries, and this is a single number of type {kind}. Pass the list or the tensor that the"
        " number comes from.",
    ),
    Known(
        "RuntimeError",
        "(?P<kind>dictionary|Set) changed size during iteration",
        "The loop adds or removes entries of the dict or set that it iterates over. Iterate over a copy: `for key in"
        " list(values)`.",
    ),
    Known(
        "ValueError",
        r"(?P<name>min|max)\(\) (?:arg is an empty sequence|iterable argument is empty)",
        "{name}() has nothing to choose from: what it gets is empty. Is it filled before this line? `default=...`"
        " gives a value for an empty one.",
    ),
    Known(
        "StopIteration",
        "",
        "next() was called once too often: the iterator is exhausted. A `for` loop stops by itself.",
        r"\bnext\(",
    ),
    Known(
        "RecursionError",
        "",
        "The calls are nested too deep, as when a function calls itself without an end. Does it reach a case that"
        " returns without another call?",
    ),
)

_NUMBERS = (
    Known(
        "ZeroDivisionError",
        r".*negative power",
        "0 cannot be raised to a negative power: that is a division by 0. Check the base before this line.",
    ),
    Known(
        "ZeroDivisionError",
        "",
        "The divisor in this line is 0. Print it before this line: is it the length of an empty list, or a counter"
        " that starts at 0? Treat 0 as a case of its own.",
    ),
    Known(
        "ValueError",
        "(?:math domain error|expected a (?:nonnegative|positive|finite) input|expected a number between)",
        "The function of `math` is not defined for this number: sqrt() takes no negative number, and log() only"
        " positive ones. Print the argument before this line.",
    ),
    Known(
        "OverflowError",
        r"(?:math range error|\(34, |.*int too large to convert to float|Result too large|.*infinity to integer)",
        "The number has become too large for a float. In a training loop the usual reason is that it diverges: check"
        " the sign of the update and the learning rate, and print the first values.",
    ),
    Known(
        "ValueError",
        "cannot convert float NaN to integer",
        "The number is NaN (not a number), as inf - inf and 0 * inf give. Print the values before this line, and look"
        " for the first one that is inf or nan; in a training loop, check the learning rate.",
    ),
    Known(
        "RuntimeError",
        "(?:upper bound and lower bound inconsistent with step sign|step must be nonzero)",
        "torch.arange(start, end, step) goes from start towards end, and this step leads away from it or is 0. Check"
        " the order of the arguments and the sign of the step.",
    ),
    Known(
        "RuntimeError",
        "(?:\\w+: Dimension size must be non-negative|Trying to create tensor with negative dimension)",
        "A size in this line is negative. Print it before this line.",
    ),
    Known(
        "TypeError",
        ".*'complex'",
        "A negative number to the power of a fraction is complex. Print the base before this line.",
        r"\*\*",
    ),
)

_MODELS = (
    Known(
        "TypeError",
        _operand(f"(?P<kind>{_LAYERS})"),
        "{kind}(...) is a layer, and is used here in place of its output. Call it on its input: `layer(x)`.",
    ),
    Known(
        "AttributeError",
        f"'(?P<kind>{_LAYERS})' object has no attribute '(?:{_TENSOR_METHODS})'",
        "{kind}(...) is a layer, and is used here in place of its output. Call it on its input: `layer(x)`.",
    ),
    Known(
        "AttributeError",
        "'(?P<kind>SGD|Adam|AdamW|RMSprop|Adagrad)' object has no attribute 'backward'",
        "backward() is a method of the loss. The optimizer has step() and zero_grad().",
    ),
    Known(
        "TypeError",
        "'type' object does not support the context manager",
        "`torch.{name}` needs its parentheses: `with torch.{name}():`.",
        r"\btorch\.(?P<name>no_grad|enable_grad|inference_mode)\b(?!\()",
    ),
    Known(
        "TypeError",
        "params argument given to the optimizer should be an iterable of Tensors",
        "An optimizer takes a list of parameters. Put a single tensor into one: [w].",
    ),
    Known(
        "ValueError",
        "optimizer got an empty parameter list",
        "The optimizer got no parameters. Are the layers of the model set as attributes in __init__ (self.layer ="
        " nn.Linear(...))? Layers in a plain list are not found: use nn.ModuleList or nn.Sequential.",
    ),
    Known(
        "ValueError",
        "can't optimize a non-leaf Tensor",
        "The optimizer got a tensor that was computed from others. Pass the one that was created with"
        " requires_grad=True, and create it in one step, as in (0.1 * torch.randn(3)).requires_grad_().",
    ),
    Known(
        "TypeError",
        "optimizer can only optimize Tensors, but one of the params is (?P<kind>\\w+)",
        "An optimizer changes tensors, and one parameter here is of type {kind}. Create it as torch.tensor(...,"
        " requires_grad=True).",
    ),
    Known(
        "AttributeError",
        r"cannot assign (?:module|parameters?) before Module\.__init__\(\) call",
        "A module must be set up before it gets layers. Write super().__init__() as the first line of __init__.",
    ),
    Known(
        "NotImplementedError",
        r'Module \[(?P<name>\w+)\] is missing the required "forward" function',
        "Calling a module runs its method `forward`, and {name} has none. Is the name misspelt, or indented into"
        " another method?",
    ),
    Known(
        "TypeError",
        r"cannot assign '[\w.]+' as parameter '(?P<name>\w+)'",
        "`{name}` of a module must stay a parameter. To change its values, write inside `with torch.no_grad():`, as"
        " in layer.{name}.copy_(values).",
    ),
    Known(
        "TypeError",
        r"(?P<kind>[\w.]+) is not a Module subclass",
        "nn.Sequential takes the layers one by one, and here it gets a value of type {kind}. Unpack a list with a"
        " star: nn.Sequential(*layers).",
    ),
    Known(
        "TypeError",
        "Variable data has to be a tensor",
        "`.data` holds a tensor. To set the values of a parameter, write `w.copy_(values)` or `w.fill_(number)`"
        " inside `with torch.no_grad():`.",
    ),
    Known(
        "ValueError",
        r"(?:Using a target size|Target size) \(torch\.Size\((?P<one>\[[0-9, ]*\])\)\).*"
        r"\(torch\.Size\((?P<other>\[[0-9, ]*\])\)\)",
        "Prediction and target need one shape, and the target has {one} where the prediction has {other}. A column of"
        " shape (N, 1) becomes a vector with `.squeeze(1)`.",
    ),
    Known(
        "ValueError",
        r"Expected input batch_size \((?P<one>[0-9]+)\) to match target batch_size \((?P<other>[0-9]+)\)",
        "There are {one} predictions and {other} targets. Take both from the same batch, and keep the first dimension"
        " in every reshape.",
    ),
    Known(
        "IndexError",
        r"Target (?P<target>-?[0-9]+) is out of bounds",
        "{target} is not a class index: those run from 0 to the number of outputs minus 1. Print the smallest and the"
        " largest target.",
    ),
    Known(
        "RuntimeError",
        "0D or 1D target tensor expected",
        "This loss takes one class index for each example, as a vector of shape (N,). Use y.squeeze(1) for a column,"
        " or y.argmax(1) for one-hot targets.",
    ),
    Known(
        "RuntimeError",
        "all elements of input should be between 0 and 1",
        "The binary cross entropy takes probabilities, and a prediction is outside 0 to 1. Apply torch.sigmoid first,"
        " or use nn.BCEWithLogitsLoss.",
    ),
    Known(
        "IndexError",
        "index out of range in self",
        "An index is not smaller than the size of the table that it looks into. Indices begin at 0: compare the"
        " largest one with the number of rows.",
    ),
    Known(
        "AssertionError",
        "Size mismatch between tensors",
        "All tensors of a TensorDataset need the same first dimension: one row for each example. Print their shapes.",
    ),
    Known(
        "ValueError",
        r"batch_size should be a positive integer value, but got batch_size=(?P<size>[\w.-]+)",
        "A DataLoader takes a positive integer as batch_size, and gets {size}.",
    ),
)

_NAMES = (
    Known("NameError", r"name '(?P<name>\w+)' is not defined", _missing_import),
    Known(
        "NameError",
        "name 'get_ipython' is not defined",
        "get_ipython exists in notebooks only. Delete the lines that use it.",
    ),
    Known(
        "NameError",
        "name 'self' is not defined",
        "`self` exists inside a method only, as its first parameter. Is it missing in the `def` line, or is this line"
        " not indented into the method?",
    ),
    Known(
        "NameError",
        "name '(?P<name>sqrt|exp|log|sin|cos|tan|tanh|pi)' is not defined",
        "`{name}` needs its module: torch.{name} for tensors, or math.{name} for plain numbers.",
    ),
    Known(
        "NameError",
        f"name '(?P<name>{_TORCH_NAMES})' is not defined",
        "`{name}` needs its module. Is torch.{name} meant?",
    ),
    Known("ImportError", "attempted relative import", _GRADED_ALONE),
    Known("ModuleNotFoundError", r"No module named '(?P<module>[\w.]+)'", _missing_module),
    Known("ImportError", r"cannot import name '(?P<name>\w+)' from '(?P<module>\w+)'", _newer_python),
    Known("AttributeError", r"module '(?P<module>\w+)' has no attribute '(?P<name>\w+)'", _newer_python),
    Known(
        "AttributeError", r"module '(?P<module>torch(?:\.\w+)*)' has no attribute '(?P<name>\w+)'", _elsewhere_in_torch
    ),
    Known(
        "TypeError",
        "exceptions must derive from BaseException",
        '`raise` takes an exception: raise ValueError("...").',
    ),
    Known(
        "ValueError",
        r"(?:list\.\w+\(x\): x not in list|.{0,100} is not in list|substring not found)",
        "The value is not in the list or the string. Check first: `if value in values`.",
    ),
)

_DEBUGGER = (
    Known(
        "BdbQuit",
        "",
        "The debugger waits for commands, and nothing can be typed while a file is graded, so it quits. Stop there in"
        " `grade repl`, where `breakpoint()` works, or print the values: the report shows what is printed.",
    ),
)
_KNOWN = (
    *_DEBUGGER,
    *_NUMPY,
    *_GRADIENTS,
    *_NOT_CALLED_OR_NONE,
    *_NUMBERS_AND_TENSORS,
    *_SHAPES,
    *_DTYPE_CLASHES,
    *_MODELS,
    *_NUMBERS,
    *_ARGUMENTS,
    *_LOOPS,
    *_VALUES,
    *_NAMES,
)
