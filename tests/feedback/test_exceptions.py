"""Each advice belongs to an exception that torch or Python really raises; unknown ones get none."""

import builtins
import functools
import re
import sys
import time
import warnings
from types import TracebackType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.feedback import exceptions
from grader.feedback.exceptions import PYTHON, advice, out_of_reach

SETUP = """
import copy, math, random, sys, warnings
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
x = torch.tensor([1.0, 2.0, 3.0])
y = torch.tensor([2.0, 4.0, 6.0])
w = torch.tensor(2.0, requires_grad=True)
v = torch.tensor([1.0, 2.0], requires_grad=True)
lr = 0.1
"""

GRADIENTS = {
    "loss = ((x - y) ** 2).mean()\nloss.backward()": "There is nothing to differentiate",
    "with torch.no_grad():\n    loss = (w - 1) ** 2\nloss.backward()": "outside torch.no_grad()",
    "w -= lr": "put it inside `with torch.no_grad():`",
    "v[0] = 1.0": "put it inside `with torch.no_grad():`",
    "loss = (w * w).sum()\nloss.backward()\nloss.backward()": "retain_graph=True only keeps the old graph",
    "e = v.exp()\ne += 1\ne.sum().backward()": "Write `y = y + 1` instead of `y += 1`",
    "loss = (w * w) ** 2\nloss.backward(retain_graph=True)\nwith torch.no_grad():\n    w -= lr\nloss.backward()": (
        "With retain_graph=True, the loss may be an old one"
    ),
    "(v * v).backward()": "Reduce the errors to one loss first, with `.mean()`",
    "(v * v).sum().backward(torch.ones(3))": "needs no argument: `loss.backward()`",
    "torch.autograd.grad((w * w).sum(), v)": "allow_unused=True would only return None",
    "torch.autograd.grad(w * w, torch.tensor(1.0))": "Create it with requires_grad=True, before the loss",
    "w.grad()": "`.grad` is an attribute, not a method",
    "w - lr * w.grad": "`.grad` is None before backward()",
    "with torch.no_grad():\n    w -= w.grad": "`.grad` is None before backward()",
    "w.grad.zero_()": "`.grad` is None before backward()",
    "w.grad.item()": "Check that `loss.backward()` runs before this line",
    "w.sub_(w.grad)": "`.grad` is None before backward()",
    "g = w.grad\ng.zero_()": "If it is a gradient: `.grad` is None until backward() has run",
    "with warnings.catch_warnings():\n    warnings.simplefilter('error')\n    (w * 2).grad": (
        "backward() does not store a gradient in it"
    ),
    "plt.plot([w, w])": "Store `loss.item()` in each step",
    "np.sqrt(v)": "`.detach().numpy()` cuts the gradient off",
    "v.numpy()": "use the functions of torch: torch.mean",
    "torch.tensor([1, 2], requires_grad=True)": "Write torch.tensor(1.0) instead of torch.tensor(1)",
    "torch.arange(3).requires_grad_()": "holds integers or booleans",
    "u = v * 2\nu.requires_grad = False": "`.detach()` gives the same values without their history",
    "a, b = (v * 1).unbind()\na += 1": "shares its memory with another one",
    "with torch.no_grad():\n    a = v[0]\na.mul_(w)": "shares its memory with another one",
    "with torch.inference_mode():\n    a = torch.ones(2)\na += 1": "Use `with torch.no_grad():` there instead",
    "with torch.inference_mode():\n    a = torch.ones(2)\n(a * v).sum().backward()": "inference_mode()",
    "v.grad = torch.ones(3)": "keep them in variables of your own",
    "v.grad = 1.0": "`.grad` takes only a tensor of the shape of its tensor",
}

