"""Six losses determine a bowl: its curvature H, its lowest point, and how low it is."""

from collections.abc import Callable

import numpy as np
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor

from grader.authoring import (
    PARAM32,
    StudentFunction,
    assert_close,
    largest,
    numbers,
    predict,
    row,
    variant,
)

from .shared import Data, loss_of

Bowl = tuple[Tensor, Tensor, float]
"""H of shape (2, 2), the bottom (w, b) of shape (2,), and the lowest loss."""

# In each of these places the six equations lose less than two digits.
PLACES = (
    [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 1.0]],
    [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 2.0]],
    [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [0.0, 0.0], [0.0, 1.0]],
    [[-1.0, 0.0], [2.0, 1.0], [0.0, 2.0], [1.0, -2.0], [-2.0, -1.0], [1.0, 1.0]],
)
SMALL = 2.0**-8
TINY = 2.0**-12


@st.composite
def _six_points(draw: st.DrawFn) -> Tensor:
    """Draw six points in general position, in any order."""
    place = draw(st.permutations(draw(st.sampled_from(PLACES))))
    return torch.tensor(place) + row(draw(numbers(-1, 1)), draw(numbers(-1, 1)))


@st.composite
def _bowls(draw: st.DrawFn) -> Bowl:
    """Draw a bowl that is neither flat nor much longer than wide."""
    along_w, along_b = draw(st.sampled_from([1.0, 2.0, 4.0, 8.0])), draw(st.sampled_from([0.5, 1.0, 2.0, 4.0]))
    # With half of the smaller one, the matrix of some mistakes would have no inverse.
    lean = draw(st.sampled_from([-0.375, -0.25, 0.0, 0.25, 0.375])) * min(along_w, along_b)
    H = torch.tensor([[along_w, lean], [lean, along_b]])
    return H, row(draw(numbers(-2, 2)), draw(numbers(-2, 2))), draw(numbers(0, 4))


@st.composite
def _lines(draw: st.DrawFn) -> Data:
    """Draw the data of a line; the inputs neither coincide nor lie far from 0."""
    x = draw(st.sampled_from([row(-1, 1), row(0, 2), row(-2, 1), row(-1, 0, 1, 2), row(0, 0, 1, 3), row(-2, 0, 0, 1)]))
    return x, row(*(draw(numbers(-4, 4)) for _ in x))


POINTS = torch.tensor(PLACES[3]) + row(0.5, -0.25)
# Nothing in it is 0, 1 or 2, and no two mistakes agree on it.
BOWL = (torch.tensor([[8.0, 2.0], [2.0, 4.0]]), row(0.625, -1.125), 0.75)


def _losses_of(bowl: Bowl, points: Tensor) -> Tensor:
    """Return the losses of some points, shape (n,), multiplied out by hand."""
    (ww, wb), (_, bb) = bowl[0].tolist()
    w, b = (points - bowl[1]).T
    losses: Tensor = bowl[2] + 0.5 * (ww * w * w + 2 * wb * w * b + bb * b * b)
    return losses


def _sizes(points: Tensor, losses: Tensor, bottom: Tensor) -> tuple[float, float, float]:
    """Return the natural sizes of H, of the bottom and of the lowest loss; the points are 1 or so apart."""
    return largest(losses), 1 + largest(points) + largest(bottom), largest(losses)


@given(bowl=_bowls(), points=_six_points())
@example(bowl=BOWL, points=POINTS)
def test_second_derivatives(bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor) -> None:
    """H is the matrix of the second derivatives of the bowl: twice w, once w and once b, twice b.

    Six losses of a known bowl are given, so its matrix is known.
    """
    losses = _losses_of(bowl, points)
    H, _, _ = bowl_from_losses(points, losses)
    says = "H is not the matrix of the second derivatives of the bowl."
    assert_close(H, bowl[0], tolerance=PARAM32, scale=largest(losses), says=says)


