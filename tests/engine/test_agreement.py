"""Two values agree or not whatever they are compared with: Python's numbers, or tensors."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from grader.engine import agreement
from grader.engine.agreement import close, is_finite

NUMBERS = st.floats(width=32) | st.sampled_from([0.0, 1.0, 1.00009, 1.0002, 1e-7, 3e-7])
DTYPES = st.sampled_from(
    [torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128]
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    size, shape = draw(st.sampled_from([(0, (0, 2)), (1, ()), (2, (2,)), (4, (2, 2))]))
    numbers = st.lists(NUMBERS, min_size=size, max_size=size)
    one = draw(numbers)
    two = draw(numbers | st.just(one))
    mine, wanted = (torch.tensor(each, dtype=torch.float64).to(draw(DTYPES)).reshape(shape) for each in (one, two))
    return mine, wanted


@settings(max_examples=300, deadline=None)
@given(pair=pairs())
def test_few_numbers_are_compared_as_many_are(pair: tuple[Tensor, Tensor]) -> None:
    by_python = close(*pair), is_finite(pair[0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agreement, "few_numbers", lambda _: None)
        # Tensors of one width, as Python's numbers are.
        wide = [each.to(torch.complex128 if each.is_complex() else torch.float64) for each in pair]
        by_torch = close(wide[0], wide[1]), is_finite(pair[0])

    assert by_python == by_torch
