"""Known wrong answers of lesson 1.5. Each docstring is what the student reads whose code behaves the same way."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

Function = Callable[[Tensor], float]
Gradient = Callable[[Tensor], Tensor]

# numerical_gradient


def _indices(theta: Tensor) -> list[tuple[int, ...]]:
    return list(itertools.product(*map(range, theta.shape)))


def _moved(theta: Tensor, index: tuple[int, ...], by: float) -> Tensor:
    point = theta.clone()
    point[index] += by
    return point


def _central(f: Function, theta: Tensor, h: float) -> Tensor:
    """Return the right answer, for the mistakes that spoil it."""
    gradient = torch.zeros_like(theta)
    for index in _indices(theta):
        gradient[index] = (f(_moved(theta, index, h)) - f(_moved(theta, index, -h))) / (2 * h)
    return gradient


def numerical_gradient__forward(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You measure from theta to h above it: a forward difference. The central one goes from h below to h above.

    To one side only, the error shrinks with h. With both sides the largest part of it cancels, and the rest shrinks
    with h**2.
    """
    gradient = torch.zeros_like(theta)
    for index in _indices(theta):
        gradient[index] = (f(_moved(theta, index, h)) - f(theta)) / h
    return gradient


def numerical_gradient__backward(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You measure from h below theta to theta itself: a backward difference. The central one goes on to h above.

    To one side only, the error shrinks with h. With both sides the largest part of it cancels, and the rest shrinks
    with h**2.
    """
    gradient = torch.zeros_like(theta)
    for index in _indices(theta):
        gradient[index] = (f(theta) - f(_moved(theta, index, -h))) / h
    return gradient


def numerical_gradient__one_side_over_two_steps(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You go one step h away from theta and divide by two of them, so your slopes are about half of the right ones.

    A slope is a rise divided by the way on which it happened. If one of your two points is theta itself, see whether
    both of them are tensors of their own, or two names for the same one.
    """
    gradient = torch.zeros_like(theta)
    for index in _indices(theta):
        gradient[index] = (f(_moved(theta, index, h)) - f(theta)) / (2 * h)
    return gradient


def numerical_gradient__divided_by_h(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Your slopes are twice too large: you divide by h, and from h below to h above the way is longer than that."""
    return 2 * _central(f, theta, h)


def numerical_gradient__multiplied_by_h(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You multiply by h where you want to divide: Python reads `/ 2 * h` from left to right, as `(.../ 2) * h`.

    The whole way between your two points belongs into one pair of parentheses.
    """
    return _central(f, theta, h) * h * h


def numerical_gradient__below_alone_divided(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You divide the value below alone: Python divides before it subtracts.

    The whole difference belongs into a pair of parentheses, and the whole way into another.
    """
    gradient = torch.zeros_like(theta)
    for index in _indices(theta):
        gradient[index] = f(_moved(theta, index, h)) - f(_moved(theta, index, -h)) / (2 * h)
    return gradient


def numerical_gradient__not_divided(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You return how much f changes, not how steep it is: a slope is the rise divided by the way."""
    return _central(f, theta, h) * 2 * h


def numerical_gradient__upside_down(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """All your signs are wrong: you subtract the value above from the value below.

    Where f grows with theta, the value above is the larger one, and the slope is positive.
    """
    return -_central(f, theta, h)


def numerical_gradient__size_only(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You take the size of the difference, and so the sign is lost. Where f falls, its slope is negative."""
    return _central(f, theta, h).abs()


def numerical_gradient__all_at_once(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You move all entries of theta at once, so every entry of your result is the same: the sum of all slopes.

    A slope along one parameter is measured while all others rest.
    """
    return torch.full_like(theta, (f(theta + h) - f(theta - h)) / (2 * h))


def numerical_gradient__whole_rows(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You move a whole row of theta at once: with one index, a table gives a row, not an entry.

    It works as long as theta has one dimension. An entry of a table needs an index for each of its dimensions.
    """
    if theta.ndim == 0:
        return _central(f, theta, h)
    gradient = torch.zeros_like(theta)
    for i in range(len(theta)):
        gradient[i] = (f(_moved(theta, (i,), h)) - f(_moved(theta, (i,), -h))) / (2 * h)
    return gradient


def numerical_gradient__no_scalar(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """A theta without dimensions is a single number: it has no length to loop over, and needs no index at all.

    Nor is your loop over the first dimension enough for a table, of which it moves a whole row at once.
    """
    gradient = torch.zeros_like(theta)
    for i in range(len(theta)):
        gradient[i] = (f(_moved(theta, (i,), h)) - f(_moved(theta, (i,), -h))) / (2 * h)
    return gradient


def numerical_gradient__not_moved_back(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You leave an entry where you have moved it, below its old place, and go on to the next.

    So only the first slope is measured at theta, and every later one at another point. Move back, or begin each time
    with a fresh clone.
    """
    point, gradient = theta.clone(), torch.zeros_like(theta)
    for index in _indices(theta):
        point[index] += h
        above = f(point)
        point[index] -= 2 * h
        gradient[index] = (above - f(point)) / (2 * h)
    return gradient


def numerical_gradient__same_tensor(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """All your slopes are 0, for your two points are one and the same: `a = theta` copies nothing, it is a second name.

    Moving the one up and the other down moves the same tensor up and down again. A clone is a tensor of its own.
    """
    point, gradient = theta.clone(), torch.zeros_like(theta)
    for index in _indices(theta):
        point[index] += h
        point[index] -= h
        gradient[index] = (f(point) - f(point)) / (2 * h)
    return gradient


def numerical_gradient__flattened(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You call f with a flat list of the entries. The slopes are right here, but f asks for a theta in its own shape.

    To work on a flat copy is fine: give it back its shape before you call f.
    """
    flat = theta.clone().view(-1)
    return _central(f, flat, h).view(theta.shape)


def numerical_gradient__flat_result(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Your slopes are a flat list, and theta may be a table. A gradient has the shape of what it belongs to.

    Only then can a step `theta - lr * gradient` be taken.
    """
    return _central(f, theta, h).view(-1)


def numerical_gradient__summed_up(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You add all slopes up to one number. A gradient has one slope for every entry of theta."""
    return _central(f, theta, h).sum()


def numerical_gradient__h_ignored(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You always use the step 1e-5, whatever h the caller asks for. It is a default, and a default can be changed."""
    return _central(f, theta, 1e-5)


def numerical_gradient__h_tiny(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You use the tiny step 1e-12 instead of h, and what you return is mostly rounding noise.

    Near 1, float64 numbers have gaps of 2e-16. Divided by a way of 2e-12, such a gap is an error of 1e-4.
    """
    return _central(f, theta, 1e-12)


def numerical_gradient__float32(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You work on a float32 copy of theta, so with h = 1e-5 your slopes are already wrong in the second or third digit.

    float32 has seven digits. Two values that differ in the sixth leave one or two digits when they are subtracted.
    """
    return _central(f, theta.float(), h).to(theta.dtype)


def numerical_gradient__returned_in_the_loop(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Only the first slope is filled in: your function returns before the loop reaches the second entry.

    Look at how far the `return` is indented: it belongs behind the loop, not inside it.
    """
    gradient = _central(f, theta, h)
    gradient.view(-1)[1:] = 0.0
    return gradient


def numerical_gradient__size_not_called(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """In NumPy `size` is a number, and a tensor has a method of this name: `theta.size` without `()` counts nothing.

    `theta.numel()` is the number of entries, and `theta.shape` holds one number for each dimension.
    """
    gradient = torch.zeros_like(theta)
    for i in range(theta.size):  # type: ignore[call-overload]  # the mistake
        gradient[i] = (f(_moved(theta, (i,), h)) - f(_moved(theta, (i,), -h))) / (2 * h)
    return gradient


def numerical_gradient__left_moved(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """Your slopes are right, and theta is another one after the call: the last entry that you move stays moved.

    Put every entry back before your function returns, or move a clone.
    """
    gradient = _central(f, theta, h)
    theta.view(-1)[-1] -= h
    return gradient


def numerical_gradient__restored_by_adding(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You move an entry back by adding h again. Each sum is rounded, so it comes back beside its old place.

    It is off by about 1e-16, and theta must be the same to the last bit. Keep the old value and assign it, or move a
    clone.
    """
    gradient = torch.zeros_like(theta)
    for index in _indices(theta):
        theta[index] += h
        above = f(theta)
        theta[index] -= 2 * h
        below = f(theta)
        theta[index] += h
        gradient[index] = (above - below) / (2 * h)
    return gradient


def numerical_gradient__other_step(f: Function, theta: Tensor, h: float = 1e-3) -> Tensor:
    """You have changed the default of h: a caller who names no step counts on 1e-5."""
    return _central(f, theta, h)


def numerical_gradient__rounded_to_3(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You round to 3 decimals, which leaves nothing of small slopes. Return them as they are."""
    return _central(f, theta, h).round(decimals=3)


def numerical_gradient__rounded_to_4(f: Function, theta: Tensor, h: float = 1e-5) -> Tensor:
    """You round to 4 decimals, which leaves nothing of small slopes. Return them as they are."""
    return _central(f, theta, h).round(decimals=4)


# relative_error


def _parts(a: Tensor, n: Tensor) -> tuple[Tensor, Tensor]:
    return (a - n).abs(), (a.abs() + n.abs()).clamp_min(1e-12)


def relative_error__absolute(a: Tensor, n: Tensor) -> float:
    """You return the largest difference itself. Whether 0.1 is much depends on the gradient: divide by its size."""
    return _parts(a, n)[0].max().item()


def relative_error__by_a_alone(a: Tensor, n: Tensor) -> float:
    """You divide by |a| alone, so your error is huge or no number where a is 0, and changes when a and n are exchanged.

    Divided by the sizes of both, no error is larger than 1.
    """
    return ((a - n).abs() / a.abs()).max().item()


def relative_error__by_a_alone_guarded(a: Tensor, n: Tensor) -> float:
    """You divide by |a| alone, so your error is huge where a is 0, and changes when a and n are exchanged.

    Divided by the sizes of both, no error is larger than 1.
    """
    return ((a - n).abs() / a.abs().clamp_min(1e-12)).max().item()


def relative_error__by_n_alone(a: Tensor, n: Tensor) -> float:
    """You divide by |n| alone, so your error is huge or no number where n is 0, and changes when a and n are exchanged.

    Divided by the sizes of both, no error is larger than 1.
    """
    return ((a - n).abs() / n.abs()).max().item()


def relative_error__by_n_alone_guarded(a: Tensor, n: Tensor) -> float:
    """You divide by |n| alone, so your error is huge where n is 0, and changes when a and n are exchanged.

    Divided by the sizes of both, no error is larger than 1.
    """
    return ((a - n).abs() / n.abs().clamp_min(1e-12)).max().item()


def relative_error__n_added_last(a: Tensor, n: Tensor) -> float:
    """You divide by |a| and add |n| afterwards, for Python divides before it adds. Put the sum into parentheses."""
    return ((a - n).abs() / a.abs() + n.abs()).max().item()


def relative_error__by_the_larger(a: Tensor, n: Tensor) -> float:
    """You divide by the larger of |a| and |n|. Other books do so too; this lesson divides by their sum.

    Opposite gradients then have the error 1, not 2.
    """
    return ((a - n).abs() / torch.maximum(a.abs(), n.abs()).clamp_min(1e-12)).max().item()


def relative_error__by_the_mean(a: Tensor, n: Tensor) -> float:
    """Your error is twice too large: you divide by the mean of |a| and |n|, and their sum is asked."""
    difference, size = _parts(a, n)
    return (2 * difference / size).max().item()


def relative_error__by_the_size_of_the_sum(a: Tensor, n: Tensor) -> float:
    """You divide by |a + n|. Opposite signs cancel in it, just where the two gradients differ most.

    Take the sizes first, and add them up then.
    """
    return ((a - n).abs() / (a + n).abs().clamp_min(1e-12)).max().item()


def relative_error__with_sign(a: Tensor, n: Tensor) -> float:
    """You take the difference with its sign, so an entry in which a is the smaller one counts as less than right."""
    return ((a - n) / _parts(a, n)[1]).max().item()


def relative_error__no_guard(a: Tensor, n: Tensor) -> float:
    """Where both entries are 0 you divide 0 by 0, and that is nan.

    Two zeros agree: their error is 0. A smallest denominator makes it so.
    """
    difference = (a - n).abs()
    return (difference / (a.abs() + n.abs())).max().item()


def relative_error__added_1(a: Tensor, n: Tensor) -> float:
    """You add 1 to the denominator to keep it away from 0. So a small gradient hides its errors behind the 1.

    The guard has to be far smaller than any gradient that matters, such as 1e-12.
    """
    return ((a - n).abs() / (1 + a.abs() + n.abs())).max().item()


def relative_error__guard_too_large(a: Tensor, n: Tensor) -> float:
    """Your guard is too large: it hides the errors of gradients that are smaller than it, though they are not 0.

    With a guard of 1e-8, slopes of 1e-9 and 3e-9 look closer than they are: they differ by half of their size. A guard
    of 1e-12 leaves them alone.
    """
    return ((a - n).abs() / (a.abs() + n.abs()).clamp_min(1e-8)).max().item()


def relative_error__one_zero_is_right(a: Tensor, n: Tensor) -> float:
    """You call the error 0 as soon as one of the two entries is 0. Only two zeros agree.

    Where one of them is 0 and the other is not, the error is 1.
    """
    difference, size = _parts(a, n)
    return torch.where((a == 0) | (n == 0), 0.0, difference / size).max().item()


def relative_error__numpy_of_tensors(a: Tensor, n: Tensor) -> float:
    """You call `np.max` with a tensor, and NumPy passes on an argument that a tensor's own `max` does not know.

    Stay with one library: `.max().item()` of the tensor, or begin with `a.numpy()` and `n.numpy()`.
    """
    return float(np.max(np.abs(a - n) / np.maximum(1e-12, np.abs(a) + np.abs(n))))


def relative_error__rounded_to_3(a: Tensor, n: Tensor) -> float:
    """You round to 3 decimals, and the error of a right gradient is 1e-7 or less. Return it as it is."""
    difference, size = _parts(a, n)
    return round((difference / size).max().item(), 3)


def relative_error__rounded_to_4(a: Tensor, n: Tensor) -> float:
    """You round to 4 decimals, and the error of a right gradient is 1e-7 or less. Return it as it is."""
    difference, size = _parts(a, n)
    return round((difference / size).max().item(), 4)


def relative_error__lengths(a: Tensor, n: Tensor) -> float:
    """You divide the length of the whole difference by the whole lengths: one wrong entry among many hides in that.

    Each entry has an error of its own, and the worst one counts.
    """
    return float((a - n).norm() / (a.norm() + n.norm()).clamp_min(1e-12))


def relative_error__largest_by_largest(a: Tensor, n: Tensor) -> float:
    """You divide the largest difference by the largest size, and they may belong to different entries.

    Divide first, entry by entry, and look for the largest after that.
    """
    difference, size = _parts(a, n)
    return (difference.max() / size.max()).item()


def relative_error__mean(a: Tensor, n: Tensor) -> float:
    """You average over the entries, so many right ones hide a wrong one. The worst entry counts."""
    difference, size = _parts(a, n)
    return (difference / size).mean().item()


def relative_error__sum(a: Tensor, n: Tensor) -> float:
    """You add the errors of all entries up, so many tiny ones look like a large one. The worst entry counts."""
    difference, size = _parts(a, n)
    return (difference / size).sum().item()


def relative_error__best_entry(a: Tensor, n: Tensor) -> float:
    """You return the error of the best entry. The worst one counts."""
    difference, size = _parts(a, n)
    return (difference / size).min().item()


# gradient_check


def _errors(a: Tensor, n: Tensor) -> Tensor:
    difference, size = _parts(a, n)
    return difference / size


def _found(errors: Tensor, tol: float) -> dict[str, Any]:
    worst = int(errors.argmax())
    error = errors.flatten()[worst].item()
    return {"ok": error <= tol, "worst_index": list(_indices(errors)[worst]), "error": error}


def gradient_check__lengths(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You compare the lengths of the two gradients. One that points to the opposite side has the same length.

    Compare entry by entry, and let the worst entry decide.
    """
    a, n = grad_f(theta), _central(f, theta, h)
    error = ((a.norm() - n.norm()).abs() / (a.norm() + n.norm()).clamp_min(1e-12)).item()
    return {**_found(_errors(a, n), tol), "ok": error <= tol, "error": error}


def gradient_check__whole_vector(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """Your error is that of all entries together: one wrong entry among many right ones makes it small.

    Compare entry by entry, and let the worst entry decide.
    """
    a, n = grad_f(theta), _central(f, theta, h)
    error = ((a - n).norm() / (a.norm() + n.norm()).clamp_min(1e-12)).item()
    return {**_found(_errors(a, n), tol), "ok": error <= tol, "error": error}


def gradient_check__sums(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You compare the sums or the means of the two gradients. An entry that is too large cancels one that is too small.

    Compare entry by entry, and let the worst entry decide.
    """
    a, n = grad_f(theta), _central(f, theta, h)
    error = _errors(a.sum(), n.sum()).item()
    return {**_found(_errors(a, n), tol), "ok": error <= tol, "error": error}


def gradient_check__mean(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You average the errors of the entries, so many right ones hide a wrong one. The worst entry decides."""
    errors = _errors(grad_f(theta), _central(f, theta, h))
    error = errors.mean().item()
    return {**_found(errors, tol), "ok": error <= tol, "error": error}


def gradient_check__absolute(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You look for the largest difference itself, so a large entry with a small fault comes before a wrong small one.

    The error is relative: each difference is divided by the size of its own entry.
    """
    return _found((grad_f(theta) - _central(f, theta, h)).abs(), tol)


def gradient_check__place_of_the_largest_difference(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """Your "error" is right, and "worst_index" is the place of the largest difference, which may be another entry.

    Both belong to the entry with the largest relative error.
    """
    a, n = grad_f(theta), _central(f, theta, h)
    return {**_found(_errors(a, n), tol), "worst_index": _found((a - n).abs(), tol)["worst_index"]}


def gradient_check__flat_index(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You return one index, counted through all entries, as `argmax` does. A place in a table is two numbers.

    "worst_index" has one number for each dimension of theta, so that `theta[index]` is the entry; for a theta without
    dimensions it has none.
    """
    found = _found(_errors(grad_f(theta), _central(f, theta, h)), tol)
    return {**found, "worst_index": [_indices(theta).index(tuple(found["worst_index"]))]}


def gradient_check__index_reversed(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """Your index is the wrong way round: the row comes first, then the column, as in `theta[row, column]`."""
    found = _found(_errors(grad_f(theta), _central(f, theta, h)), tol)
    return {**found, "worst_index": found["worst_index"][::-1]}


def gradient_check__first_above_tol(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You stop at the first entry whose error is above tol. A later one may be worse, and the worst is asked."""
    errors = _errors(grad_f(theta), _central(f, theta, h))
    for index in _indices(theta):
        if errors[index] > tol:
            return {"ok": False, "worst_index": list(index), "error": errors[index].item()}
    return _found(errors, tol)


def gradient_check__last_above_tol(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You report the last entry whose error is above tol: each one overwrites the one before. The worst is asked."""
    errors = _errors(grad_f(theta), _central(f, theta, h))
    for index in reversed(_indices(theta)):
        if errors[index] > tol:
            return {"ok": False, "worst_index": list(index), "error": errors[index].item()}
    return _found(errors, tol)


def gradient_check__best_entry(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You report the entry with the smallest error. The worst one decides."""
    errors = _errors(grad_f(theta), _central(f, theta, h))
    best = int(errors.argmin())
    error = errors.flatten()[best].item()
    return {"ok": error <= tol, "worst_index": list(_indices(theta)[best]), "error": error}


def gradient_check__ok_upside_down(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """Your "ok" is True for wrong gradients and False for right ones: ok means that the error is small."""
    found = _found(_errors(grad_f(theta), _central(f, theta, h)), tol)
    return {**found, "ok": not found["ok"]}


def gradient_check__equal(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You ask for gradients that are exactly equal. A difference quotient is never exact: it has the error of its step.

    Rounding adds another error. That is what the tolerance is for.
    """
    a, n = grad_f(theta), _central(f, theta, h)
    return {**_found(_errors(a, n), tol), "ok": torch.equal(a, n)}


def gradient_check__tol_ignored(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """Your "ok" does not depend on tol: you compare with a fixed 1e-5, or `torch.allclose` does with its own numbers.

    The caller decides how much is too much, and asks whether the relative error is at most that.
    """
    return _found(_errors(grad_f(theta), _central(f, theta, h)), 1e-5)


def gradient_check__below_tol(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You ask for an error below tol, and an error that is tol itself is still ok: "at most" leaves the equal case in.

    It shows seldom. With tol = 1 it does: a wrong sign has the error 1 to the last digit, and no error is larger.
    """
    found = _found(_errors(grad_f(theta), _central(f, theta, h)), tol)
    return {**found, "ok": found["error"] < tol}


def gradient_check__h_ignored(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You do not hand h on, so the numerical gradient is always computed with its default step."""
    return _found(_errors(grad_f(theta), _central(f, theta, 1e-5)), tol)


def gradient_check__nan_is_ok(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """A gradient with a nan in it counts as ok: you ask whether something is larger, and for nan the answer is no.

    Every comparison with nan is False, so ask the question the other way round, or test for nan first.
    """
    errors = _errors(grad_f(theta), _central(f, theta, h))
    found = _found(errors, tol)
    return {**found, "ok": not bool((errors > tol).any())}


def gradient_check__guard_too_large(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """Small slopes hide their errors here: the guard in your denominator, or in your `relative_error`, is too large.

    With a guard of 1e-8, slopes of 1e-9 and 3e-9 look closer than they are. A guard of 1e-12 leaves them alone.
    """
    a, n = grad_f(theta), _central(f, theta, h)
    return _found((a - n).abs() / (a.abs() + n.abs()).clamp_min(1e-8), tol)


def gradient_check__other_tolerance(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-3
) -> dict[str, Any]:
    """You have changed the default of tol: a caller who names no tolerance counts on 1e-5."""
    return _found(_errors(grad_f(theta), _central(f, theta, h)), tol)


def gradient_check__other_step(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-3, tol: float = 1e-5
) -> dict[str, Any]:
    """You have changed the default of h: a caller who names no step counts on 1e-5."""
    return _found(_errors(grad_f(theta), _central(f, theta, h)), tol)


def gradient_check__rounded_to_3(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You round the error to 3 decimals, and that of a right gradient is 1e-7 or less. Return it as it is."""
    found = _found(_errors(grad_f(theta), _central(f, theta, h)), tol)
    return {**found, "error": round(found["error"], 3)}


def gradient_check__rounded_to_4(
    f: Function, grad_f: Gradient, theta: Tensor, h: float = 1e-5, tol: float = 1e-5
) -> dict[str, Any]:
    """You round the error to 4 decimals, and that of a right gradient is 1e-7 or less. Return it as it is."""
    found = _found(_errors(grad_f(theta), _central(f, theta, h)), tol)
    return {**found, "error": round(found["error"], 4)}


# quadratic_gradients


def _error(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> Tensor:
    return w2 * x**2 + w1 * x + b - y


def _slopes(error: Tensor, x: Tensor) -> tuple[float, float, float]:
    return 2 * (error * x**2).mean().item(), 2 * (error * x).mean().item(), 2 * error.mean().item()


def quadratic_gradients__by_x(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """You differentiate the prediction by x: that is where 2 * w2 * x comes from.

    The data stay as they are. Ask how the prediction changes if w2 changes, with x a given number.
    """
    error = _error(x, y, w2, w1, b)
    return (2 * error * 2 * w2 * x).mean().item(), *_slopes(error, x)[1:]


def quadratic_gradients__power_rule(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """You differentiate x**2 to 2 * x. In the slope along w2, it is w2 that varies, and x**2 is its given factor."""
    error = _error(x, y, w2, w1, b)
    return (2 * error * 2 * x).mean().item(), *_slopes(error, x)[1:]


def quadratic_gradients__x_not_squared(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """Your first two slopes are the same: in the one along w2, the error is multiplied by x, not by its square."""
    _, along_w1, along_b = _slopes(_error(x, y, w2, w1, b), x)
    return along_w1, along_w1, along_b


def quadratic_gradients__errors_alone(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """All your slopes are the one along b: the inner derivatives of the chain rule are missing.

    How much the prediction at x changes depends on the parameter: for w1 it is x, for w2 its square.
    """
    along_b = _slopes(_error(x, y, w2, w1, b), x)[2]
    return along_b, along_b, along_b


def quadratic_gradients__reversed(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """Your slopes are in the wrong order: w2 comes first and b last, as in the signature."""
    along_w2, along_w1, along_b = _slopes(_error(x, y, w2, w1, b), x)
    return along_b, along_w1, along_w2


def quadratic_gradients__w1_first(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """Your first two slopes are exchanged: w2, the factor of the square, comes first, as in the signature."""
    along_w2, along_w1, along_b = _slopes(_error(x, y, w2, w1, b), x)
    return along_w1, along_w2, along_b


def quadratic_gradients__product_squared(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """Your prediction squares w2 together with x. In `w2 * x**2` only x is squared: the power binds first."""
    return _slopes((w2 * x) ** 2 + w1 * x + b - y, x)


def quadratic_gradients__halved(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """Your slopes are half of the right ones: the derivative of a square brings down a factor 2."""
    return _slopes(_error(x, y, w2, w1, b) / 2, x)


def quadratic_gradients__summed(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """Your slopes are N times too large: the loss is a mean over the points, so its slopes are means as well."""
    return _slopes(_error(x, y, w2, w1, b) * len(x), x)


def quadratic_gradients__halved_and_summed(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """Your slopes are those of half the sum of the squared errors: the factor 2 is missing, and so is the mean."""
    return _slopes(_error(x, y, w2, w1, b) * len(x) / 2, x)


def quadratic_gradients__downhill(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """All your signs are wrong: these slopes point downhill.

    The error is the prediction minus y. The other way round, the inner derivative has a minus that must not be lost.
    """
    return _slopes(-_error(x, y, w2, w1, b), x)


def quadratic_gradients__bias_forgotten(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """The bias is missing in your prediction, so your slopes are right for b = 0 only."""
    return _slopes(_error(x, y, w2, w1, 0.0), x)


def quadratic_gradients__w1_forgotten(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """The term w1 * x is missing in your prediction, so your slopes are right for w1 = 0 only."""
    return _slopes(_error(x, y, w2, 0.0, b), x)


def quadratic_gradients__means_multiplied(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """You multiply the mean error by the mean of x, or of its square. The mean is taken last, over the products."""
    along_b = _slopes(_error(x, y, w2, w1, b), x)[2]
    return along_b * (x**2).mean().item(), along_b * x.mean().item(), along_b


def quadratic_gradients__every_pair(x: Tensor, y: Tensor, w2: float, w1: float, b: float) -> tuple[float, float, float]:
    """You subtract every y from every prediction: a column of shape (N, 1) minus N values is a table of shape (N, N).

    Point i belongs to y[i] alone, so both have to have the shape (N,).
    """
    column = x[:, None]
    return _slopes(_error(column, y, w2, w1, b), column)


def quadratic_gradients__rounded_to_3(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """You round to 3 decimals, which leaves nothing of small slopes. Return them as they are."""
    along_w2, along_w1, along_b = _slopes(_error(x, y, w2, w1, b), x)
    return round(along_w2, 3), round(along_w1, 3), round(along_b, 3)


def quadratic_gradients__rounded_to_4(
    x: Tensor, y: Tensor, w2: float, w1: float, b: float
) -> tuple[float, float, float]:
    """You round to 4 decimals, which leaves nothing of small slopes. Return them as they are."""
    along_w2, along_w1, along_b = _slopes(_error(x, y, w2, w1, b), x)
    return round(along_w2, 4), round(along_w1, 4), round(along_b, 4)