@given(bowl=_bowls(), points=_six_points())
@example(bowl=BOWL, points=POINTS)
def test_bottom(bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor) -> None:
    """The bottom is the point where both slopes are 0, the weight first; it is rarely one of the six.

    Six losses of a known bowl are given, so its lowest point is known.
    """
    losses = _losses_of(bowl, points)
    _, bottom, _ = bowl_from_losses(points, losses)
    size = _sizes(points, losses, bowl[1])[1]
    assert_close(bottom, bowl[1], tolerance=PARAM32, scale=size, says="The bottom is not the lowest point of the bowl.")


@given(bowl=_bowls(), points=_six_points())
@example(bowl=BOWL, points=POINTS)
def test_lowest_loss(bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor) -> None:
    """The last number is the loss at the bottom: no point of the bowl is lower.

    Six losses of a known bowl are given, so its lowest loss is known.
    """
    losses = _losses_of(bowl, points)
    _, _, lowest = bowl_from_losses(points, losses)
    says = "The last number is not the loss at the bottom."
    assert_close(lowest, bowl[2], tolerance=PARAM32, scale=largest(losses), says=says)


@given(bowl=_bowls(), points=_six_points(), other=st.tuples(numbers(-2, 2), numbers(-2, 2)))
@example(bowl=BOWL, points=POINTS, other=(-0.5, 1.5))
def test_a_seventh_loss(
    bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor, other: tuple[float, float]
) -> None:
    """Six losses tell every other one: lowest + 0.5 * d @ H @ d is the loss of any point bottom + d.

    A quadratic function of two variables has six numbers in it, so whatever fits six points in general position fits
    everywhere.
    """
    losses, seventh = _losses_of(bowl, points), row(*other)
    found = bowl_from_losses(points, losses)
    expected = float(_losses_of(bowl, seventh[None])[0])
    says = f"At w = {other[0]}, b = {other[1]}, the result does not give the loss of the bowl."
    size = largest(losses) * _sizes(points, losses, bowl[1])[1] ** 2
    assert_close(float(_losses_of(found, seventh[None])[0]), expected, tolerance=PARAM32, scale=size, says=says)


@given(data=_lines(), points=_six_points())
@example(data=(row(-1, 0, 1, 2), row(1.5, -2.0, 3.0, 0.5)), points=POINTS)
def test_losses_of_a_line(bowl_from_losses: StudentFunction, data: Data, points: Tensor) -> None:
    """From six losses of a line: H holds 2 * mean(x**2), 2 * mean(x) and 2, and the bottom is the best line.

    H depends on the inputs alone. So the losses of six lines tell the mean of the inputs, the mean of their squares,
    and the line that fits the data best, and the data themselves are not needed.
    """
    x, y = data
    losses = row(*(loss_of(x, y, w, b) for w, b in points.tolist()))
    mean = float(x.mean())
    H = torch.tensor([[2 * float((x * x).mean()), 2 * mean], [2 * mean, 2.0]])
    best_w = float(((x - mean) * y).mean() / ((x - mean) ** 2).mean())
    bottom = row(best_w, float(y.mean()) - best_w * mean)
    expected = (H, bottom, loss_of(x, y, *bottom.tolist()))
    says = "The losses are those of a line, and the result is not its bowl."
    assert_close(
        bowl_from_losses(points, losses), expected, tolerance=PARAM32, scale=_sizes(points, losses, bottom), says=says
    )


@given(bowl=_bowls(), points=_six_points(), order=st.permutations(range(6)))
@example(bowl=BOWL, points=POINTS, order=[3, 0, 5, 1, 4, 2])
def test_any_order(bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor, order: list[int]) -> None:
    """The order of the six points does not matter: each loss is one equation.

    Equations may be written in any order; their solution stays the same.
    """
    losses = _losses_of(bowl, points)
    before, after = bowl_from_losses(points, losses), bowl_from_losses(points[order], losses[order])
    sizes = _sizes(points, losses, bowl[1])
    says = "With the six points in another order, the result changes."
    assert_close(after, before, tolerance=PARAM32, scale=sizes, says=says)