NOT_CALLED_OR_NONE = {
    "torch.optim.SGD(nn.Linear(1, 1).parameters, lr=lr)": "write `model.parameters()`",
    "x.mean.item()": "A function is used here in place of its result",
    "x.mean * 2": "Call it with parentheses",
    "2.0 - x.mean": "Call it with parentheses",
    "float(x.mean)": "Call it with parentheses",
    "len(x.tolist)": "Call it with parentheses",
    "for value in x.tolist:\n    pass": "Call it with parentheses",
    "range(x.numel)": "Call it with parentheses",
    "-x.mean": "Call it with parentheses",
    "x.mean < 1": "Call it with parentheses",
    "a, b = x.tolist": "Call it with parentheses",
    "def f(a):\n    a * 2\nf(1) + 1": "One side of `+` is None",
    "a = [1].append(2)\na[0]": "Functions without `return` give None",
    "a = [2, 1].sort()\nfor value in a:\n    pass": "list.sort()",
    "a, b = print(1)": "A value here is None",
    "len(None)": "A value here is None",
    "torch.mean(None)": "A value here is None",
    "[1] + None": "A value here is None",
    "None < 1": "A value here is None",
    "x[0] = None": "A value here is None",
    "None()": "A value here is None",
    "[1].append(2).append(3)": "list.append()",
}

NUMBERS_AND_TENSORS = {
    "torch.tensor([x, y])": "torch.stack([a, b]) puts those along a new dimension",
    "float(x)": "Reduce it first, with .mean() or .sum()",
    "math.exp(x)": "the function of torch that works on each entry",
    "torch.ones(0).item()": "this one is empty",
    "x.item()": "`.item()` needs a tensor with exactly one entry, and this one has 3",
    "nn.MSELoss(x, y)": "`MSELoss()(prediction, y)`",
    "nn.MSELoss(x[0], y[0]).backward()": "MSELoss(...) only creates the loss function",
    "if x > 0:\n    pass": "Reduce the comparison with .all() or .any()",
    "max(x, y)": "torch.minimum and torch.maximum",
    "if torch.ones(0):\n    pass": "x.numel() == 0",
    "round(x, 2)": "torch.round(x, decimals=2)",
    "round([1.0], 2)": "Round each entry",
    "f'{x:.3f}'": "this tensor has at least one dimension",
    "f'{[1.0]:.3f}'": "this value is of type list",
    "(1.0).item()": "This value is a Python float already",
    "lr.requires_grad_()": "Make a tensor of it: torch.tensor(value, requires_grad=True)",
    "(1.0).backward()": "take `.item()` of it later",
    "np.float64(1.0).backward()": "take `.item()` of it later",
    "(1.0).mean()": "A single number needs no .mean() or .sum()",
    "nn.MSELoss()(x, 2.0)": "A Python float is used here where a tensor is needed: it has no `size`",
    "[1.0, 2.0].mean()": "A list has no `mean`; a tensor has",
    "(1.0, 2.0).append(3.0)": "A tuple cannot be changed",
    "{}.append(1)": "A dict has no end to append to",
    "{'w': 1}.w": '`["w"]` meant, instead of `.w`?',
    "x.append(1.0)": "torch.stack(values) for tensors",
    "x.length()": "`x.numel()` is the number of all its entries",
    "x.astype(float)": "`.float()` for short",
    "x.copy()": "`x.clone()` copies a tensor",
    "torch.max(x, 0).item()": "`max` returns two tensors",
    "torch.max(x, 0) - 1": "take `.values`",
    "plt.plot([1, 2, 3], [1, 2])": "A plot needs as many x values as y values, and they have the shapes (3,) and (2,)",
}

