"""What several exercises of the lesson use."""

import math
from collections.abc import Callable

from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import matrices, numbers, row, vectors

NAMES = ("relu", "sigmoid", "tanh", "swish", "softplus", "gelu")
LIKE_RELU = ("relu", "swish", "softplus", "gelu")
"""The activations that go to z on the right and to 0 on the left."""

# No entry is the opposite of another one, and none is 0.
Z = row(-3.25, -1.5, -0.25, 0.5, 2.0, 4.5)
TABLE = Z.reshape(2, 3)
HUGE = row(-1000.0, -100.0, -50.0, 60.0, 90.0, 1000.0)
names = st.sampled_from(NAMES)
inputs = vectors() | matrices()
huge_inputs = st.lists(numbers(-1000, 1000), min_size=1, max_size=4).map(lambda values: row(*values))


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


PLAIN: dict[str, Callable[[float], float]] = {
    "relu": lambda z: max(z, 0.0),
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
    "swish": lambda z: z * _sigmoid(z),
    "softplus": lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))),
    "gelu": lambda z: z * math.erfc(-z / math.sqrt(2)) / 2,
}
"""The activations in plain Python, for one number."""


def plain(function: Callable[[float], float], z: Tensor) -> Tensor:
    """Return a function of one number, applied to every entry, in float64."""
    return z.double().apply_(function)