@given(bowl=_bowls(), points=_six_points(), w_shift=numbers(-1, 1), b_shift=numbers(-1, 1))
@example(bowl=BOWL, points=POINTS, w_shift=0.75, b_shift=-0.5)
def test_bowl_moved(
    bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor, w_shift: float, b_shift: float
) -> None:
    """With all six points moved and the losses kept, the bottom moves with them; H and the lowest loss stay.

    It is the same bowl at another place of the map.
    """
    losses, shift = _losses_of(bowl, points), row(w_shift, b_shift)
    H, bottom, lowest = bowl_from_losses(points, losses)
    moved = bowl_from_losses(points + shift, losses)
    sizes = _sizes(points.abs() + 1, losses, bowl[1].abs() + 1)
    says = f"With the points moved by ({w_shift}, {b_shift}), the result is not the same bowl, moved as far."
    assert_close(moved, (H, bottom + shift, lowest), tolerance=PARAM32, scale=sizes, says=says)


@given(bowl=_bowls(), points=_six_points())
@example(bowl=BOWL, points=POINTS)
def test_weight_and_bias_exchanged(bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor) -> None:
    """With the two columns of points exchanged, so are the rows and columns of H and the entries of the bottom.

    The two parameters have equal rights: nothing but their place says which of them is the weight.
    """
    losses = _losses_of(bowl, points)
    H, bottom, lowest = bowl_from_losses(points, losses)
    exchanged = bowl_from_losses(points.flip(1), losses)
    says = "With w and b exchanged in the points, the result is not the same bowl with w and b exchanged."
    expected = (H.flip(0, 1), bottom.flip(0), lowest)
    sizes = _sizes(points, losses, bowl[1])
    assert_close(exchanged, expected, tolerance=PARAM32, scale=sizes, says=says)


@given(bowl=_bowls(), points=_six_points(), unit=st.sampled_from([SMALL, TINY, 16.0]))
@example(bowl=BOWL, points=POINTS, unit=SMALL)
@example(bowl=BOWL, points=POINTS, unit=TINY)
def test_losses_in_another_unit(bowl_from_losses: StudentFunction, bowl: Bowl, points: Tensor, unit: float) -> None:
    """With all losses s times as large, H and the lowest loss are s times as large, and the bottom stays.

    Steep or flat, the bowl has its bottom at the same place, and small numbers come out as exact as large ones.
    """
    losses = _losses_of(bowl, points)
    sizes = _sizes(points, unit * losses, bowl[1])
    says = f"With all losses multiplied by {unit}, the result is not ({unit} * H, the same bottom, {unit} * lowest)."
    expected = (unit * bowl[0], bowl[1], unit * bowl[2])
    assert_close(bowl_from_losses(points, unit * losses), expected, tolerance=PARAM32, scale=sizes, says=says)


@predict(
    answer="H and the bottom change; the lowest loss stays.",
    because="The same lines are possible as before, and the best of them fits as well. But their biases are read at"
    " another place, which moves the bottom, and H holds the mean of x.",
    otherwise={
        "The bottom changes; H and the lowest loss stay.": "H holds mean(x) and mean(x**2), and both grow when the"
        " points move to the right. Moving the points up would change the bottom alone.",
        "All three change.": "Each line before has its partner after, with the same errors: the same slope, read at"
        " another place. So the lowest loss is the same.",
        "Nothing changes: the cloud is the same.": "The cloud fixes the slope of the best line and its loss. But the"
        " bias is a height at x = 0, and that place is now farther from the cloud.",
    },
)
def moved_to_the_right(bowl_from_losses: Callable[[Tensor, Tensor], Bowl]) -> dict[str, Tensor]:
    """You know six losses of a line, and the exercise finds H, the bottom and the lowest loss from them.

    Now all points of the data move 3 to the right, and you take the losses of the same six pairs (w, b) again. Which of
    the three results change?
    """
    x, y = row(-1, 0, 1, 2), row(-1.5, 1.5, 2.5, 5.5)
    points = torch.tensor(PLACES[1])

    def found(shift: float) -> Bowl:
        return bowl_from_losses(points, row(*(loss_of(x + shift, y, w, b) for w, b in points.tolist())))

    (H, bottom, lowest), (other_H, other_bottom, other_lowest) = found(0), found(3)
    assert abs(float(other_H[0, 1] - H[0, 1]) - 6) < 0.01
    assert abs(float(other_bottom[1] - bottom[1]) + 3 * float(bottom[0])) < 0.01
    assert abs(other_lowest - lowest) < 0.01
    shifts = torch.arange(0.0, 3.25, 0.25)
    return {"x moved by": shifts, "H, upper right": torch.stack([found(float(shift))[0][0, 1] for shift in shifts])}