NUMPY = {
    "np.ones(2).unsqueeze(0)": "This is a NumPy array, not a tensor",
    "np.float(1)": "Newer versions of NumPy have no np.float",
    "np.mean(x)": "torch.mean(x), or `x.mean()`",
    "np.std(x)": "torch.std(x), or `x.std()`",
    "w.grad = torch.tensor(1.0)\nnp.std(w.grad)": "torch.std(x), or `x.std()`",
    "np.max(x)": "torch.max(x), or `x.max()`",
    "np.ones(3) * x": "This line mixes a NumPy array and a tensor",
    "torch.from_numpy([1.0])": "For a list use torch.tensor(...)",
    "if np.ones(2) > 0:\n    pass": "this NumPy array has several entries",
    "np.ones(2) + np.ones(3)": "Two NumPy arrays of the shapes (2,) (3,)",
    "float(np.ones(2))": "this NumPy array has several entries",
    "np.zeros(2, 3)": "np.zeros((2, 3)), not np.zeros(2, 3)",
}

SHAPES = {
    "torch.ones(2) + torch.ones(3)": "at dimension 0 of the result, one has size 2 and the other 3",
    "nn.Linear(1, 1)(x)": "it needs shape (3, 1): `x.unsqueeze(1)`",
    "torch.ones(2, 3) @ torch.ones(2, 3)": "as many columns on the left as rows on the right; here there are 3 and 2",
    "torch.ones(2, 3) @ torch.ones(2)": "as many columns as the vector has entries; here there are 3 and 2",
    "torch.ones(2) @ torch.ones(3)": "needs equal lengths; here they have 2 and 3 entries",
    "torch.dot(torch.ones(2, 2), torch.ones(2))": "torch.dot takes two vectors",
    "w @ x": "one side here is a single number",
    "x @ 2.0": "`@` is the matrix product, and one side here is a number",
    "torch.mm(x, torch.ones(3, 3))": "torch.mm takes two matrices",
    "torch.stack([x, torch.ones(2)])": "entry 0 has shape [3] where entry 1 has [2]",
    "torch.stack(x)": "torch.stack takes a list of tensors",
    "torch.stack([1.0, 2.0])": "this entry is of type float",
    "torch.stack([])": "The list of tensors is empty",
    "torch.cat([])": "The list of tensors is empty",
    "torch.cat([w, w])": "torch.stack([a, b]) makes a vector of them",
    "torch.cat([torch.ones(2), torch.ones(2, 1)])": "here one has 1 and another has 2",
    "torch.cat([torch.ones(2, 2), torch.ones(3, 3)])": "all other sizes must be equal; here they are 2 and 3",
    "x += torch.ones(2, 3)": "write `x = x + ...` instead of `x += ...`",
    "x[0] = y": "a single entry, as in x[i] = ..., takes a single number",
    "x[:] = torch.ones(2)": "does not fit the shape that they should fill",
    "x[:] = [1.0, 2.0, 3.0]": "not a value of type list",
    "x.reshape(2, 2)": "the 3 entries of this tensor do not fill shape [2, 2]",
    "x.shape = (3, 1)": "`x = x.reshape(...)` gives the same entries",
    "torch.ones(2, 3).T.view(6)": "Use `.reshape(...)`",
    "x[3]": "Index 3 does not exist: dimension 0 has size 3, so the last index is 2",
    "x[-4]": "so the lowest index is -3",
    "torch.ones(0)[0]": "there is nothing to index",
    "x[:, 0]": "more indices than the tensor has dimensions (1)",
    "x.mean(dim=1)": "Dimension 1 does not exist: dimensions are counted from 0",
    "w[0]": "This tensor is a single number",
    "len(w)": "This tensor is a single number",
    "for value in w:\n    pass": "This tensor is a single number",
    "for a, b in x:\n    pass": "This tensor is a single number",
    "x[torch.ones(2) > 0]": "The mask has shape [2] and the tensor has shape [3]",
    "x[y]": "An index tensor must hold integers or booleans",
    "x[1.0]": "An index must be an integer, a slice or a mask",
    "x[::-1]": "`x.flip(0)` turns the order around",
    "torch.ones(0).max()": "the tensor is empty",
    "torch.ones(2, 2, 2).t()": "Print its shape, and use `.transpose(a, b)`",
}

