"""fans must count how many numbers an output adds up, and how many outputs an input takes part in."""

import math
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st

from grader.authoring import StudentFunction, assert_close, variant

Shape = tuple[int, ...]

few = st.integers(1, 6)
linear = st.tuples(few, few)
kernels = st.lists(st.integers(1, 4), max_size=3).map(tuple)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Draw the shape of a linear layer or of a convolution in up to three dimensions."""
    return *draw(linear), *draw(kernels)


@given(shape=linear)
@example(shape=(4, 3))
@example(shape=(1, 5))
def test_linear(fans: StudentFunction, shape: Shape) -> None:
    """A linear layer of shape (out, in) has the fan-in in and the fan-out out.

    A row of the weight belongs to an output: it has an entry for each input that the output adds up.
    """
    returned, (n_out, n_in) = fans(shape), shape
    assert_close(
        returned, (n_in, n_out), tolerance=0, says=f"A weight of shape {shape} has {n_in} inputs, {n_out} outputs."
    )


@given(shape=shapes())
@example(shape=(2, 3, 4))
@example(shape=(2, 3, 2, 5))
def test_all_weights(fans: StudentFunction, shape: Shape) -> None:
    """fan_in times the number of outputs is the number of all entries, and so is fan_out times the number of inputs.

    Every entry of the weight belongs to one output channel and to one input channel.
    """
    returned, entries = fans(shape), math.prod(shape)
    products = (returned[0] * shape[0], returned[1] * shape[1])
    says = f"A weight of shape {shape} has {entries} entries; your fans times out and in are {products}."
    assert_close(products, (entries, entries), tolerance=0, says=says)


@given(shape=shapes())
@example(shape=(2, 3))
@example(shape=(2, 5, 3))
def test_exchanged(fans: StudentFunction, shape: Shape) -> None:
    """With in and out exchanged in the shape, the two fans are exchanged.

    The kernel belongs to both of them.
    """
    there, back = fans(shape), fans((shape[1], shape[0], *shape[2:]))
    says = f"{shape} gives {tuple(there)}, and with in and out exchanged {tuple(back)}."
    assert_close(back, (there[1], there[0]), tolerance=0, says=says)


def _counted(shape: Shape) -> tuple[int, int]:
    """Count the fans with a convolution of ones: in an output, and in the gradient of an input, far from borders."""
    dims = len(shape) - 2
    convolve: Any = (torch.nn.functional.conv1d, torch.nn.functional.conv2d)[dims - 1]
    side = 2 * max(shape[2:]) + 1
    image = torch.ones(1, shape[1], *[side] * dims, requires_grad=True)
    output = convolve(image, torch.ones(shape))
    output.sum().backward()
    assert image.grad is not None
    return int(output[0, 0].max()), int(image.grad[0, 0].max())


@given(shape=st.one_of(st.tuples(few, few, few), st.tuples(few, few, few, few)))
@example(shape=(2, 3, 4))
@example(shape=(2, 3, 3, 2))
def test_convolution_of_ones(fans: StudentFunction, shape: Shape) -> None:
    """A convolution of ones with an image of ones gives fan_in, and sends fan_out back to an input.

    Each output adds up fan_in ones. Each input, if it is not at the border, takes part in fan_out outputs, and each of
    them sends back a 1. Both are counted with torch's convolution here.
    """
    returned, counted = fans(shape), _counted(shape)
    says = f"A convolution of ones of shape {shape} adds up {counted[0]} ones, and sends back {counted[1]}."
    assert_close(returned, counted, tolerance=0, says=says)


# Right answers in other styles


@variant
def from_torch(shape: Shape) -> tuple[int, int]:
    """What torch.nn.init uses itself."""
    fan_in, fan_out = torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    return fan_in, fan_out


@variant
def loop(shape: Shape) -> list[int]:
    """A loop over the kernel; the result is a list."""
    fan_out, fan_in, *kernel = shape
    for side in kernel:
        fan_in *= side
        fan_out *= side
    return [fan_in, fan_out]


@variant
def by_division(shape: Shape) -> tuple[int, int]:
    """The number of all entries, divided."""
    entries = torch.zeros(shape).numel()
    return entries // shape[0], entries // shape[1]


@variant
def float32(shape: Shape) -> tuple[int, int]:
    """A weight of float32 ones that are added up."""
    ones = torch.ones(shape, dtype=torch.float32)
    return int(ones[0].sum()), int(ones[:, 0].sum().item())
