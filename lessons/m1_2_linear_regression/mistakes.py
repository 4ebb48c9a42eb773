"""Known wrong answers of lesson 1.2. Each docstring is what the student reads whose code behaves the same way."""

import torch
from torch import Tensor

# mse_gradients


def _slopes(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    error = w * x + b - y
    return 2 * (error * x).mean().item(), 2 * error.mean().item()


def mse_gradients__half(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Both slopes are exactly half of what they should be: the derivative of a square brings down a factor 2."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_w / 2, grad_b / 2


def mse_gradients__summed(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slopes are N times too large: the loss is a mean over the points, so its slopes are means as well."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_w * len(x), grad_b * len(x)


def mse_gradients__halved_and_summed(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slopes are those of half the sum of the squared errors: the factor 2 is missing, and so is the mean."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_w * len(x) / 2, grad_b * len(x) / 2


def mse_gradients__divided_by_n_minus_1(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You divide by N - 1 instead of N.

    N - 1 belongs to the estimate of a variance; the loss is the plain mean of N squared errors, and so are its slopes.
    """
    error = w * x + b - y
    return 2 * (error * x).sum().item() / (len(x) - 1), 2 * error.sum().item() / (len(x) - 1)


def mse_gradients__sign_turned(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Both slopes have the wrong sign: they point downhill.

    With the error as y minus the prediction, the parameters stand behind a minus, and the chain rule brings it along.
    """
    grad_w, grad_b = _slopes(x, y, w, b)
    return -grad_w, -grad_b


def mse_gradients__x_forgotten(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slope along w is the one along b: the prediction depends on w by way of x, so the chain rule brings in x."""
    _, grad_b = _slopes(x, y, w, b)
    return grad_b, grad_b


def mse_gradients__x_for_both(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slope along b is the one along w: b is added to every prediction as it is, and nothing multiplies it."""
    grad_w, _ = _slopes(x, y, w, b)
    return grad_w, grad_w


def mse_gradients__means_multiplied(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """For the slope along w you multiply the mean error by the mean of x.

    Each error belongs to its own x: the mean is taken last, over the products.
    """
    _, grad_b = _slopes(x, y, w, b)
    return grad_b * x.mean().item(), grad_b


def mse_gradients__still_squared(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You kept the square: the derivative of e**2 is 2 * e, so the error stands in the slopes once, with its sign."""
    error = w * x + b - y
    return 2 * (error**2 * x).mean().item(), 2 * (error**2).mean().item()


def mse_gradients__by_x(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You took the derivative by x, so a w stands where an x belongs.

    The data are given numbers. What may change is the weight, and its factor in the prediction is x.
    """
    _, grad_b = _slopes(x, y, w, b)
    return grad_b * w, grad_b


def mse_gradients__bias_ignored(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """The bias is missing in the prediction from which you take the errors."""
    return _slopes(x, y, w, 0.0)


def mse_gradients__bias_subtracted(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """The bias has the wrong sign in your error: look at the parentheses around the prediction."""
    return _slopes(x, y, w, -b)


def mse_gradients__swapped(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your two slopes are the wrong way round: the one along w comes first."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_b, grad_w


def mse_gradients__data_swapped(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You exchanged x and y: the line predicts y from x, and the error is measured in y."""
    return _slopes(y, x, w, b)


def mse_gradients__absolute(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slopes are those of the mean absolute error: only the signs of the errors count in them.

    The loss of this lesson averages the squares, so a large error weighs more than a small one.
    """
    sign = (w * x + b - y).sign()
    return (sign * x).mean().item(), sign.mean().item()


def mse_gradients__root(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slopes are those of the root of the loss, the RMSE. The loss of this lesson is the mean itself."""
    root = (w * x + b - y).square().mean().sqrt()
    grad_w, grad_b = (torch.tensor(_slopes(x, y, w, b), dtype=torch.float64) / (2 * root)).tolist()
    return grad_w, grad_b


def mse_gradients__not_averaged(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You have the right products and stop there, with one number for each point: their mean is missing."""
    error = w * x + b - y
    return 2 * error * x, 2 * error  # type: ignore[return-value]  # that is the mistake


def mse_gradients__bias_slope_half(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """The slope along w is right, and the one along b is half of what it should be: the factor 2 belongs to both."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_w, grad_b / 2


def mse_gradients__bias_slope_summed(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """The slope along w is right, and the one along b is N times too large: it is a mean over the points too."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_w, grad_b * len(x)


def mse_gradients__weight_slope_half(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slope along b is right, and the one along w is too small by half: the 2 of the square belongs to both."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_w / 2, grad_b


def mse_gradients__weight_slope_summed(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """Your slope along b is right, and the one along w is N times too large: it is a mean over the points as well."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return grad_w * len(x), grad_b


def mse_gradients__every_pair(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You average over N times N errors: every prediction is compared with every target.

    That happens when a column of shape (N, 1) meets a flat tensor of shape (N,). Look at the shapes before you
    subtract.
    """
    pairs = torch.cartesian_prod(x, y)
    return _slopes(pairs[:, 0], pairs[:, 1], w, b)


def mse_gradients__rounded_to_3(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return round(grad_w, 3), round(grad_b, 3)


def mse_gradients__rounded_to_4(x: Tensor, y: Tensor, w: float, b: float) -> tuple[float, float]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return round(grad_w, 4), round(grad_b, 4)


# gradient_step


def gradient_step__b_after_w(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You take the slope along b after w has already moved. Both slopes belong to the same point, the old one."""
    w = w - lr * _slopes(x, y, w, b)[0]
    return w, b - lr * _slopes(x, y, w, b)[1]


def gradient_step__w_after_b(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You take the slope along w after b has already moved. Both slopes belong to the same point, the old one."""
    b = b - lr * _slopes(x, y, w, b)[1]
    return w - lr * _slopes(x, y, w, b)[0], b


def gradient_step__uphill(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You step uphill: the slopes say where the loss grows, so a step goes the other way."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w + lr * grad_w, b + lr * grad_b


def gradient_step__lr_twice(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """The learning rate is in your step twice: one factor `lr` is asked."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - lr * lr * grad_w, b - lr * lr * grad_b


def gradient_step__lr_forgotten(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """The learning rate is missing: you subtract the whole gradient, and the step is far too long."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - grad_w, b - grad_b


def gradient_step__divided_by_lr(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You divide by the learning rate: a small one has to make a small step, and yours makes a huge one."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - grad_w / lr, b - grad_b / lr


def gradient_step__normalised(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """All your steps have the length lr: you divide the gradient by its own length.

    A step is `lr` times as long as the gradient, long on the slope and short near the bottom, where the walk ends.
    """
    gradient = torch.tensor(_slopes(x, y, w, b), dtype=torch.float64)
    step_w, step_b = (gradient / gradient.norm()).tolist()
    return w - lr * step_w, b - lr * step_b


def gradient_step__signs_only(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You go by the signs of the slopes alone, so w and b always move by lr: a steep slope asks for a longer step."""
    sign_w, sign_b = torch.tensor(_slopes(x, y, w, b), dtype=torch.float64).sign().tolist()
    return w - lr * sign_w, b - lr * sign_b


def gradient_step__half(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your step is half as long as it should be: the derivative of a square brings down a factor 2."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - lr * grad_w / 2, b - lr * grad_b / 2


def gradient_step__summed(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your step is N times too long: the loss is a mean over the points, so its slopes are means as well."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - lr * len(x) * grad_w, b - lr * len(x) * grad_b


def gradient_step__halved_and_summed(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your slopes are those of half the sum of the squared errors: the factor 2 is missing, and so is the mean."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - lr * len(x) * grad_w / 2, b - lr * len(x) * grad_b / 2


def gradient_step__divided_by_n_again(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your step is N times too short: the slopes are means already, and you divide by N once more."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - lr * grad_w / len(x), b - lr * grad_b / len(x)


def gradient_step__x_forgotten(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your step along w is the one along b: the prediction depends on w by way of x, so the chain rule brings in x."""
    _, grad_b = _slopes(x, y, w, b)
    return w - lr * grad_b, b - lr * grad_b


def gradient_step__bias_ignored(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """The bias is missing in the prediction from which you take the slopes."""
    grad_w, grad_b = _slopes(x, y, w, 0.0)
    return w - lr * grad_w, b - lr * grad_b


def gradient_step__slopes_swapped(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You move w by the slope along b, and b by the slope along w: look at the order in which the slopes come."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return w - lr * grad_b, b - lr * grad_w


def gradient_step__pair_swapped(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your pair is the wrong way round: the new weight comes first, then the new bias."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return b - lr * grad_b, w - lr * grad_w


def gradient_step__b_never_moved(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your b does not move. It is a parameter like w, with a slope of its own."""
    return w - lr * _slopes(x, y, w, b)[0], b


def gradient_step__w_never_moved(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your w does not move. It is a parameter like b, with a slope of its own."""
    return w, b - lr * _slopes(x, y, w, b)[1]


def gradient_step__nothing_moved(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You return w and b as they came: the new values were computed and then left behind, or never computed at all."""
    return w, b


def gradient_step__way_only(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You return the way and not the place where it ends: the step is added to the old w and b."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return -lr * grad_w, -lr * grad_b


def gradient_step__lr_times_slopes(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You return the learning rate times the slopes: that is what has to be subtracted from the old w and b."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return lr * grad_w, lr * grad_b


def gradient_step__parameters_scaled(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You multiply the parameters by the learning rate. It is the slopes that it scales: w and b are kept whole."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return lr * (w - grad_w), lr * (b - grad_b)


def gradient_step__slopes_returned(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You return the slopes. What is required is where the step ends: each parameter minus lr times its slope."""
    return _slopes(x, y, w, b)


def gradient_step__two_steps(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You make two steps in a row, and one is required. Look for a second update."""
    for _ in range(2):
        grad_w, grad_b = _slopes(x, y, w, b)
        w, b = w - lr * grad_w, b - lr * grad_b
    return w, b


def gradient_step__adam(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """Your step is that of Adam: in a first step w and b both move by lr, whatever the slope.

    A step of gradient descent is lr times the slope: `torch.optim.SGD` makes it.
    """
    theta = torch.tensor([w, b], requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=lr)
    ((theta[0] * x + theta[1] - y) ** 2).mean().backward()
    optimizer.step()
    new_w, new_b = theta.tolist()
    return new_w, new_b


def gradient_step__rounded_to_3(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return round(w - lr * grad_w, 3), round(b - lr * grad_b, 3)


def gradient_step__rounded_to_4(x: Tensor, y: Tensor, w: float, b: float, lr: float) -> tuple[float, float]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    grad_w, grad_b = _slopes(x, y, w, b)
    return round(w - lr * grad_w, 4), round(b - lr * grad_b, 4)


# mse_gradients_matrix


def _plane_slopes(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    error = X @ w + b - y
    return 2 * X.T @ error / len(y), 2 * error.mean().item()


def mse_gradients_matrix__rows_for_columns(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You multiply X by the errors as it stands, so its rows meet them. It is its columns that have to.

    There is one error for each sample and one slope for each feature: the sum runs over the samples. If there are as
    many samples as features, the shapes do not tell you; otherwise PyTorch refuses.
    """
    error = X @ w + b - y
    return 2 * X @ error / len(y), 2 * error.mean().item()


def mse_gradients_matrix__prediction_column(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Your predictions are a column of shape (N, 1), and y is flat, (N,).

    Their difference is a square of shape (N, N), every prediction against every target, and PyTorch does not object.
    """
    error = (X @ w)[:, None] + b - y
    return 2 * X.T @ error / len(y), 2 * error.mean().item()


def mse_gradients_matrix__target_column(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You made y a column of shape (N, 1), and your predictions are flat, (N,).

    Their difference is a square of shape (N, N), every prediction against every target, and PyTorch does not object.
    """
    error = X @ w + b - y[:, None]
    return 2 * X.T @ error / len(y), 2 * error.mean().item()


def mse_gradients_matrix__column(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """The numbers are right, but they stand in a column of shape (D, 1), and a flat (D,) is asked, as w has it.

    Subtracting a column from a flat w makes a whole square of numbers, without an error.
    """
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w[:, None], grad_b


def mse_gradients_matrix__summed(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Your slopes are N times too large: the loss is a mean over the samples, so its slopes are means as well."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w * len(y), grad_b * len(y)


def mse_gradients_matrix__weight_slopes_summed(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Your slopes along w are N times too large: the matrix product adds up over the samples and does not average."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w * len(y), grad_b


def mse_gradients_matrix__bias_slope_summed(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Your slopes along w are right, and the one along b is N times too large: it is a mean over the samples too."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w, grad_b * len(y)


def mse_gradients_matrix__divided_by_features(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You divide by the number of features. The mean is over the samples: N is the number of rows of X."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w * len(y) / len(w), grad_b


def mse_gradients_matrix__divided_by_entries(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You divide by the number of entries of X, N times D. The mean is over the samples alone: N of them."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w / len(w), grad_b


def mse_gradients_matrix__half(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """All your slopes are exactly half of what they should be: the derivative of a square brings down a factor 2."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w / 2, grad_b / 2


def mse_gradients_matrix__bias_slope_half(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Your slopes along w are right, and the one along b is half of what it should be: the factor 2 is in it too."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w, grad_b / 2


def mse_gradients_matrix__halved_and_summed(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Your slopes are those of half the sum of the squared errors: the factor 2 is missing, and so is the mean."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w * len(y) / 2, grad_b * len(y) / 2


def mse_gradients_matrix__sign_turned(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """All your slopes have the wrong sign: they point downhill.

    With the error as y minus the prediction, the parameters stand behind a minus, and the chain rule brings it along.
    """
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return -grad_w, -grad_b


def mse_gradients_matrix__bias_ignored(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """The bias is missing in the predictions from which you take the errors."""
    return _plane_slopes(X, y, w, 0.0)


def mse_gradients_matrix__bias_subtracted(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """The bias has the wrong sign in your errors: look at the parentheses around the predictions."""
    return _plane_slopes(X, y, w, -b)


def mse_gradients_matrix__wrong_dimension(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You average over the features and keep one number for each sample.

    The samples run along dimension 0. It is they that are averaged over, and one number for each feature is left.
    """
    error = X @ w + b - y
    return 2 * (X * error[:, None]).mean(dim=1), 2 * error.mean().item()


def mse_gradients_matrix__one_number(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You average over everything, and one number is left for all weights. Every weight has a slope of its own."""
    error = X @ w + b - y
    return 2 * (X * error[:, None]).mean(), 2 * error.mean().item()


def mse_gradients_matrix__not_averaged(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You multiply every input by its error and stop there: the mean over the samples is missing."""
    error = X @ w + b - y
    return 2 * X * error[:, None], 2 * error.mean().item()


def mse_gradients_matrix__bias_slope_not_averaged(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """For the slope along b you return twice the errors, one number for each sample: their mean is missing."""
    grad_w, _ = _plane_slopes(X, y, w, b)
    return grad_w, 2 * (X @ w + b - y)  # type: ignore[return-value]  # that is the mistake


def mse_gradients_matrix__means_multiplied(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You multiply the mean error by the means of the features.

    Each error belongs to its own sample: the mean is taken last, over the products.
    """
    error = X @ w + b - y
    return 2 * X.mean(dim=0) * error.mean(), 2 * error.mean().item()


def mse_gradients_matrix__features_forgotten(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """All your slopes are the one along b: a weight acts by way of its feature, so the chain rule brings in X."""
    _, grad_b = _plane_slopes(X, y, w, b)
    return torch.full_like(w, grad_b), grad_b


def mse_gradients_matrix__still_squared(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You kept the square: the derivative of e**2 is 2 * e, so errors stand in the slopes once, with their signs."""
    error = (X @ w + b - y) ** 2
    return 2 * X.T @ error / len(y), 2 * error.mean().item()


def mse_gradients_matrix__parts_swapped(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """Your two results are the wrong way round: the slopes along the weights come first, then the one along b."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_b, grad_w  # type: ignore[return-value]  # that is the mistake


def mse_gradients_matrix__rounded_to_3(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You round to 3 decimals, which leaves nothing of small numbers. Return them as they are."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w.round(decimals=3), round(grad_b, 3)


def mse_gradients_matrix__rounded_to_4(X: Tensor, y: Tensor, w: Tensor, b: float) -> tuple[Tensor, float]:
    """You round to 4 decimals, which leaves nothing of small numbers. Return them as they are."""
    grad_w, grad_b = _plane_slopes(X, y, w, b)
    return grad_w.round(decimals=4), round(grad_b, 4)


# largest_stable_lr


def _hessian(x: Tensor) -> Tensor:
    mean_x, mean_x2 = x.mean().item(), (x**2).mean().item()
    return 2 * torch.tensor([[mean_x2, mean_x], [mean_x, 1.0]], dtype=torch.float64)


def _curvatures(matrix: Tensor) -> tuple[float, float]:
    smallest, largest = torch.linalg.eigvalsh(matrix).tolist()
    return smallest, largest


def largest_stable_lr__half(x: Tensor) -> float:
    """Your value is exactly half of the limit: 1 / lambda_max reaches the floor of the steepest direction in one step.

    Descent bears twice as much: up to 2 / lambda_max the step lands on the other side, but no higher.
    """
    return 1 / _curvatures(_hessian(x))[1]


def largest_stable_lr__factor_2_forgotten(x: Tensor) -> float:
    """Your value is twice too large: the second derivatives of the loss all carry a factor 2."""
    return 4 / _curvatures(_hessian(x))[1]


def largest_stable_lr__smallest(x: Tensor) -> float:
    """You took the smallest eigenvalue. The steepest direction runs away first, so the largest one counts."""
    return 2 / _curvatures(_hessian(x))[0]


def largest_stable_lr__bias_ignored(x: Tensor) -> float:
    """You look at the weight alone. The bias is a parameter too: the Hessian has two rows and two columns."""
    return 1 / (x**2).mean().item()


def largest_stable_lr__mixed_ignored(x: Tensor) -> float:
    """You take the larger of the curvatures along w and along b, which is also the largest entry of the Hessian.

    The mixed derivatives count too: where the mean of x is not 0, the bowl is steepest in a direction between the two,
    and steeper than along either.
    """
    return 2 / _hessian(x).diagonal().max().item()


def largest_stable_lr__summed(x: Tensor) -> float:
    """Your second derivatives are sums over the points, so the limit is N times too small: the loss is a mean."""
    return 2 / (_curvatures(_hessian(x))[1] * len(x))


def largest_stable_lr__eigenvalue(x: Tensor) -> float:
    """You return the largest eigenvalue itself, the curvature. The learning rate asked is 2 divided by it."""
    return _curvatures(_hessian(x))[1]


def largest_stable_lr__upside_down(x: Tensor) -> float:
    """Your fraction is upside down: the steeper the bowl, the smaller the learning rate has to be."""
    return _curvatures(_hessian(x))[1] / 2


def largest_stable_lr__sum_of_both(x: Tensor) -> float:
    """You divide by the sum of both eigenvalues, which is also the sum of the diagonal. The larger one alone is asked.

    2 / (lambda_min + lambda_max) serves both directions equally well. A descent bears more than that.
    """
    return 2 / sum(_curvatures(_hessian(x)))


def largest_stable_lr__length(x: Tensor) -> float:
    """You took the length of the matrix, the root of the sum of its squared entries, which mixes both eigenvalues.

    `torch.linalg.norm` returns it for a matrix unless it is told otherwise. The largest eigenvalue alone is asked.
    """
    length: Tensor = torch.linalg.norm(_hessian(x))
    return 2 / length.item()


def largest_stable_lr__corner_not_doubled(x: Tensor) -> float:
    """The curvature along b is wrong in your Hessian: it has the factor 2 of the square, as the others have."""
    matrix = _hessian(x)
    matrix[1, 1] = 1.0
    return 2 / _curvatures(matrix)[1]


def largest_stable_lr__mean_squared(x: Tensor) -> float:
    """You square the mean of x where the mean of the squares is asked: square each x first, then average."""
    matrix = _hessian(x)
    matrix[0, 0] = 2 * x.mean() ** 2
    return 2 / _curvatures(matrix)[1]


def largest_stable_lr__centred(x: Tensor) -> float:
    """You computed as if the mean of x were 0: a variance, the mean square after centring, is not mean(x**2).

    The model takes the inputs as they are, and the further they lie from 0, the smaller the limit becomes.
    """
    return 2 / _curvatures(_hessian(x - x.mean()))[1]


def largest_stable_lr__rounded_to_3(x: Tensor) -> float:
    """You round to 3 decimals, which changes a small limit by much. Return it as it is."""
    return round(2 / _curvatures(_hessian(x))[1], 3)


def largest_stable_lr__rounded_to_4(x: Tensor) -> float:
    """You round to 4 decimals, which changes a small limit by much. Return it as it is."""
    return round(2 / _curvatures(_hessian(x))[1], 4)
