"""What a wrong tensor looks like beside the wanted one, in one or two short sentences.

Nothing here knows an exercise. Forms are tried in order; each compares a transformation of the wanted values with what
was returned, and the first that fits is said. A statement is true of the numbers; a likely cause is a question.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

RELATIVE = 1e-4
"""A value that fits differs by at most this share of itself: float32 on the way must not hide a form."""
FLOOR = 1e-5
"""What it may differ in addition, as a share of the largest value: a sum of large terms may be close to 0."""
EXACT = 1e-10
"""Stands for both where all numbers are whole; a smaller difference is none."""
INFORMATIVE = 1e-3
"""A smaller share of the largest value proves nothing about a ratio."""
UNEXPLAINED = 0.02
"""A form explains all but this share of the difference: to be close to the wanted values is not enough."""
MAX_LENGTH = 300


def explain(returned: Tensor, wanted: Tensor, sizes: Mapping[str, int] = {}) -> str:
    """Say what the difference looks like, or return "" where nothing is recognised.

    Both tensors have any shape and any dtype. ``sizes`` are the named sizes in the arguments of the call, such as
    ``{"N": 5, "n_w": 3}``: a constant factor is recognised by them.
    """
    pair = _Pair(_plain(returned, wanted), _plain(wanted, returned), returned.dtype, wanted.dtype, sizes)
    forms = _VALUE_FORMS if returned.shape == wanted.shape else _SHAPE_FORMS
    text = " ".join(next((text for form in forms if (text := form(pair)) is not None), "").split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 3] + "..."


def first_difference(returned: Tensor, wanted: Tensor, tolerance: float = 1e-4) -> tuple[int, ...] | None:
    """Return the index of the first cell that differs by more than ``tolerance * max(1, largest finite |wanted|)``.

    nan differs from everything but nan. None where no cell differs, or where the shapes do.
    """
    if returned.shape != wanted.shape:
        return None
    left, right = _plain(returned, wanted), _plain(wanted, returned)
    cells = (~_close(left, right, 0.0, tolerance * max(1.0, _largest(right)))).nonzero()
    return tuple(int(index) for index in cells[0]) if len(cells) else None


@dataclass(frozen=True, eq=False)
class _Pair:
    """Both tensors as numbers of one dtype, float64 or complex128, with the dtypes they came in."""

    returned: Tensor
    wanted: Tensor
    returned_dtype: torch.dtype
    wanted_dtype: torch.dtype
    sizes: Mapping[str, int]

    @cached_property
    def right(self) -> Tensor:
        """Where the returned value is the wanted one."""
        return self.close(self.returned, self.wanted)

    @cached_property
    def gap(self) -> float:
        """The largest finite difference."""
        return _largest(self.returned - self.wanted)

    def close(self, left: Tensor, right: Tensor) -> Tensor:
        """Compare two tensors of one shape cell by cell."""
        if _is_whole(self.returned_dtype) and _is_whole(self.wanted_dtype):
            return _close(left, right, 0.0, EXACT)
        return _close(left, right, RELATIVE, FLOOR * _largest(right))

    def same(self, left: Tensor, right: Tensor) -> bool:
        """Whether two tensors have the same shape and values."""
        return left.shape == right.shape and bool(self.close(left, right).all())

    def shows(self, candidate: Tensor) -> bool:
        """Whether the candidate is what was returned, and explains the difference."""
        return self.explains(candidate, self.returned)

    def explains(self, candidate: Tensor, seen: Tensor) -> bool:
        """Whether two tensors are the same, and much closer to each other than the returned and wanted values are."""
        return self.same(candidate, seen) and _largest(candidate - seen) <= UNEXPLAINED * self.gap

    def line(self, dim: int, index: int) -> "_Pair":
        """One row, column or slice of both."""
        return replace(self, returned=self.returned.select(dim, index), wanted=self.wanted.select(dim, index))


_Form = Callable[[_Pair], str | None]
_Claims = Iterator[tuple[Tensor, str]]


def _plain(values: Tensor, other: Tensor) -> Tensor:
    is_complex = values.is_complex() or other.is_complex()
    return values.detach().to("cpu", torch.complex128 if is_complex else torch.float64)


def _is_whole(dtype: torch.dtype) -> bool:
    return not (dtype.is_floating_point or dtype.is_complex)


def _close(left: Tensor, right: Tensor, relative: float, absolute: float) -> Tensor:
    """Compare cell by cell; nan is close to nan, and an infinity to itself."""
    return torch.isclose(left, right, rtol=relative, atol=absolute) | (left.isnan() & right.isnan())


def _largest(values: Tensor) -> float:
    """Return the largest finite magnitude, 0 where there is none."""
    magnitudes = values.abs()
    return float(torch.where(magnitudes.isfinite(), magnitudes, 0.0).max()) if magnitudes.numel() else 0.0


def _vary(values: Tensor) -> bool:
    """Whether at least two values are clearly different."""
    flat = values.flatten()
    return flat.numel() > 1 and _largest(flat - flat[0]) > INFORMATIVE * _largest(flat)


def _by_line(values: Tensor, dim: int) -> Tensor:
    """Put the parts along a dimension into rows, shape (lines, cells of a line)."""
    return values.movedim(dim, 0).reshape(values.shape[dim], -1)


def _lines(ndim: int, dim: int) -> tuple[str, str]:
    """Return what the parts along a dimension are called: one, and several."""
    if ndim == 1:
        return "entry", "entries"
    return (("row", "rows"), ("column", "columns"))[dim] if ndim == 2 else ("slice", f"slices along dim {dim}")


def _either(choices: list[str]) -> str:
    return " or ".join([", ".join(choices[:-1]), choices[-1]] if len(choices) > 1 else choices)


def _text(value: complex) -> str:
    if isinstance(value, complex) and value.imag:
        return f"{value.real:.4g}{value.imag:+.4g}j"
    return f"{value.real + 0.0:.4g}"  # + 0.0 turns -0.0 into 0.0


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _names(sizes: Mapping[str, int], size: int) -> list[str]:
    return [name for name, value in sizes.items() if value == size][:3]


# ---- The shapes differ -----------------------------------------------------------------------------------------------


def _shapes(pair: _Pair) -> str:
    return f"shape {tuple(pair.returned.shape)}, and {tuple(pair.wanted.shape)} is wanted"


def _empty(pair: _Pair) -> str | None:
    if pair.returned.numel() or not pair.wanted.numel():
        return None
    return f"Your result is empty: it has {_shapes(pair)}. Does the loop run at all?"


def _axes(pair: _Pair) -> str | None:
    returned, wanted, ndim = pair.returned, pair.wanted, pair.wanted.ndim
    if returned.ndim != ndim or not 2 <= ndim <= 4 or sorted(returned.shape) != sorted(wanted.shape):
        return None
    orders = itertools.permutations(range(ndim))
    order = next((order for order in orders if pair.same(wanted.permute(order), returned)), None)
    if order and ndim == 2:
        return f"Transposed: the numbers are right, but they have {_shapes(pair)}. Which index counts the rows?"
    if order:
        return f"The numbers are right, but they have {_shapes(pair)}: are the dimensions in the order {order}?"
    return f"Your result has {_shapes(pair)}: are rows and columns exchanged?" if ndim == 2 else None


def _ones(pair: _Pair) -> str | None:
    returned, wanted = tuple(pair.returned.shape), tuple(pair.wanted.shape)
    if [size for size in returned if size != 1] != [size for size in wanted if size != 1]:
        return None
    is_right = pair.same(pair.wanted.reshape(returned), pair.returned)
    start = f"{'The numbers are right, but they have' if is_right else 'Your result has'} {_shapes(pair)}"
    if len(returned) < len(wanted):
        return f"{start}: is a dimension of size 1 missing?"
    pairs = list(itertools.zip_longest(reversed(returned), reversed(wanted), fillvalue=1))
    together = tuple(max(both) for both in reversed(pairs))
    if together == returned or any(1 not in both and both[0] != both[1] for both in pairs):
        return f"{start}: where does the dimension of size 1 come from?"
    return f"{start}. Careful, it broadcasts: {returned} minus {wanted} has shape {together}."


def _single(pair: _Pair) -> str | None:
    if pair.returned.numel() != 1 or pair.wanted.numel() < 2:
        return None
    value, start = pair.returned.reshape(()), f"A single number, and shape {tuple(pair.wanted.shape)} is wanted"
    for what, reduced in (("mean", pair.wanted.mean()), ("sum", pair.wanted.sum())):
        if pair.same(reduced, value):
            return f"{start}: yours is the {what} of all wanted values. Is it taken over one dimension too many?"
    return f"{start}: a mean or a sum over all dimensions instead of one?"


def _outer(pair: _Pair) -> str | None:
    size = pair.wanted.numel()
    if pair.wanted.ndim != 1 or size < 2 or pair.returned.shape != (size, size):
        return None
    diagonal = " The wanted values are its diagonal." if pair.same(pair.wanted, pair.returned.diagonal()) else ""
    return f"Your result has {_shapes(pair)}.{diagonal} Did ({size}, 1) meet ({size},) and broadcast to all pairs?"


def _reduced(pair: _Pair) -> str | None:
    small, large = sorted((pair.returned, pair.wanted), key=lambda values: values.ndim)
    if large.ndim != small.ndim + 1:
        return None
    for dim, what in itertools.product(range(large.ndim), ("mean", "sum")):
        if large.shape[dim] > 1 and pair.same(getattr(large, what)(dim), small):
            if small is pair.wanted:
                return f"Your result has {_shapes(pair)}: its {what} over dimension {dim} is right. Is that missing?"
            return f"Dimension {dim} is missing: yours is the {what} of the wanted values over it. One {what} too many?"
    return None


def _reshaped(pair: _Pair) -> str | None:
    if not pair.same(pair.wanted.flatten(), pair.returned.flatten()):
        return None
    return f"The numbers are right and in order, but they have {_shapes(pair)}: is a reshape missing?"


def _length(pair: _Pair) -> str | None:
    returned, wanted, ndim = pair.returned, pair.wanted, pair.wanted.ndim
    differing = [dim for dim in range(min(ndim, returned.ndim)) if returned.shape[dim] != wanted.shape[dim]]
    if returned.ndim != ndim or len(differing) != 1:
        return None
    dim = differing[0]
    have, want = returned.shape[dim], wanted.shape[dim]
    few, extra, (one, several) = min(have, want), abs(have - want), _lines(ndim, dim)
    at_end = pair.same(wanted.narrow(dim, 0, few), returned.narrow(dim, 0, few))
    at_start = pair.same(wanted.narrow(dim, want - few, few), returned.narrow(dim, have - few, few))
    count = f"{extra} {one if extra == 1 else several} too {'many' if have > want else 'few'}"
    if wanted.numel() and at_end != at_start:
        cause = "off by one" if extra == 1 else "does a loop begin too late or end too early"
        return f"{count} at the {'end' if at_end else 'start'}, the others are right: {cause}?".capitalize()
    labels = [" = ".join([str(size), *_names(pair.sizes, size)]) for size in (have, want)]
    cause = ". A mean or a sum over the wrong dimension?" if all("=" in label for label in labels) else f": {count}."
    return f"Your result has {labels[0]} {several}, and {labels[1]} are wanted{cause}"


def _other_shape(pair: _Pair) -> str:
    return f"Your result has {_shapes(pair)}."


# ---- The shapes agree ------------------------------------------------------------------------------------------------


def _dtype(pair: _Pair) -> str | None:
    """Nothing but the dtype is wrong, or nothing at all."""
    if pair.gap > EXACT * _largest(pair.wanted) or not pair.right.all():
        return None
    if pair.returned_dtype == pair.wanted_dtype:
        return ""
    return f"The numbers are right, but their dtype is {_name(pair.returned_dtype)}, and {_name(pair.wanted_dtype)} " \
        "is wanted."


def _not_finite(pair: _Pair) -> str | None:
    returned, wanted = pair.returned, pair.wanted
    if all(test(returned).sum() <= test(wanted).sum() for test in (torch.isnan, torch.isinf)):
        return None
    bad = ~returned.isfinite() & ~pair.right
    first = _first(bad)
    nans = returned[bad].isnan()
    what = "nan" if nans.all() else "nan or inf" if nans.any() else "inf"
    cause = "0 divided by 0, or a log or a root of a negative number" if nans[0] else "divided by 0, or too large an exp"
    if bad.all():
        return f"{_every(bad)} is {what}: {cause}?"
    for dim in range(bad.ndim):
        lines, start, (one, _) = _by_line(bad, dim), first[dim], _lines(bad.ndim, dim)
        if lines.shape[1] > 1 and lines[start].all() and lines.sum() == lines.shape[1]:
            return f"All of {one} {start} is {what}, and nothing else: {cause}?"
        if dim == 0 and 0 < start < len(lines) - 1 and lines[start:].all() and not lines[:start].any():
            return f"From {one} {start} on everything is {what}: do the values grow without bound?"
    return f"{int(bad.sum())} of {bad.numel()} values are {what}, the first is {list(first)}: {cause}?"


def _rounded(pair: _Pair) -> str | None:
    wanted, dtype = pair.wanted, pair.returned_dtype
    is_whole = _is_whole(dtype)
    if wanted.is_complex() or not (is_whole or (_vary(pair.returned.flatten()) and _vary(wanted[~pair.right]))):
        return None
    for change, how in ((torch.trunc, "cut off"), (torch.round, "rounded"), (torch.floor, "rounded down")):
        if pair.shows(change(wanted)):
            cause = f"is the dtype {_name(dtype)} meant" if is_whole else "is there an integer dtype or a // on the way"
            return f"These are the wanted values {how} to whole numbers: {cause}?"
    digits = next((digits for digits in range(1, 5) if pair.shows(wanted.round(decimals=digits))), 0)
    return f"These are the wanted values rounded to {digits} digits after the point: must they be?" if digits else None


def _zeros(pair: _Pair) -> str | None:
    zero = "False" if pair.returned_dtype is torch.bool else "0"
    return None if pair.returned.any() else f"{_every(pair.returned)} is {zero}: is the result ever filled in?"


def _likely_factors(sizes: Mapping[str, int]) -> Iterator[_Factor]:
    for size in dict.fromkeys(size for size in sizes.values() if size > 1):
        names = _names(sizes, size)
        n, over = names[0], "the N points" if names == ["N"] else " or ".join(names)
        twice = f"divided by {n} twice or averaged instead of summed"
        yield _Factor(size, " = ".join(names), f"summed instead of averaged over {over}", twice)
        too_few, too_many = f"divided by {n} - 1 instead of {n}", f"divided by {n} instead of {n} - 1"
        yield _Factor(size / (size - 1), f"{n}/({n} - 1)", too_few, too_many)
    yield _Factor(2, "", "a factor 2 too many", "a factor 2 left out")


def _rare_factors(sizes: Mapping[str, int]) -> Iterator[_Factor]:
    named = sorted({size: name for name, size in sizes.items() if size > 1}.items())
    for size, n in named:
        summed, twice = f"summed instead of averaged over {n}", f"divided by {n} twice"
        yield _Factor(2 * size, f"2 * {n}", f"{summed}, and a factor 2 too many", f"{twice}, and a factor 2 left out")
        yield _Factor(size / 2, f"{n}/2", f"{summed}, and a factor 2 left out", f"{twice}, and a factor 2 too many")
        yield _Factor(math.sqrt(size), f"the root of {n}", "a division by it left out", "a division by it too many")
    for (small, m), (large, n) in itertools.combinations(named, 2):
        summed = f"summed instead of averaged over {n} and {m}"
        yield _Factor(large * small, f"{n} * {m}", summed, f"averaged instead of summed over {n} and {m}")
        yield _Factor(large / small, f"{n}/{m}", f"divided by {m} instead of {n}", f"divided by {n} instead of {m}")


def _ratio(pair: _Pair) -> float:
    """Return the returned value as a multiple of the wanted one, at the largest; 0 where there is no such number."""
    cell = int(torch.where(pair.wanted.isfinite() & pair.returned.isfinite(), pair.wanted.abs(), 0.0).argmax())
    ratio = (pair.returned.flatten()[cell] / pair.wanted.flatten()[cell]).real.item()
    return ratio if math.isfinite(ratio) and 1 / MAX_RATIO < abs(ratio) < MAX_RATIO else 0.0


def _factor(pair: _Pair) -> str | None:
    """A factor that has a name; where only one value is not 0, it must be a likely one."""
    ratio, magnitudes = _ratio(pair), pair.wanted.abs()
    if not ratio or not pair.shows(pair.wanted * ratio):
        return None
    is_large = magnitudes > INFORMATIVE * _largest(magnitudes)
    is_proven = _vary(pair.wanted[is_large & magnitudes.isfinite()])
    if not is_proven and _largest(magnitudes[~is_large]) > EXACT * _largest(magnitudes):
        return None
    subject = _every(magnitudes) + ("" if is_proven or is_large.all() else " that is not 0")
    size, too = (ratio, "large") if abs(ratio) > 1 else (1 / ratio, "small")
    if abs(size) < 1 + RELATIVE:
        return f"{subject} has the wrong sign: is something subtracted the other way round?"
    for factors in (_likely_factors, _rare_factors)[: 1 + is_proven]:
        fits = [fit for fit in factors(pair.sizes) if math.isclose(fit.size, abs(size), rel_tol=3 * RELATIVE)]
        if fits:
            causes = [fit.if_large if too == "large" else fit.if_small for fit in fits[:3]]
            causes += [] if is_proven else [cause for candidate, _, cause in _functions(pair) if pair.shows(candidate)]
            label = " = ".join(filter(None, (_text(abs(size)), fits[0].name)))
            sign = " and has the wrong sign" if ratio < 0 else ""
            return f"{subject} is {label} times too {too}{sign}: {_either(causes)}?"
    return None


def _other_factor(pair: _Pair) -> str | None:
    ratio = _ratio(pair)
    if not ratio or not pair.shows(pair.wanted * ratio, _spread(pair.wanted.flatten())):
        return None
    return f"Every value is {_text(ratio)} times the wanted one: is a constant factor wrong?"


def _offset(pair: _Pair) -> str | None:
    differences = pair.returned - pair.wanted
    offset = differences[differences.isfinite()].mean()
    if not pair.shows(pair.wanted + offset, _spread(pair.wanted.flatten())):
        return None
    if offset.is_complex():
        return f"Every value is the wanted one plus {_text(offset.item())}: is a term left out or added twice?"
    too = "large" if offset > 0 else "small"
    return f"Every value is {_text(offset.abs().item())} too {too}: is a term left out or added twice?"


def _constant(pair: _Pair) -> str | None:
    """All values, rows or columns are the same."""
    for dim in (None, *range(pair.wanted.ndim)):
        mine, right = (_by_line(values, dim) for values in (pair.returned, pair.wanted))
        if len(mine) < 2 or _spread(mine) > EXACT or not mine.isfinite().all() or not _vary(right):
            continue
        several = "values" if dim is None else _lines(pair.wanted.ndim, dim)[1]
        cause = "is one result stored everywhere"
        if pair.same(mine[0], right[-1]):
            cause = "they are the last wanted one. Is the same object stored again and again"
        elif pair.same(mine[0], right.mean(0)):
            cause = "they are the mean of the wanted ones. Is it taken over one dimension too many"
        return f"All {several} are the same, where they should differ: {cause}?"
    return None


def _moved(pair: _Pair) -> str | None:
    """The right numbers at other places."""
    wanted, ndim = pair.wanted, pair.wanted.ndim
    if ndim == 2 and pair.shows(wanted.T.reshape(wanted.shape)):
        if wanted.shape[0] == wanted.shape[1]:
            return "Transposed: the numbers are right, with rows and columns exchanged. Which index counts the rows?"
        return "The numbers are right, but read column by column: is there a reshape where a transpose is needed?"
    for dim, size in enumerate(wanted.shape):
        _, several = _lines(ndim, dim)
        if pair.shows(wanted.flip(dim)):
            return f"Your {several} are {'in reverse order' if size > 2 else 'exchanged'}: which one comes first?"
        wrong = _by_line(~pair.right, dim).any(1).nonzero().flatten().tolist()
        order = torch.arange(size)
        order[wrong] = order[wrong[::-1]]
        if len(wrong) == 2 and pair.shows(wanted.index_select(dim, order)):
            return f"{several.capitalize()} {wrong[0]} and {wrong[1]} are exchanged: which one comes first?"
    if ndim == 2 and pair.shows(wanted.flip(0, 1)):
        return "Your rows and your columns are both in reverse order: which ones come first?"
    return None


def _permuted(pair: _Pair) -> str | None:
    if not pair.wanted.isfinite().all():
        return None
    for dim in (*range(pair.wanted.ndim), None):
        mine, right = (_ordered(_by_line(values, dim)) for values in (pair.returned, pair.wanted))
        if pair.same(right, mine) and _largest(right - mine) <= UNEXPLAINED * pair.gap:
            several = "numbers" if dim is None else _lines(pair.wanted.ndim, dim)[1]
            is_sorted = pair.wanted.ndim == 1 and pair.same(mine, _by_line(pair.returned, dim))
            how = "ascending order: is something sorted" if is_sorted else "another order: is something sorted or shuffled"
            return f"The {several} are the right ones, in {how}?"
    return None


def _functions(pair: _Pair) -> Iterator[tuple[Tensor, str, str]]:
    """Yield the wanted values after one function too many, what that is, and why."""
    wanted = pair.wanted
    if wanted.is_complex():
        return
    yield wanted.square(), "the square of the wanted one", "a square too many or a root left out"
    yield wanted.sqrt(), "the square root of the wanted one", "a root too many or a square left out"
    yield wanted.reciprocal(), "1 divided by the wanted one", "divided the other way round"
    yield 1 - wanted, "1 minus the wanted one", "the opposite of what is asked"
    yield wanted.log(), "the logarithm of the wanted one", "a log too many or an exp left out"
    yield wanted.exp(), "the exponential of the wanted one", "an exp too many or a log left out"
    if _vary(wanted[wanted < 0]):
        yield wanted.abs(), "the absolute value of the wanted one", "a sign lost in an abs or a square"
        yield wanted.relu(), "the wanted one, with 0 for what is negative", "a relu or a clamp too many"


def _function(pair: _Pair) -> str | None:
    fits = ((what, cause) for candidate, what, cause in _functions(pair) if pair.shows(candidate))
    return next((f"{_every(pair.wanted)} is {what}: {cause}?" for what, cause in fits), None)


def _shifted(pair: _Pair) -> str | None:
    for dim, size in enumerate(pair.wanted.shape):
        one, _ = _lines(pair.wanted.ndim, dim)
        for mine, right, cause in ((1, 0, "one step too late"), (0, 1, "is the first one left out")):
            body = pair.wanted.narrow(dim, right, size - 1)
            if size > 2 and _vary(_by_line(body, dim)) and pair.explains(body, pair.returned.narrow(dim, mine, size - 1)):
                return f"Shifted: your {one} {mine} is the wanted {one} {right}, and so on: {cause}?"
    return None


def _running(pair: _Pair) -> str | None:
    if pair.wanted.ndim == 0 or len(pair.wanted) < 3:
        return None
    _, several = _lines(pair.wanted.ndim, 0)
    if pair.shows(pair.wanted.cumsum(0)):
        return f"Your {several} are the running sums of the wanted ones: does something add up that should start anew?"
    if pair.shows(torch.cat([pair.wanted[:1], pair.wanted.diff(dim=0)])):
        return f"Your {several} are the steps between the wanted ones: is adding them up left out?"
    return None


def _partly(pair: _Pair) -> str | None:
    """Some places are right."""
    wrong, ndim = ~pair.right, pair.wanted.ndim
    count, first = int(wrong.sum()), _first(wrong)
    for dim, size in enumerate(wrong.shape):
        (one, _), lines = _lines(ndim, dim), _by_line(wrong, dim).any(1)
        if size > 1 and count > 1 and lines.sum() == 1:
            line = replace(pair, returned=pair.returned.select(dim, first[dim]), wanted=pair.wanted.select(dim, first[dim]))
            inside = next(filter(None, (form(line) for form in (_factor, _offset, _other_factor))), "")
            return f"Only {one} {first[dim]} is wrong. {inside.replace('Every value', 'There, every value', 1)}"
    if count and wrong.numel() > 1 and not pair.wanted.is_complex() and pair.same(pair.returned.abs(), pair.wanted.abs()):
        return f"The sign is wrong in {count} of {wrong.numel()} values, the first is {list(first)}; all else is right."
    if count == 1 < wrong.numel():
        mine, right = (_text(values[first].item()) for values in (pair.returned, pair.wanted))
        return f"All {_lines(ndim, 0)[1] if ndim == 1 else 'cells'} are right but {list(first)}: {mine} instead of {right}."
    lines = _by_line(wrong, 0).any(1) if ndim else wrong[None]
    if first and 0 < first[0] < len(lines) - 1 and lines[first[0] :].all():
        one, several = _lines(ndim, 0)
        many = f"The first {first[0]} {several} are" if first[0] > 1 else f"The first {one} is"
        return f"{many} right, and from {one} {first[0]} on all are wrong: does something carry over to the next {one}?"
    return None


def _precision(pair: _Pair) -> str | None:
    """The values are nearly right, or at least the dtype says something."""
    mine, right, scale = pair.returned_dtype, pair.wanted_dtype, _largest(pair.wanted)
    is_coarse = mine.is_floating_point and right.is_floating_point and torch.finfo(mine).eps > torch.finfo(right).eps
    if is_coarse and _close(pair.returned, pair.wanted, max(RELATIVE, 4 * torch.finfo(mine).eps), FLOOR * scale).all():
        return f"Your result is {_name(mine)}, {_name(right)} is wanted, and it is right as far as {_name(mine)} goes: " \
            "is a tensor made without its dtype?"
    if pair.right.all():
        cause = "computed in float32" if pair.gap < FLOOR * scale else "rounded, or an eps in another place"
        return f"Your values differ by at most {_text(pair.gap / scale)} of the largest wanted one: {cause}?"
    if _is_whole(mine) and not _is_whole(right):
        return f"Your result is {_name(mine)}, and {_name(right)} is wanted: do decimals get lost on the way?"
    return f"Your result is {_name(mine)}, and {_name(right)} is wanted." if mine.is_complex > right.is_complex else None


_SHAPE_FORMS: tuple[_Form, ...] = (
    _empty, _axes, _ones, _single, _outer, _reduced, _reshaped, _length, _other_shape,
)
_VALUE_FORMS: tuple[_Form, ...] = (
    _dtype, _not_finite, _rounded, _zeros, _or_shifted(_factor), _moved, _constant, _or_shifted(_offset),
    _or_shifted(_other_factor), _function, _shifted, _permuted, _running, _partly, _precision,
)
