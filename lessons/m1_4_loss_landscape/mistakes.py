"""Known wrong answers of lesson 1.4. Each docstring is what the student reads whose code behaves the same way."""

from pathlib import Path

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

# compute_grid


def _errors(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    return y - (w_values[:, None, None] * x + b_values[None, :, None])


def compute_grid__transposed(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """Your rows and columns are exchanged: a row belongs to a weight, a column to a bias.

    If you use `torch.meshgrid`, look at what its `indexing` does: "xy" lays the first tensor along the columns.
    """
    return _errors(x, y, w_values, b_values).square().mean(dim=-1).T


def compute_grid__weight_and_bias_swapped(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You use the weights as biases and the biases as weights: it is the weight that multiplies x."""
    return (y - (b_values[None, :, None] * x + w_values[:, None, None])).square().mean(dim=-1)


def compute_grid__summed(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You add the squared errors up and stop there, so your values are N times too large.

    The loss is the mean over the N points: it must not grow because there are more of them.
    """
    return _errors(x, y, w_values, b_values).square().sum(dim=-1)


def compute_grid__divided_by_n_minus_1(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You divide by N - 1 instead of N.

    N - 1 belongs to the estimate of a variance; the loss is the plain mean of N squared errors.
    """
    return _errors(x, y, w_values, b_values).square().sum(dim=-1) / (len(x) - 1)


def compute_grid__half(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """Your values are exactly half of the loss.

    Some books put 1/2 in front of the mean to have a tidier gradient; this course does not.
    """
    return _errors(x, y, w_values, b_values).square().mean(dim=-1) / 2


def compute_grid__root(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You took the root of the mean at the end: that is the RMSE. The loss of this lesson is the mean itself."""
    return _errors(x, y, w_values, b_values).square().mean(dim=-1).sqrt()


def compute_grid__absolute(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You average the sizes of the errors. The loss of this lesson averages their squares: a bowl without corners."""
    return _errors(x, y, w_values, b_values).abs().mean(dim=-1)


def compute_grid__not_squared(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You average the errors without squaring them, so points above the line cancel points below it."""
    return _errors(x, y, w_values, b_values).mean(dim=-1)


def compute_grid__mean_before_square(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You average first and square afterwards, so errors above and below the line cancel before they count.

    Each error has to be squared on its own.
    """
    return _errors(x, y, w_values, b_values).mean(dim=-1).square()


def compute_grid__one_number(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You average over everything, the weights and the biases too, and one number is left of the whole landscape.

    Only the points are to be averaged over; `mean` takes the dimension that shall disappear.
    """
    return _errors(x, y, w_values, b_values).square().mean()


def compute_grid__wrong_dimension(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You average over the weights: the first dimension of your predictions is gone, and the points are still there.

    Average over the dimension that the points run along.
    """
    return _errors(x, y, w_values, b_values).square().mean(dim=0)


def compute_grid__data_swapped(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _errors(y, x, w_values, b_values).square().mean(dim=-1)


def compute_grid__bias_subtracted(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """The bias has the wrong sign: look at the parentheses around the prediction that you subtract from y."""
    return _errors(x, y, w_values, -b_values).square().mean(dim=-1)


def compute_grid__bias_ignored(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """The bias is missing in your prediction, so all columns are the same."""
    return _errors(x, y, w_values, torch.zeros_like(b_values)).square().mean(dim=-1)


def compute_grid__first_row_only(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """Only the first row is filled in: your function returns before the loop reaches the second weight.

    Look at how far the `return` is indented: it belongs behind the loop, not inside it.
    """
    losses = _errors(x, y, w_values, b_values).square().mean(dim=-1)
    losses[1:] = 0.0
    return losses


def compute_grid__rounded_to_3(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You round to 3 decimals, which leaves nothing of small losses. Return them as they are."""
    return _errors(x, y, w_values, b_values).square().mean(dim=-1).round(decimals=3)


def compute_grid__rounded_to_4(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    """You round to 4 decimals, which leaves nothing of small losses. Return them as they are."""
    return _errors(x, y, w_values, b_values).square().mean(dim=-1).round(decimals=4)


# run_descent


def _gradient(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    error = w * x + b - y
    return 2 * (error * x).mean().item(), 2 * error.mean().item()


def _descent(x: Tensor, y: Tensor, w: float, b: float, lr: float, steps: int) -> list[tuple[float, float]]:
    path = [(w, b)]
    for _ in range(steps):
        grad_w, grad_b = _gradient(x, y, w, b)
        w, b = w - lr * grad_w, b - lr * grad_b
        path.append((w, b))
    return path


def run_descent__start_missing(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """The start is missing: you record points only after a step has been made. A path of n steps has n + 1 points."""
    return _descent(x, y, w_start, b_start, lr, steps)[1:]


def run_descent__end_missing(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """The end is missing: you record each point before its step, so the last step is made and never seen.

    A path of n steps has n + 1 points.
    """
    return _descent(x, y, w_start, b_start, lr, steps)[:steps]


def run_descent__one_step_too_many(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You make one step too many. A path of n steps has n + 1 points because the start is one of them."""
    return _descent(x, y, w_start, b_start, lr, steps + 1)


def run_descent__stops_when_the_loss_rises(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You stop as soon as the loss rises. All steps are asked: with a large learning rate the path has to run away.

    That is how one sees that the learning rate is too large.
    """
    path = [(w_start, b_start)]
    last = float("inf")
    for w, b in _descent(x, y, w_start, b_start, lr, steps)[1:]:
        loss = (y - (w * x + b)).square().mean().item()
        if loss > last:
            break
        last = loss
        path.append((w, b))
    return path


def run_descent__aliased(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """All your points are the end of the path: you stored the same two tensors again and again.

    A list holds the object, not the value that it had at that time, and a step in place changes the object.
    """
    return _descent(x, y, w_start, b_start, lr, steps)[-1:] * (steps + 1)


def run_descent__pairs_swapped(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your pairs are the wrong way round: the weight comes first, then the bias."""
    return [(b, w) for w, b in _descent(x, y, w_start, b_start, lr, steps)]


def run_descent__starts_at_zero(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your walk begins at (0, 0), wherever the call says that it shall begin."""
    return _descent(x, y, 0.0, 0.0, lr, steps)


def run_descent__uphill(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You walk uphill: the gradient points to where the loss grows fastest, so a step goes the other way."""
    return _descent(x, y, w_start, b_start, -lr, steps)


def run_descent__half(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your steps are half as long as they should be: the derivative of a square brings down a factor 2."""
    return _descent(x, y, w_start, b_start, lr / 2, steps)


def run_descent__summed(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your steps are N times too long: the loss is a mean over the points, so its gradient is a mean as well."""
    return _descent(x, y, w_start, b_start, lr * len(x), steps)


def run_descent__halved_and_summed(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your gradient is that of half the sum of the squared errors: the factor 2 is missing, and so is the mean."""
    return _descent(x, y, w_start, b_start, lr * len(x) / 2, steps)


def run_descent__x_forgotten(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your gradient for w is the one for b: the prediction depends on w by way of x, so the chain rule brings in x."""
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        _, grad_b = _gradient(x, y, w, b)
        w, b = w - lr * grad_b, b - lr * grad_b
        path.append((w, b))
    return path


def run_descent__means_multiplied(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """In the gradient for w you multiply the mean error by the mean of x. The mean is taken last, over the products."""
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        _, grad_b = _gradient(x, y, w, b)
        w, b = w - lr * grad_b * x.mean().item(), b - lr * grad_b
        path.append((w, b))
    return path


def run_descent__b_after_w(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You compute the gradient for b after w has already moved. Both gradients belong to the same point."""
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        w = w - lr * _gradient(x, y, w, b)[0]
        b = b - lr * _gradient(x, y, w, b)[1]
        path.append((w, b))
    return path


def run_descent__w_after_b(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You compute the gradient for w after b has already moved. Both gradients belong to the same point."""
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        b = b - lr * _gradient(x, y, w, b)[1]
        w = w - lr * _gradient(x, y, w, b)[0]
        path.append((w, b))
    return path


def run_descent__b_never_moved(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your b never moves. It is a parameter like w, with a gradient of its own."""
    w = w_start
    path = [(w, b_start)]
    for _ in range(steps):
        w -= lr * _gradient(x, y, w, b_start)[0]
        path.append((w, b_start))
    return path


def run_descent__w_never_moved(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your w never moves. It is a parameter like b, with a gradient of its own."""
    b = b_start
    path = [(w_start, b)]
    for _ in range(steps):
        b -= lr * _gradient(x, y, w_start, b)[1]
        path.append((w_start, b))
    return path


def run_descent__bias_ignored(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """The bias is missing in the prediction from which you take the gradients."""
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        grad_w, grad_b = _gradient(x, y, w, 0.0)
        w, b = w - lr * grad_w, b - lr * grad_b
        path.append((w, b))
    return path


def run_descent__data_swapped(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _descent(y, x, w_start, b_start, lr, steps)


def run_descent__normalised(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """All your steps have the length lr: you divide the gradient by its own length.

    A step is `lr` times as long as the gradient, long on the slope and short near the bottom, where the walk ends.
    """
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        gradient = torch.tensor(_gradient(x, y, w, b), dtype=torch.float64)
        step_w, step_b = (gradient / gradient.norm()).tolist()
        w, b = w - lr * step_w, b - lr * step_b
        path.append((w, b))
    return path


def run_descent__no_zero_grad(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """Your first step is right and the later ones overshoot: each still holds all gradients before it.

    `backward` adds to `.grad` and does not replace it, so it has to be cleared in every step.
    """
    w, b = w_start, b_start
    path = [(w, b)]
    total_w, total_b = 0.0, 0.0
    for _ in range(steps):
        grad_w, grad_b = _gradient(x, y, w, b)
        total_w, total_b = total_w + grad_w, total_b + grad_b
        w, b = w - lr * total_w, b - lr * total_b
        path.append((w, b))
    return path


def run_descent__gradient_of_the_start(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """All your steps are the first one again: the slope changes along the way and has to be computed at every point."""
    grad_w, grad_b = _gradient(x, y, w_start, b_start)
    return [(w_start - k * lr * grad_w, b_start - k * lr * grad_b) for k in range(steps + 1)]


def run_descent__rounded_to_3(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You round the points to 3 decimals, which leaves nothing of small ones. Record them as they are."""
    start, *others = _descent(x, y, w_start, b_start, lr, steps)
    return [start, *((round(w, 3), round(b, 3)) for w, b in others)]


def run_descent__rounded_to_4(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    """You round the points to 4 decimals, which leaves nothing of small ones. Record them as they are."""
    start, *others = _descent(x, y, w_start, b_start, lr, steps)
    return [start, *((round(w, 4), round(b, 4)) for w, b in others)]


# fixed_bias_slice


def _slice_errors(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    return y - (w_values[:, None] * x + b)


def fixed_bias_slice__bias_ignored(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You left the bias out. A fixed bias stays in the prediction, it just does not vary."""
    return _slice_errors(x, y, w_values, 0.0).square().mean(dim=-1)


def fixed_bias_slice__bias_subtracted(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """The bias has the wrong sign: look at the parentheses around the prediction that you subtract from y."""
    return _slice_errors(x, y, w_values, -b).square().mean(dim=-1)


def fixed_bias_slice__weight_and_bias_swapped(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You hold the weight fixed and let the bias vary: here it is the other way round."""
    return (y - (b * x + w_values[:, None])).square().mean(dim=-1)


def fixed_bias_slice__column(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """The numbers are right, but they stand in a column of shape (n_w, 1), and a flat (n_w,) is asked.

    Subtracting a flat tensor from a column later makes a whole square of numbers, without an error.
    """
    return _slice_errors(x, y, w_values, b).square().mean(dim=-1, keepdim=True)


def fixed_bias_slice__wrong_dimension(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You average over the weights and keep one number for each point.

    It is the points that are averaged over, and one number for each weight is left.
    """
    return _slice_errors(x, y, w_values, b).square().mean(dim=0)


def fixed_bias_slice__one_number(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You average over the weights too, and one number is left of the whole slice. Average over the points only."""
    return _slice_errors(x, y, w_values, b).square().mean()


def fixed_bias_slice__element_by_element(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You multiply weight 0 by point 0, weight 1 by point 1 and so on, which works only for as many weights as points.

    Every weight has to meet every point: that takes two dimensions.
    """
    return (y - (w_values * x + b)).square()


def fixed_bias_slice__summed(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You add the squared errors up and stop there, so your values are N times too large: the loss is their mean."""
    return _slice_errors(x, y, w_values, b).square().sum(dim=-1)


def fixed_bias_slice__divided_by_n_minus_1(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You divide by N - 1 instead of N.

    N - 1 belongs to the estimate of a variance; the loss is the plain mean of N squared errors.
    """
    return _slice_errors(x, y, w_values, b).square().sum(dim=-1) / (len(x) - 1)


def fixed_bias_slice__half(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """Your values are exactly half of the loss: some books put 1/2 in front of the mean, this course does not."""
    return _slice_errors(x, y, w_values, b).square().mean(dim=-1) / 2


def fixed_bias_slice__root(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You took the root of the mean at the end: that is the RMSE. The loss of this lesson is the mean itself."""
    return _slice_errors(x, y, w_values, b).square().mean(dim=-1).sqrt()


def fixed_bias_slice__absolute(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You average the sizes of the errors, not their squares: the slice is then no parabola, it has corners."""
    return _slice_errors(x, y, w_values, b).abs().mean(dim=-1)


def fixed_bias_slice__not_squared(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You average the errors without squaring them, so points above the line cancel points below it."""
    return _slice_errors(x, y, w_values, b).mean(dim=-1)


def fixed_bias_slice__mean_before_square(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You average first and square afterwards, so errors above and below the line cancel before they count."""
    return _slice_errors(x, y, w_values, b).mean(dim=-1).square()


def fixed_bias_slice__data_swapped(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _slice_errors(y, x, w_values, b).square().mean(dim=-1)


def fixed_bias_slice__first_weight_only(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """Only the first entry is filled in: your function returns before the loop reaches the second weight.

    Look at how far the `return` is indented: it belongs behind the loop, not inside it.
    """
    losses = _slice_errors(x, y, w_values, b).square().mean(dim=-1)
    losses[1:] = 0.0
    return losses


def fixed_bias_slice__rounded_to_3(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You round to 3 decimals, which leaves nothing of small losses. Return them as they are."""
    return _slice_errors(x, y, w_values, b).square().mean(dim=-1).round(decimals=3)


def fixed_bias_slice__rounded_to_4(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    """You round to 4 decimals, which leaves nothing of small losses. Return them as they are."""
    return _slice_errors(x, y, w_values, b).square().mean(dim=-1).round(decimals=4)


# plot_descent and save_frames


def _draw(
    w_values: Tensor,
    b_values: Tensor,
    losses: Tensor,
    path: list[tuple[float, float]],
    *,
    method: str = "contourf",
    labels: tuple[str, str] = ("weight w", "bias b"),
) -> Figure:
    figure, axes = plt.subplots()
    w_grid, b_grid = torch.meshgrid(w_values, b_values, indexing="ij")
    getattr(axes, method)(w_grid.numpy(), b_grid.numpy(), losses.numpy())
    axes.plot([w for w, _ in path], [b for _, b in path], "o-")
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    return figure


def _draw_flat(coordinates: list[Tensor], losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    figure, axes = plt.subplots()
    axes.contourf(*(values.numpy() for values in coordinates), losses.numpy())
    axes.plot([w for w, _ in path], [b for _, b in path], "o-")
    axes.set_xlabel("weight w")
    axes.set_ylabel("bias b")
    return figure


def plot_descent__untransposed(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """Your landscape is mirrored: w and b are exchanged below the path.

    With one-dimensional axes matplotlib lays the rows of an array along the vertical axis, and your rows belong to w.
    """
    return _draw_flat([w_values, b_values], losses, path)


def plot_descent__without_coordinates(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """Your landscape is drawn over the row and column numbers 0, 1, 2, ..., and the path over the values of w and b.

    So the two do not lie on top of each other: the axes need `w_values` and `b_values`.
    """
    return _draw_flat([], losses.T, path)


def plot_descent__axes_exchanged(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """You drew b across and w up. The picture is right in itself, but w is asked on the horizontal axis."""
    return _draw(b_values, w_values, losses.T, [(b, w) for w, b in path], labels=("bias b", "weight w"))


def plot_descent__path_swapped(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """You drew the path with b across and w up, on a landscape that has w across: it walks somewhere else."""
    return _draw(w_values, b_values, losses, [(b, w) for w, b in path])


def plot_descent__path_missing(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """The landscape is there and the path is not: draw it on top."""
    figure = _draw(w_values, b_values, losses, path)
    figure.axes[0].get_lines()[0].remove()
    return figure


def plot_descent__start_missing(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """The first point of the path is not drawn: where the walk begins belongs to the picture."""
    return _draw(w_values, b_values, losses, path[1:])


def plot_descent__end_missing(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """The last point of the path is not drawn: a slice such as `path[:-1]` leaves out where the walk ends."""
    return _draw(w_values, b_values, losses, path[:-1])


def plot_descent__pairs_plotted(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """You pass the list of pairs to `plot` as it is, so matplotlib draws two lines over the step numbers 0, 1, 2, ...

    `plot` needs all horizontal positions first, then all vertical ones: the weights, then the biases.
    """
    figure = _draw(w_values, b_values, losses, [])
    figure.axes[0].plot(path)
    return figure


def plot_descent__contour_lines_only(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """You drew contour lines, and filled contours are asked: between the lines your picture says nothing."""
    return _draw(w_values, b_values, losses, path, method="contour")


def plot_descent__coloured_cells(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """You drew a coloured cell for each pair, and filled contours are asked: they show the shape between the pairs."""
    return _draw(w_values, b_values, losses, path, method="pcolormesh")


def plot_descent__unlabelled(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """The axes have no labels, so nobody can tell which one is the weight."""
    return _draw(w_values, b_values, losses, path, labels=("", ""))


def plot_descent__labels_swapped(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """The picture is right and its labels are exchanged: the weight is on the horizontal axis."""
    return _draw(w_values, b_values, losses, path, labels=("bias b", "weight w"))


def plot_descent__shown(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    """You show the figure in a window. Return it only: the caller decides whether to look at it or to save it."""
    figure = _draw(w_values, b_values, losses, path)
    plt.show()
    return figure


def plot_descent__nothing_returned(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]
) -> Figure:
    """You draw the figure and do not hand it back, so the caller holds nothing that could be saved."""
    plt.close(_draw(w_values, b_values, losses, path))
    return None  # type: ignore[return-value]  # that is the mistake


def _save(figure: Figure, directory: str, name: str) -> str:
    figure.savefig(Path(directory) / name)
    plt.close(figure)
    return name


def save_frames__one_missing(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """One frame is missing: there is one for every point of the path, the start and the end included.

    The movie begins with the start alone, before any step has been made.
    """
    return [
        _save(_draw(w_values, b_values, losses, path[: k + 1]), directory, f"frame_{k:03d}.png")
        for k in range(1, len(path))
    ]


def save_frames__overwritten(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """All your frames have the same name, so each overwrites the one before it, and one file is left."""
    return [_save(_draw(w_values, b_values, losses, path[: k + 1]), directory, "frame.png") for k in range(len(path))]


def save_frames__no_png(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """Your files are drawings of another format: PNG is asked, and matplotlib goes by the ending of the name."""
    return [
        _save(_draw(w_values, b_values, losses, path[: k + 1]), directory, f"frame_{k:03d}.svg")
        for k in range(len(path))
    ]


def save_frames__names_not_padded(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """From the eleventh frame on your names sort wrongly: as text "frame_10" comes before "frame_2".

    Numbers of the same width sort like numbers.
    """
    return [
        _save(_draw(w_values, b_values, losses, path[: k + 1]), directory, f"frame_{k}.png") for k in range(len(path))
    ]


def save_frames__names_not_padded_from_1(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """From the tenth frame on your names sort wrongly: as text "frame_10" comes before "frame_2".

    Numbers of the same width sort like numbers.
    """
    return [
        _save(_draw(w_values, b_values, losses, path[:k]), directory, f"frame_{k}.png") for k in range(1, len(path) + 1)
    ]


def save_frames__no_names(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """The files are there, but your function does not return their names."""
    for k in range(len(path)):
        _save(_draw(w_values, b_values, losses, path[: k + 1]), directory, f"frame_{k:03d}.png")
    return None  # type: ignore[return-value]  # that is the mistake


def save_frames__whole_path(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """Every frame of yours shows the whole path, so nothing moves in the movie: frame k shows k + 1 points."""
    return [_save(_draw(w_values, b_values, losses, path), directory, f"frame_{k:03d}.png") for k in range(len(path))]


def save_frames__one_point_too_few(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """Each frame shows one point too few: frame 0 already has the start on it, and a slice leaves out its end."""
    return [
        _save(_draw(w_values, b_values, losses, path[:k]), directory, f"frame_{k:03d}.png") for k in range(len(path))
    ]


def save_frames__single_point(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """Each frame shows one point alone: the way that led there, the points before it, belongs into the picture."""
    return [
        _save(_draw(w_values, b_values, losses, path[k : k + 1]), directory, f"frame_{k:03d}.png")
        for k in range(len(path))
    ]


def save_frames__no_landscape(
    w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]], directory: str
) -> list[str]:
    """Your frames show the path without the landscape under it."""
    names = []
    for k in range(len(path)):
        figure, axes = plt.subplots()
        axes.plot([w for w, _ in path[: k + 1]], [b for _, b in path[: k + 1]], "o-")
        names.append(_save(figure, directory, f"frame_{k:03d}.png"))
    return names