DTYPES = {
    "F.cross_entropy(torch.ones(2, 3), torch.ones(2))": "Convert them with `y.long()`",
    "nn.Linear(3, 1)(x.double())": "here they are float64 and float32",
    "torch.ones(2, 2).long() @ torch.ones(2, 2)": "here they are int64 and float32",
    "torch.ones(2, 2) @ torch.ones(2).double()": "This operation needs tensors of the same dtype",
    "torch.ones(2, 1, 2).double() @ torch.ones(2, 2, 1)": "here they are float64 and float32",
    "torch.dot(x, x.double())": "here they are float32 and float64",
    "F.binary_cross_entropy(torch.ones(2), torch.ones(2).long())": "here they are int64 and float32",
    "torch.lerp(x, x.double(), 0.5)": "here they are float32 and float64",
    "torch.arange(3).mean()": "Write 1.0 instead of 1",
    "torch.arange(3).std()": "Write 1.0 instead of 1",
    "torch.arange(3).norm()": "Write 1.0 instead of 1",
    "a = torch.arange(3)\na /= 2": "This line changes a tensor of dtype int64 in place",
    "(x > 1) - (x > 2)": "convert it with `.float()`",
    "x['w']": "Only dicts have keys",
    "torch.tensor('1.5')": "A tensor holds numbers, and here it gets a string",
    "torch.tensor(['1.5'])": "A tensor holds numbers, and here it gets a string",
    "torch.tensor([None])": "lack its `return`?",
    "torch.tensor(value for value in [1.0])": "torch.tensor(list(...))",
    "torch.tensor({})": "this is of type dict",
    "torch.tensor([[1.0], [2.0, 3.0]])": "The rows of a tensor must have equal lengths; here they are 1 and 2",
    "torch.tensor([1.0, [2.0]])": "this list mixes the two",
    "torch.Tensor(1.5)": "Use torch.tensor(...), which takes a number as well",
    "torch.ones(2, dtype='float32')": "A dtype is written without quotes",
    "x.to('float64')": "For a dtype write `.to(torch.float32)`",
    "x.to('gpu')": "This is graded without a GPU",
    "torch.ones(3, device='meta') + x": "Two tensors in this line are on different devices",
}

MODELS = {
    "nn.Linear(1, 1) * 2": "Linear(...) is a layer, and is used here in place of its output",
    "nn.ReLU().mean()": "Call it on its input",
    "torch.optim.SGD([w], lr=lr).backward()": "backward() is a method of the loss",
    "with torch.no_grad:\n    pass": "`with torch.no_grad():`",
    "torch.optim.SGD(w, lr=lr)": "Put a single tensor into one: [w]",
    "torch.optim.SGD([], lr=lr)": "use nn.ModuleList or nn.Sequential",
    "torch.optim.SGD([w * 2], lr=lr)": "Pass the one that was created with requires_grad=True",
    "torch.optim.SGD([1.0], lr=lr)": "one parameter here is of type float",
    "torch.optim.SGD(nn.Linear(1, 1), lr=lr)": "An optimizer takes the parameters of a model",
    "class M(nn.Module):\n    def __init__(self):\n        self.a = nn.Linear(1, 1)\nM()": "super().__init__()",
    "class M(nn.Module):\n    pass\nM()(x)": "Calling a module runs its method `forward`, and M has none",
    "nn.Linear(1, 1).weight = x": "as in layer.weight.copy_(values)",
    "nn.Sequential([nn.Linear(1, 1)])": "nn.Sequential(*layers)",
    "w.data = 1.0": "`w.fill_(number)`",
    "F.binary_cross_entropy(torch.ones(2, 1), torch.ones(2))": "the target has [2] where the prediction has [2, 1]",
    "nn.BCEWithLogitsLoss()(torch.ones(2), torch.ones(2, 1))": "`.squeeze(1)`",
    "F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 1, 2]))": "There are 2 predictions and 3 targets",
    "F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 5]))": "5 is not a class index",
    "F.cross_entropy(torch.ones(2, 3), torch.ones(2, 1).long())": "y.squeeze(1) for a column",
    "F.binary_cross_entropy(torch.tensor([1.5]), torch.ones(1))": "Apply torch.sigmoid first",
    "nn.Embedding(3, 2)(torch.tensor([5]))": "compare the largest one with the number of rows",
    "TensorDataset(torch.ones(2), torch.ones(3))": "need the same first dimension",
    "DataLoader([1.0], batch_size=0)": "a positive integer as batch_size, and gets 0",
}

