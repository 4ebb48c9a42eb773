"""What several exercises of the lesson use."""

import math

import torch
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import largest, numbers


def tensors(shape: tuple[int, ...]) -> st.SearchStrategy[Tensor]:
    """Draw float32 tensors of this shape; their entries are multiples of 1/8, so that sums of products are exact."""
    size = math.prod(shape)
    return st.lists(numbers(), min_size=size, max_size=size).map(lambda values: torch.tensor(values).reshape(shape))


def product_size(first: Tensor, second: Tensor) -> float:
    """Return the natural size of a sum of products: the sum itself may be 0."""
    return 1 + largest(first) * largest(second)