# Right answers in other styles


@variant
def float32(points: Tensor, losses: Tensor) -> Bowl:
    """float32 throughout, with the inverse of the matrix of the equations."""
    w, b = points[:, 0], points[:, 1]
    terms = torch.stack([torch.ones_like(w), w, b, w**2, w * b, b**2]).T
    rest, p, q, ww, wb, bb = torch.linalg.inv(terms) @ losses
    H = torch.stack([torch.stack([2 * ww, wb]), torch.stack([wb, 2 * bb])])
    bottom = -torch.linalg.inv(H) @ torch.stack([p, q])
    return H, bottom, (rest + (p * bottom[0] + q * bottom[1]) / 2).item()


@variant
def least_squares(points: Tensor, losses: Tensor) -> Bowl:
    """lstsq, Cramer's rule for the bottom, and all six terms for the lowest loss."""
    design = torch.cat([points**2, points.prod(dim=1, keepdim=True), points, torch.ones(6, 1)], dim=1)
    a, c, m, p, q, rest = torch.linalg.lstsq(design, losses.unsqueeze(1)).solution.squeeze().tolist()
    det = 4 * a * c - m * m
    w, b = (m * q - 2 * c * p) / det, (m * p - 2 * a * q) / det
    lowest = a * w * w + m * w * b + c * b * b + p * w + q * b + rest
    return torch.tensor([[2 * a, m], [m, 2 * c]]), torch.tensor([w, b]), lowest


@variant
def from_the_mean(points: Tensor, losses: Tensor) -> Bowl:
    """The equations are written for distances from the mean of the six points."""
    centre = points.mean(dim=0)
    dw, db = (points - centre).T
    terms = torch.stack([dw * dw / 2, dw * db, db * db / 2, dw, db, torch.ones(6)], dim=1)
    ww, wb, bb, *slope, height = torch.linalg.solve(terms, losses)
    H = torch.stack([ww, wb, wb, bb]).view(2, 2)
    away = -torch.linalg.solve(H, torch.stack(slope))
    return H, centre + away, float(height + torch.stack(slope) @ away / 2)


@variant
def second_derivatives_by_autograd(points: Tensor, losses: Tensor) -> Bowl:
    """The polynomial is found first, and torch differentiates it; one Newton step from (0, 0) is the bottom."""
    w, b = points.T
    front = torch.linalg.solve(torch.stack([w * w, w * b, b * b, w, b, w * 0 + 1], dim=1), losses)

    def loss(at: Tensor) -> Tensor:
        w, b = at
        return torch.dot(front, torch.stack([w * w, w * b, b * b, w, b, torch.ones(())]))

    origin = torch.zeros(2)
    H = torch.autograd.functional.hessian(loss, origin)
    (slope,) = torch.autograd.functional.jacobian(loss, (origin,))
    bottom = -torch.linalg.solve(H, slope)
    return H, bottom, loss(bottom).item()


@variant
def numpy_inside(points: Tensor, losses: Tensor) -> Bowl:
    """NumPy in float64, with the pseudoinverse."""
    w, b = points.numpy().astype(float).T
    design = np.column_stack([w * w, w * b, b * b, w, b, np.ones(6)])
    ww, wb, bb, *slope, rest = np.linalg.pinv(design) @ losses.numpy()
    H = np.array([[2 * ww, wb], [wb, 2 * bb]])
    bottom = np.linalg.solve(H, -np.array(slope))
    return torch.from_numpy(H), torch.from_numpy(bottom), float(rest + np.dot(slope, bottom) / 2)