ARGUMENTS = {
    "class A:\n    def f(self):\n        pass\nA.f()": "Create the object first: `A(...)`",
    "def f(a, b):\n    pass\nf(1)": "The call of f() leaves out 'b'",
    "nn.Linear(1)": "leaves out 'out_features'",
    "torch.tensor(1.0, 2.0)": "Put several numbers into a list",
    "class A:\n    def f():\n        pass\nA().f()": "its first parameter must be `self`",
    "nn.Sigmoid(x)": "create it first and then call it: `Sigmoid()(x)`",
    "class A:\n    def f(a):\n        pass\nA().f(1)": "Is `self` missing in its `def` line",
    "def f(a):\n    pass\nf(1, 2)": "f() takes 1 and gets 2 positional arguments",
    "def f(a):\n    pass\nf(b=1)": "f() has no parameter `b`",
    "def f(a):\n    pass\nf(1, a=1)": "f() gets `a` twice",
    "class A:\n    pass\nA(1)": "Does it define `__init__`",
    "len([1], [2])": "len was called with the wrong number of arguments",
    "[].append(1, 2)": "the message says how many it takes",
    "torch.exp(1.0)": "Use math.exp for a number",
    "torch.mean([1.0])": "mean() takes a tensor as `input`, and this value is of type list",
    "torch.zeros(4 / 2)": "zeros() takes integers as `size`, and gets a float",
    "torch.full(2, 1.0)": "full() takes the shape as a tuple",
    "torch.diff(torch.ones(3), prepend=0.0)": "diff() takes a tensor as `prepend`, and this value is of type float",
    "torch.ones(2).sum(0, keepdim=2.0)": "sum() takes True or False as `keepdim`, and gets a value of type float",
    "torch.linalg.inv(torch.zeros(2, 2))": "The matrix in this line is singular, so linalg.inv has no result",
    "torch.linalg.solve(torch.ones(2, 2), torch.ones(2))": "singular, so linalg.solve has no result",
    "torch.linalg.eigvals(torch.eye(2)).max()": "torch.linalg.eigvalsh returns them in ascending order",
    "torch.zeros('2')": "and gets a value of type str",
    "torch.arange('2')": "arange() takes a number as `end`",
    "torch.linspace(0, 1, 2.5)": "linspace() cannot be called with (int, int, float)",
    "range([1, 2])": "range() takes integers, and gets a list",
    "range(10 / 2)": "`/` always gives a float: use `//`",
    "math.factorial([1])": "An integer is needed here, and this value is of type list",
    "range(x)": "iterate over the tensor itself: `for value in x`",
    "x * [1.0, 2.0, 3.0]": "or in `*` with a list or a string",
    "[1, 2, 3][torch.tensor([0, 1])]": "make a tensor of it: torch.tensor(values)",
}

VALUES = {
    "w(x - 1)": "Is a `*` missing before the parenthesis",
    "x.shape(0)": "write x.shape[0], or x.size(0)",
    "x.requires_grad()": "`x.requires_grad_()`",
    "random()": "A module is called as if it were a function",
    "[nn.ReLU()](x)": "nn.Sequential(*layers)",
    "lr(2)": "this value is of type float",
    "torch.zeros[2]": "Square brackets follow a function or a class in this line",
    "x.size[0]": "`x.size()[0]`",
    "range[3]": "Square brackets follow a function or a class in this line",
    "zip([1], [2])[0]": "A zip has no indices",
    "{1}[0]": "A set has no order",
    "lr[0]": "This value is a single number, of type float, and cannot be indexed",
    "next([1])": "next() takes an iterator, and gets a value of type list",
    "DataLoader([1.0])[0]": "A DataLoader has no indices",
    "[1, 2] * 0.5": "To multiply each entry, make a tensor of it",
    "[1] + 1.0": "`+` joins a list only with another list",
    "'loss: ' + 1.0": 'f"loss: {loss}"',
    "sum([[1.0], [2.0]])": "sum() adds each entry to the number 0, which does not work for a list",
    "[1, 2] - 1.0": "`-` does not calculate with a list",
    "x + (1.0, 2.0, 3.0)": "`+` does not calculate with a tuple",
    "{} * 2": "Calculate with its entries",
    "x - '1'": "`-` does not calculate with a string",
    "x * range(3)": "`*` does not calculate with a range",
    "[1, 2] > 0": "`>` cannot compare a value of type list with one of type int",
    "-[1.0]": "This does not calculate with a list",
    "math.sqrt([1.0])": "Functions of `math` take one number, and this is a list",
    "math.sqrt('1')": "A number is needed here, and this value is of type str",
    "float([1.0])": "float() converts one number, and this value is of type list",
    "int('1.5')": "The string '1.5' does not have the form of such a number",
    "f'{\"a\":.2f}'": "The format f does not fit a value of type str",
    "[[1, 2]][0, 1]": "indexed step by step, x[i][j]",
    "[1, 2]['w']": "This value is a list, which is indexed with numbers",
    "'ab'['w']": "This value is a string",
    "[1, 2][1.0]": "An index must be an integer. `/` always gives a float",
    "x[:1.5]": "An index must be an integer. `/` always gives a float",
    "[1, 2][[0, 1]]": "this one is of type list",
    "a = (1, 2)\na[0] = 3": "A tuple cannot be changed. Make a list of it first",
    "lr[0] = 1": "This value is a single number, of type float, and has no entries",
    "{[1]: 2}": "A list can be neither the key of a dict nor an entry of a set",
}

LOOPS = {
    "for i in len([1]):\n    pass": "This needs something with entries",
    "n = 3\nfor i in n:\n    pass": "To count, write `for i in range(n)`",
    "losses = []\nlosses += lr": "Use append",
    "sum(lr)": "and gets a single number",
    "for i, value in [1, 2]:\n    pass": "This line unpacks a single number, of type int, into several names",
    "a, b = [1, 2, 3]": "There are more values on the right than the 2 names on the left",
    "a, b = [1]": "The left side names 2 values, and the right side gives 1",
    "x.shape[1]": "a tensor of shape (N,) has shape[0] only",
    "a = []\na[0] = 1": "assigning does not make it longer",
    "[1][1]": "indices begin at 0, so the last one is len(x) - 1",
    "[].pop()": "this list is empty",
    "{}[torch.tensor(1.0)]": "A tensor is used as a key",
    "{'w': 1}['W']": "There is no entry with the key 'W'",
    "def f():\n    total += 1\nf()": "`total` has no value yet when this line runs",
    "def f():\n    def g():\n        return a\n    g()\n    a = 1\nf()": "The inner function reads `a`",
    "list(zip([1], [1, 2], strict=True))": "argument 2 is longer than those before it",
    "len(value for value in [1])": "A generator does not know its length",
    "len(lr)": "len() counts entries, and this is a single number of type float",
    "d = {1: 1}\nfor key in d:\n    d[key + 1] = 1": "`for key in list(values)`",
    "max([])": "max() has nothing to choose from",
    "next(iter([]))": "the iterator is exhausted",
    "def f():\n    return f()\nf()": "The calls are nested too deep",
}

NUMBERS = {
    "0.0 ** -1": "0 cannot be raised to a negative power",
    "1 / 0": "The divisor in this line is 0",
    "1.0 % 0": "The divisor in this line is 0",
    "math.sqrt(-1.0)": "sqrt() takes no negative number",
    "math.log(0)": "log() only positive ones",
    "math.exp(1000)": "In a training loop the usual reason is that it diverges",
    "10.0 ** 1000": "The number has become too large for a float",
    "int(float('inf'))": "The number has become too large for a float",
    "round(float('nan'))": "The number is NaN",
    "torch.arange(1, 0)": "this step leads away from it or is 0",
    "torch.zeros(-1)": "A size in this line is negative",
    "(-8) ** 0.5 < 1": "A negative number to the power of a fraction is complex",
}

NAMES = {
    "itertools.count()": "Is this line missing at the top of your file? import itertools",
    "get_ipython()": "get_ipython exists in notebooks only",
    "self.a": "`self` exists inside a method only",
    "sqrt(2)": "torch.sqrt for tensors, or math.sqrt for plain numbers",
    "mean(x)": "Is torch.mean meant?",
    "from . import other": "Each file is graded alone",
    "import m1_2_linear_regression": "Each file is graded alone",
    "import google.colab.drive": "google.colab exists in Colab only",
    "import tensorflow.keras": "tensorflow is not installed where this is graded",
    "import torch.optimizers": "torch has no module of this name. Check its spelling.",
    "from itertools import batched_anew": f"Python {PYTHON} grades here, and its itertools has no batched_anew",
    "math.sumproduct": f"Python {PYTHON} grades here, and its math has no sumproduct",
    "torch.DataLoader": "write torch.utils.data.DataLoader",
    "raise 'no'": "`raise` takes an exception",
    "[1].index(2)": "`if value in values`",
}

CASES = {
    **GRADIENTS,
    **NOT_CALLED_OR_NONE,
    **NUMBERS_AND_TENSORS,
    **NUMPY,
    **SHAPES,
    **DTYPES,
    **MODELS,
    **ARGUMENTS,
    **VALUES,
    **LOOPS,
    **NUMBERS,
    **NAMES,
}

OUT_OF_REACH = {
    "open('data.csv')": "an empty folder of its own",
    "raise PermissionError": "out of reach while your file is graded",
    "raise EOFError('EOF when reading a line')": "nothing can be typed",
    "from urllib.error import URLError; raise URLError('no')": "The network cannot be reached",
    "sys.argv[99]": "`sys.argv` holds the name of your file, and no arguments",
}

CASES["import bdb\nraise bdb.BdbQuit"] = "Stop there in `grade repl`"
UNKNOWN = [
    "raise ValueError('w must be positive')",
    "raise RuntimeError",
    "raise KeyError",
    "assert False",
    "def f():\n    pass\nf.counter += 1",
    "class Mine(Exception):\n    pass\nraise Mine('math domain error')",
    "nn.Linear(1, 1).forwrd(x)",
    "undefined_name",
    "torch.no_such_function",
    "'abc'.no_such_method()",
]


@functools.cache
def raised(code: str) -> tuple[str, str, str]:
    """Return the type, the message and the line of the exception that a piece of code really raises."""
    namespace: dict[str, object] = {"__name__": "case", "__package__": ""}
    exec(SETUP, namespace)
    # Python warns of some of these mistakes before it raises.
    with warnings.catch_warnings(action="ignore"), pytest.raises(Exception) as caught:  # noqa: PT011
        exec(compile(code, "<case>", "exec"), namespace)
    kind = type(caught.value)
    module = "" if kind.__module__ == builtins.__name__ else f"{kind.__module__}."
    return f"{module}{kind.__qualname__}", str(caught.value), line_of(caught.value.__traceback__, code)


def line_of(traceback: TracebackType | None, code: str) -> str:
    """Return the innermost line of a piece of code that a traceback goes through."""
    number = 1
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<case>":
            number = traceback.tb_lineno
        traceback = traceback.tb_next
    return code.split("\n")[number - 1].strip()


def used(error_type: str, message: str, line: str) -> exceptions.Known:
    """Return the entry of the table that an advice comes from."""
    return next(known for known in exceptions._KNOWN if exceptions._look_up([known], error_type, message, line))


@pytest.mark.parametrize(("code", "phrase"), CASES.items(), ids=CASES)
def test_an_exception_that_is_raised_gets_its_advice(code: str, phrase: str) -> None:
    assert phrase in advice(*raised(code))


@pytest.mark.parametrize(("code", "phrase"), OUT_OF_REACH.items(), ids=OUT_OF_REACH)
def test_what_is_out_of_reach_is_told(code: str, phrase: str) -> None:
    assert phrase in out_of_reach(*raised(code))


@pytest.mark.parametrize("code", UNKNOWN)
def test_an_unknown_error_gets_no_advice(code: str) -> None:
    assert advice(*raised(code)) == ""
    assert out_of_reach(*raised(code)) == ""


def test_every_entry_is_raised_by_some_case() -> None:
    entries = {used(*raised(code)) for code in CASES}

    assert [known.message for known in exceptions._KNOWN if known not in entries] == []


@pytest.mark.parametrize("code", CASES)
def test_an_advice_is_at_most_three_short_sentences(code: str) -> None:
    text = advice(*raised(code))

    assert len(re.findall(r"[.?](?: (?=[A-Z`a-z])|$)", re.sub(r"`[^`]*`|\([^)]*\)", "x", text))) <= 3
    assert len(text) <= 420
    assert text[-1] in ".?)" or "import" in text


def test_no_message_has_alternatives_outside_of_a_group() -> None:
    """They would begin in several ways, and `_may_match` compares one beginning."""
    for known in exceptions._KNOWN + exceptions._OUT_OF_REACH:
        outside, before = known.message, ""
        while outside != before:
            outside, before = re.sub(r"\\.|\[[^]]*\]|\([^()]*\)", "", outside), outside
        assert "|" not in outside, known.message


MESSAGES = st.sampled_from([raised(code)[1] for code in (*GRADIENTS, *SHAPES, *ARGUMENTS, *NAMES)])
NAMES_OF_TYPES = sorted({name for known in exceptions._KNOWN for name in known.types.split("|")})


@st.composite
def near_messages(draw: st.DrawFn) -> str:
    """Draw a message of torch or Python in which a piece has been replaced."""
    message = draw(MESSAGES)
    begin = draw(st.integers(0, len(message)))
    return message[:begin] + draw(st.text(max_size=20)) + message[begin + draw(st.integers(0, 20)) :]


@given(
    st.sampled_from(NAMES_OF_TYPES) | st.text(), near_messages() | st.text(), st.text() | st.sampled_from(sorted(CASES))
)
def test_no_text_makes_it_raise(error_type: str, message: str, line: str) -> None:
    assert isinstance(advice(error_type, message, line), str)
    assert isinstance(out_of_reach(error_type, message, line), str)


@pytest.mark.parametrize("unit", ["'", "a", "1", ", ", "(", "[0, ", " 'NoneType'", "must be ", "torch."])
@pytest.mark.parametrize(
    "begin", ["", "unsupported operand type(s) for ", "f() missing 1 required positional argument: "]
)
def test_no_expression_takes_long_on_a_long_text(begin: str, unit: str) -> None:
    before = time.process_time()
    for name in NAMES_OF_TYPES:
        advice(name, begin + unit * 2000, unit * 200)

    assert time.process_time() - before < 2.0


def test_what_an_advice_quotes_stays_on_its_line() -> None:
    text = advice("KeyError", "'a\n22 of 22 points'", "")

    assert "\n" not in text


def test_the_names_of_types_may_have_modules() -> None:
    assert "network" in out_of_reach("urllib.error.URLError", "<urlopen error>", "")
    assert sys.version_info[:2] == tuple(map(int, PYTHON.split(".")))
