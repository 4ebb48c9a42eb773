"""What a wrong tensor looks like beside the wanted one, in one or two short sentences.

Nothing here knows an exercise. Each form compares a transformation of the wanted values with what was returned; they
are tried in order, and the first that fits is said. A statement is true of the numbers; a likely cause is a question.
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
"""Values, or differences of values, that are a smaller share of the largest one prove nothing."""
UNEXPLAINED = 0.02
"""A form explains all but this share of the difference: to be close to the wanted values is not enough."""
HUGE = 1e150
"""The square of a larger value overflows, so nothing is computed with such values."""
MAX_RATIO = 1e9
"""A larger factor, or one below its reciprocal, is rounding."""
MAX_LENGTH = 300
"""Of a text, in characters."""
FEW = 8
"""So many values are compared before all are: most candidates are already wrong there."""


def explain(returned: Tensor, wanted: Tensor, sizes: Mapping[str, int] = {}) -> str:
    """Say what the difference looks like, or return "" where nothing is recognised.

    Both tensors have any shape and any dtype. ``sizes`` are the named sizes in the arguments of the call, such as
    ``{"N": 5, "n_w": 3}``: a constant factor is recognised by them.
    """
    pair = _Pair(_plain(returned, wanted), _plain(wanted, returned), returned.dtype, wanted.dtype, sizes)
    forms = _VALUE_FORMS if returned.shape == wanted.shape else _SHAPE_FORMS
    text = " ".join(next(itertools.chain.from_iterable(form(pair) for form in forms), "").split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 3] + "..."


def first_difference(returned: Tensor, wanted: Tensor, tolerance: float = 1e-4) -> tuple[int, ...] | None:
    """Return the index of the first cell that differs by more than ``tolerance * max(1, largest finite |wanted|)``.

    nan differs from everything but nan. None where no cell differs, or where the shapes do.
    """
    if returned.shape != wanted.shape:
        return None
    left, right = _plain(returned, wanted), _plain(wanted, returned)
    wrong = ~_close(left, right, 0.0, tolerance * max(1.0, _largest(right)))
    return _first(wrong) if wrong.any() else None


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
        return self.close(self.returned, self.wanted, _largest(self.wanted))

    @cached_property
    def gap(self) -> float:
        """The largest finite difference."""
        return _largest(self.returned - self.wanted)

    @cached_property
    def scale(self) -> float:
        """The largest finite returned value."""
        return _largest(self.returned)

    @cached_property
    def is_large(self) -> Tensor:
        """Where the wanted values are not so close to 0 that they prove nothing about a ratio."""
        return self.wanted.abs() > INFORMATIVE * _largest(self.wanted)

    @cached_property
    def is_varied(self) -> bool:
        """Whether there are two different ones among those."""
        return _vary(self.wanted[self.is_large & self.wanted.isfinite()])

    @cached_property
    def is_rearranged(self) -> bool:
        """Whether both can hold the same numbers at different places: so do the sums agree."""
        mine, right = (torch.where(values.isfinite(), values, 0.0) for values in (self.returned, self.wanted))
        return bool((mine - right).sum().abs() <= RELATIVE * mine.abs().sum() + FLOOR * self.scale)

    def close(self, left: Tensor, right: Tensor, scale: float) -> Tensor:
        """Compare two tensors of one shape cell by cell."""
        if _is_whole(self.returned_dtype) and _is_whole(self.wanted_dtype):
            return _close(left, right, EXACT, EXACT)
        return _close(left, right, RELATIVE, FLOOR * scale)

    def same(self, left: Tensor, right: Tensor) -> bool:
        """Whether two tensors have the same shape and values."""
        return left.shape == right.shape and bool(self.close(left, right, _largest(right)).all())

    def explains(self, candidate: Tensor, seen: Tensor, share: float = 1.0) -> bool:
        """Whether two tensors are the same, and leave little of the difference, or of a share of it, unexplained."""
        few = candidate.flatten()[:FEW], seen.flatten()[:FEW]
        is_same = all(bool(self.close(*both, self.scale).all()) for both in (few, (candidate, seen)))
        return is_same and _largest(candidate - seen) <= UNEXPLAINED * share * self.gap

    def shows(self, candidate: Tensor) -> bool:
        """Whether the candidate is what was returned."""
        return self.explains(candidate, self.returned)

    def proves(self, candidate: Tensor) -> bool:
        """Whether it fits so well that a factor cannot be taken for an offset, or the other way round."""
        spread = _spread(self.wanted.flatten())
        return spread > EXACT and self.explains(candidate, self.returned, min(1.0, spread))


_Form = Callable[[_Pair], Iterator[str]]
"""Yields what it sees, if anything."""


def _plain(values: Tensor, other: Tensor) -> Tensor:
    is_complex = values.is_complex() or other.is_complex()
    return values.detach().to("cpu", torch.complex128 if is_complex else torch.float64)


def _is_whole(dtype: torch.dtype) -> bool:
    return not (dtype.is_floating_point or dtype.is_complex)


def _close(left: Tensor, right: Tensor, relative: float, absolute: float) -> Tensor:
    """Compare cell by cell; nan is close to nan, and an infinity to itself."""
    gaps = (left - right).abs()
    is_near = (gaps <= absolute + relative * right.abs()) & (gaps < math.inf)
    return is_near | (left == right) | (left.isnan() & right.isnan())


def _largest(values: Tensor) -> float:
    """Return the largest finite magnitude, 0 where there is none."""
    magnitudes = values.abs()
    return float(torch.where(magnitudes < math.inf, magnitudes, 0.0).max()) if magnitudes.numel() else 0.0


def _spread(values: Tensor) -> float:
    """Return the largest difference from the first entry along dim 0, as a share of the largest value."""
    return _largest(values - values[:1]) / (_largest(values) or 1.0)


def _vary(values: Tensor) -> bool:
    """Whether at least two entries along dim 0 are clearly different."""
    return _spread(values) > INFORMATIVE


def _first(mask: Tensor) -> tuple[int, ...]:
    return tuple(int(index) for index in mask.nonzero()[0])


def _by_line(values: Tensor, dim: int | None) -> Tensor:
    """Put the parts along a dimension, or all cells, into rows; shape (lines, cells of a line)."""
    return values.reshape(-1, 1) if dim is None else values.movedim(dim, 0).reshape(values.shape[dim], -1)


def _ordered(lines: Tensor) -> Tensor:
    """Put rows, shape (n, cells), into an order that depends on their values alone."""
    numbers = torch.view_as_real(lines).flatten(1) if lines.is_complex() else lines
    weights = torch.arange(numbers.shape[1], dtype=numbers.dtype).cos()
    return lines[(numbers @ weights).argsort()]


def _parts(values: Tensor, dim: int | None) -> tuple[str, str]:
    """Return what the parts along a dimension are called: one, and several."""
    if dim is None or values.ndim == 1:
        return ("value", "values") if dim is None else ("entry", "entries")
    matrix = (("row", "rows"), ("column", "columns"))
    return matrix[dim] if values.ndim == len(matrix) else ("slice", f"slices along dim {dim}")


def _every(values: Tensor) -> str:
    return "Your value" if values.numel() == 1 else "Every value"


def _number(value: complex) -> str:
    if isinstance(value, complex):
        return f"{value.real:.4g}{value.imag:+.4g}j"
    return f"{value + 0.0:.4g}"  # + 0.0 turns -0.0 into 0.0


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


# ---- The shapes differ -----------------------------------------------------------------------------------------------


def _shapes(pair: _Pair) -> str:
    return f"shape {tuple(pair.returned.shape)}, and {tuple(pair.wanted.shape)} is wanted"


def _empty(pair: _Pair) -> Iterator[str]:
    if not pair.returned.numel() and pair.wanted.numel():
        yield f"Your result is empty: it has {_shapes(pair)}. Does the loop run at all?"


def _axes(pair: _Pair) -> Iterator[str]:
    returned, wanted, ndim = pair.returned, pair.wanted, pair.wanted.ndim
    if ndim in {2, 3} and sorted(returned.shape) == sorted(wanted.shape):
        if any(pair.same(wanted.permute(order), returned) for order in itertools.permutations(range(ndim))):
            what = "Transposed" if ndim == 2 else "Dimensions exchanged"
            yield f"{what}: the numbers are right, but they have {_shapes(pair)}. Which index comes first?"
        elif ndim == 2:
            yield f"Your result has {_shapes(pair)}: are rows and columns exchanged?"


def _ones(pair: _Pair) -> Iterator[str]:
    """See dimensions of size 1."""
    returned, wanted = tuple(pair.returned.shape), tuple(pair.wanted.shape)
    if [size for size in returned if size != 1] != [size for size in wanted if size != 1]:
        return
    is_right = pair.same(pair.wanted.reshape(returned), pair.returned)
    start = f"{'The numbers are right, but they have' if is_right else 'Your result has'} {_shapes(pair)}"
    sizes = list(itertools.zip_longest(reversed(returned), reversed(wanted), fillvalue=1))
    together = tuple(max(both) for both in reversed(sizes))
    if len(returned) < len(wanted):
        yield f"{start}: is a dimension of size 1 missing?"
    elif together == returned or any(1 not in both and both[0] != both[1] for both in sizes):
        yield f"{start}: where does the dimension of size 1 come from?"
    else:
        yield f"{start}. Careful, it broadcasts: {returned} minus {wanted} has shape {together}."


def _outer(pair: _Pair) -> Iterator[str]:
    size = pair.wanted.numel()
    if pair.wanted.ndim == 1 and pair.returned.shape == (size, size):
        diagonal = " The wanted values are its diagonal." if pair.same(pair.wanted, pair.returned.diagonal()) else ""
        yield f"Your result has {_shapes(pair)}.{diagonal} Did ({size}, 1) meet ({size},) and broadcast to all pairs?"


def _reduced(pair: _Pair) -> Iterator[str]:
    """See a mean or a sum too many or too few."""
    small, large = sorted((pair.returned, pair.wanted), key=Tensor.numel)
    everything = tuple(range(large.ndim))
    for dims in (everything, *((dim,) for dim in everything)):
        for what, reduced in (("mean", large.mean(dims)), ("sum", large.sum(dims))):
            if large.numel() > small.numel() and pair.same(reduced, small):
                over = "all dimensions" if dims == everything else f"dimension {dims[0]}"
                if small is pair.wanted:
                    yield f"Your result has {_shapes(pair)}: its {what} over {over} is right. Is that left out?"
                yield f"Your result has {_shapes(pair)}: it is the {what} of those over {over}. One {what} too many?"
    if small is pair.returned and small.numel() == 1:
        yield f"Your result has {_shapes(pair)}: is it a mean or a sum over all dimensions instead of one?"


def _reshaped(pair: _Pair) -> Iterator[str]:
    if pair.same(pair.wanted.flatten(), pair.returned.flatten()):
        yield f"The numbers are right and in order, but they have {_shapes(pair)}: is a reshape missing?"


def _length(pair: _Pair) -> Iterator[str]:
    returned, wanted = pair.returned, pair.wanted
    differing = [dim for dim, (a, b) in enumerate(zip(returned.shape, wanted.shape, strict=False)) if a != b]
    if returned.ndim != wanted.ndim or len(differing) != 1 or not wanted.numel():
        return
    dim = differing[0]
    have, want, (one, several) = returned.shape[dim], wanted.shape[dim], _parts(wanted, dim)
    few, extra = min(have, want), abs(have - want)
    at_end = pair.same(wanted.narrow(dim, 0, few), returned.narrow(dim, 0, few))
    at_start = pair.same(wanted.narrow(dim, want - few, few), returned.narrow(dim, have - few, few))
    count = f"{extra} {one if extra == 1 else several} too {'many' if have > want else 'few'}"
    labels = [" = ".join([str(size), *_named(pair.sizes).get(size, ())]) for size in (have, want)]
    if at_end != at_start:
        cause = "off by one" if extra == 1 else "does a loop begin too late or end too early"
        yield f"{count} at the {'end' if at_end else 'start'}, the others are right: {cause}?"
    elif all("=" in label for label in labels):
        cause = "is a mean or a sum taken over the wrong dimension"
        yield f"Your result has {labels[0]} {several}, and {labels[1]} are wanted: {cause}?"
    yield f"Your result has {have} {several}, and {want} are wanted: {count}."


def _other_shape(pair: _Pair) -> Iterator[str]:
    named = _named(pair.sizes)
    mine, right = (
        ", ".join(named[n][0] for n in values.shape if n in named) for values in (pair.returned, pair.wanted)
    )
    # Where two sizes are equal by chance, a name would claim to know which of them was meant.
    is_named = all(list(pair.sizes.values()).count(size) == 1 for size in (*pair.returned.shape, *pair.wanted.shape))
    yield f"Your result has {_shapes(pair)}{f': ({mine}) instead of ({right})' if is_named else ''}."


# ---- The shapes agree ------------------------------------------------------------------------------------------------


def _right(pair: _Pair) -> Iterator[str]:
    mine, right = pair.returned_dtype, pair.wanted_dtype
    if pair.right.all() and pair.gap <= EXACT * _largest(pair.wanted):
        text = f"The numbers are right, but their dtype is {_name(mine)}, and {_name(right)} is wanted."
        yield text if mine != right else ""


def _not_finite(pair: _Pair) -> Iterator[str]:
    returned, wanted = pair.returned, pair.wanted
    if all(test(returned).sum() <= test(wanted).sum() for test in (torch.isnan, torch.isinf)):
        return
    bad = ~returned.isfinite() & ~pair.right
    first, nans = _first(bad), returned[bad].isnan()
    what = "nan" if nans.all() else "nan or inf" if nans.any() else "inf"
    cause = (
        "0 divided by 0, or a log or root of a negative number" if nans[0] else "divided by 0, or exp of a large one"
    )
    if bad.all():
        yield f"{_every(bad)} is {what}: {cause}?"
    for dim in range(bad.ndim):
        lines, start, one = _by_line(bad, dim), first[dim], _parts(bad, dim)[0]
        if lines.shape[1] > 1 and lines[start].all() and lines.sum() == lines.shape[1]:
            yield f"All of {one} {start} is {what}, and nothing else: {cause}?"
        if dim == 0 and 0 < start < len(lines) - 1 and lines[start:].all() and not lines[:start].any():
            yield f"From {one} {start} on everything is {what}: do the values grow without bound?"
    yield f"{what} in {int(bad.sum())} of {bad.numel()} values, first at {list(first)}: {cause}?"


def _huge(pair: _Pair) -> Iterator[str]:
    """See values with which nothing can be computed; no later form is tried on them."""
    mine, right = _largest(pair.returned), _largest(pair.wanted)
    if mine > HUGE >= right:
        cause = "does something grow without bound"
        yield f"Your values go up to {_number(mine)}, and {_number(right)} is the largest wanted one: {cause}?"
    if right > HUGE:
        yield ""


def _zeros(pair: _Pair) -> Iterator[str]:
    if not pair.returned.any():
        is_cut = _is_whole(pair.returned_dtype) and not _is_whole(pair.wanted_dtype)
        cause = f"does {_name(pair.returned_dtype)} lose the decimals" if is_cut else "is the result ever filled in"
        yield f"{_every(pair.returned)} is {'False' if pair.returned_dtype is torch.bool else '0'}: {cause}?"


def _rounded(pair: _Pair) -> Iterator[str]:
    """See values of few decimals, each within half a unit of the wanted one: where it is halfway, noise decides.

    One value proves it where it has several digits, for a wrong value rarely is that close.
    """
    returned, wanted = pair.returned, pair.wanted
    if returned.is_complex() or _is_whole(pair.returned_dtype):
        return
    gaps, eps = (returned - wanted).abs(), torch.finfo(pair.returned_dtype).eps
    for digits in range(1, 5):
        unit = 10.0**-digits
        wrong = gaps > unit / 100
        is_rounded = _close(returned, returned.round(decimals=digits), eps, EXACT).all()
        is_near = is_rounded and bool((gaps <= (0.5 + INFORMATIVE) * unit).all())
        if is_near and (_largest(wanted[wrong]) >= 50 * unit or (_vary(returned.flatten()) and _vary(wanted[wrong]))):
            yield f"{_every(wanted)} is the wanted one rounded to {digits} decimals: is a round() left over?"


def _named(sizes: Mapping[str, int]) -> dict[int, list[str]]:
    """Return what each size above 1 is called: N, where that is one of its names."""
    named: dict[int, list[str]] = {}
    for name, size in sizes.items():
        if size > 1:
            named.setdefault(size, []).append(name)
    return {size: ["N"] if "N" in names else names[:3] for size, names in named.items()}


_Factor = tuple[float, str, str, str]
"""A factor above 1, its name, and why values may be too large and too small by it."""


def _likely_factors(sizes: Mapping[str, int]) -> Iterator[_Factor]:
    summed = "summed instead of averaged over"
    n = sizes.get("N", 1)
    if n > 1:
        yield n, "N", f"{summed} the N points", "divided by N once too often"
        yield n / (n - 1), "N/(N - 1)", "divided by N - 1 instead of N", "divided by N instead of N - 1"
    yield 2, "", "a factor 2 too many", "a factor 2 left out"
    if n > 1 and n / 2 != 2:
        small = "divided by N once too often, with a factor 2 too many"
        yield n / 2, "N/2", f"{summed} N, with a factor 2 left out", small
    for size, names in _named(sizes).items():
        if size != n:
            yield size, " = ".join(names), f"{summed} {' or '.join(names)}", f"divided by {names[0]} once too often"


def _rare_factors(sizes: Mapping[str, int]) -> Iterator[_Factor]:
    named = sorted((size, names[0]) for size, names in _named(sizes).items())
    for size, n in named:
        summed, divided = f"summed instead of averaged over {n}", f"divided by {n} once too often"
        yield 2 * size, f"2 * {n}", f"{summed}, with a factor 2 too many", f"{divided}, with a factor 2 left out"
        few, many = f"divided by {n} - 1 instead of {n}", f"divided by {n} instead of {n} - 1"
        yield size / (size - 1), f"{n}/({n} - 1)", few, many
        yield math.sqrt(size), f"the root of {n}", "a division by it left out", "a division by it too many"
    for (small, m), (large, n) in itertools.combinations(named, 2):
        both = f"over {n} and {m}"
        yield large * small, f"{n} * {m}", f"summed instead of averaged {both}", f"averaged instead of summed {both}"
        yield large / small, f"{n}/{m}", f"divided by {m} instead of {n}", f"divided by {n} instead of {m}"


def _ratio(pair: _Pair) -> float:
    """Return the returned value as a multiple of the wanted one, at the largest; 0 where that is no ordinary number."""
    cell = torch.where(pair.wanted.isfinite() & pair.returned.isfinite(), pair.wanted.abs(), 0.0).argmax()
    ratio = float((pair.returned.flatten()[cell] / pair.wanted.flatten()[cell]).real)
    return ratio if 1 / MAX_RATIO < abs(ratio) < MAX_RATIO and abs(ratio - 1) > INFORMATIVE else 0.0


def _factor(pair: _Pair) -> Iterator[str]:
    """See a factor that has a name; where all values but 0 are the same, it must be a likely one."""
    ratio, is_proven = _ratio(pair), pair.is_varied
    is_clear = is_proven or _largest(pair.wanted[~pair.is_large]) <= EXACT * _largest(pair.wanted)
    if not ratio or not is_clear or not pair.shows(pair.wanted * ratio):
        return
    subject = _every(pair.wanted) + ("" if is_proven or pair.is_large.all() else " that is not 0")
    size, too = (ratio, "large") if abs(ratio) > 1 else (1 / ratio, "small")
    if ratio < 0 and abs(size) < 1 + RELATIVE:
        yield f"{subject} has the wrong sign: is something subtracted the other way round?"
    for factors in (_likely_factors, _rare_factors)[: 1 + is_proven]:
        fits = [fit for fit in factors(pair.sizes) if math.isclose(fit[0], abs(size), rel_tol=3 * RELATIVE)]
        if fits:
            causes = [if_large if too == "large" else if_small for _, _, if_large, if_small in fits]
            causes += [] if is_proven else [cause for candidate, _, cause in _functions(pair) if pair.shows(candidate)]
            label = " = ".join(filter(None, (_number(abs(size)), fits[0][1])))
            sign = " and of the wrong sign" if ratio < 0 else ""
            yield f"{subject} is {label} times too {too}{sign}: {', or '.join(causes[:3])}?"


def _other_factor(pair: _Pair) -> Iterator[str]:
    ratio = _ratio(pair)
    if ratio and pair.is_varied and pair.proves(pair.wanted * ratio):
        yield f"Every value is {_number(ratio)} times the wanted one: is a constant factor wrong?"


def _offset(pair: _Pair) -> Iterator[str]:
    differences = (pair.returned - pair.wanted).real
    offset = differences[differences.isfinite()].mean()
    if pair.proves(pair.wanted + offset):
        too = "large" if offset > 0 else "small"
        yield f"Every value is {_number(offset.abs().item())} too {too}: is a term left out or added twice?"


def _constant(pair: _Pair) -> Iterator[str]:
    """See values, rows or columns that are all the same."""
    for dim in (None, *range(pair.wanted.ndim)):
        mine, right = (_by_line(values, dim) for values in (pair.returned, pair.wanted))
        if len(mine) > 1 and mine.isfinite().all() and _spread(mine) < EXACT and _vary(right):
            start = f"All {_parts(pair.wanted, dim)[1]} are the same, where they should differ"
            if pair.same(mine[0], right[-1]):
                yield f"{start}: they are the last wanted one. Is the same object stored again and again?"
            if pair.same(mine[0], right.mean(0)):
                yield f"{start}: they are the mean of the wanted ones. Is it taken over one dimension too many?"
            yield f"{start}: is one result stored everywhere?"


def _moved(pair: _Pair) -> Iterator[str]:
    """See the right numbers at other places."""
    wanted = pair.wanted
    if not pair.is_rearranged:
        return
    if wanted.ndim == 2 and pair.shows(wanted.T.reshape(wanted.shape)):
        if wanted.shape[0] == wanted.shape[1]:
            yield "Transposed: the numbers are right, with rows and columns exchanged. Which index comes first?"
        yield "The numbers are right, but read column by column: is there a reshape where a transpose is needed?"
    for dim, size in enumerate(wanted.shape):
        several = _parts(wanted, dim)[1]
        if pair.shows(wanted.flip(dim)):
            yield f"The {several} are {'in reverse order' if size > 2 else 'exchanged'}: which one comes first?"
        wrong = _by_line(~pair.right, dim).any(1).nonzero().flatten().tolist()
        order = torch.arange(size)
        order[wrong] = order[wrong[::-1]]
        if len(wrong) == 2 and pair.shows(wanted.index_select(dim, order)):
            yield f"The {several} {wrong[0]} and {wrong[1]} are exchanged: which one comes first?"
    if wanted.ndim == 2 and pair.shows(wanted.flip(0, 1)):
        yield "The rows and the columns are both in reverse order: which ones come first?"


def _permuted(pair: _Pair) -> Iterator[str]:
    if not pair.is_rearranged or not pair.wanted.isfinite().all():
        return
    for dim in (*range(pair.wanted.ndim), None):
        mine, right = (_ordered(_by_line(values, dim)) for values in (pair.returned, pair.wanted))
        several_kinds = right.diff(dim=0).any(1).sum() > 1
        if several_kinds and pair.explains(right, mine):
            is_sorted = pair.wanted.ndim == 1 and pair.same(mine, pair.returned[:, None])
            order = "ascending order: are they sorted" if is_sorted else "another order: are they sorted or shuffled"
            yield f"The {_parts(pair.wanted, dim)[1]} are the right ones, in {order}?"


def _functions(pair: _Pair) -> Iterator[tuple[Tensor, str, str]]:
    """Yield the wanted values after one function too many, what that is, and why."""
    wanted, returned, dtype = pair.wanted, pair.returned, pair.returned_dtype
    if wanted.is_complex():
        return
    if _is_whole(dtype) or (_vary(returned.flatten()) and _vary(wanted[~pair.right])):
        cause = f"does {_name(dtype)} lose the decimals" if _is_whole(dtype) else "an integer dtype or a // on the way"
        yield wanted.trunc(), "the wanted one cut off to a whole number", cause
        yield wanted.round(), "the wanted one rounded to a whole number", cause
        yield wanted.floor(), "the wanted one rounded down to a whole number", cause
    yield wanted.square(), "the square of the wanted one", "a root left out or a square too many"
    yield wanted.sqrt(), "the square root of the wanted one", "a root too many or a square left out"
    yield wanted.reciprocal(), "1 divided by the wanted one", "divided the other way round"
    yield 1 - wanted, "1 minus the wanted one", "is the opposite asked for"
    yield wanted.log(), "the logarithm of the wanted one", "a log too many or an exp left out"
    yield wanted.exp(), "the exponential of the wanted one", "an exp too many or a log left out"
    if _vary(wanted[wanted < 0]):
        yield wanted.abs(), "the absolute value of the wanted one", "a sign lost in an abs or a square"
        yield wanted.relu(), "the wanted one, with 0 for negative numbers", "a relu or a clamp too many"
    if wanted.ndim and len(wanted) > 2 and _vary(returned):
        yield wanted.cumsum(0), "the sum of the wanted ones up to it", "does something add up that should start anew"
        steps = torch.cat([wanted[:1], wanted.diff(dim=0)])
        yield steps, "the step from one wanted value to the next", "is adding them up left out"


def _function(pair: _Pair) -> Iterator[str]:
    for candidate, what, cause in _functions(pair):
        if pair.shows(candidate):
            yield f"{_every(pair.wanted)} is {what}: {cause}?"


def _shifted(pair: _Pair) -> Iterator[str]:
    for dim, size in enumerate(pair.wanted.shape):
        one = _parts(pair.wanted, dim)[0]
        for mine, right, cause in ((1, 0, "one step too late"), (0, 1, "is the first one left out")):
            body = pair.wanted.narrow(dim, right, size - 1)
            seen = pair.returned.narrow(dim, mine, size - 1)
            if size > 2 and pair.explains(body, seen) and _vary(_by_line(body, dim)):
                yield f"Shifted by one: your {one} {mine} is the wanted {one} {right}, and so on: {cause}?"


def _or_shifted(form: _Form) -> _Form:
    """Say that it is shifted as well: a series may be both a multiple of itself and the next one."""
    return lambda pair: (f"{text} {next(_shifted(pair), '')}" for text in form(pair))


def _nearly(pair: _Pair) -> Iterator[str]:
    mine, right, scale = pair.returned_dtype, pair.wanted_dtype, _largest(pair.wanted)
    eps, wanted_eps = (torch.finfo(it).eps if it.is_floating_point else 0.0 for it in (mine, right))
    is_close = _close(pair.returned, pair.wanted, max(RELATIVE, 4 * eps), FLOOR * scale).all()
    if is_close and eps > wanted_eps > 0:
        yield f"Right as far as {_name(mine)} goes, and {_name(right)} is wanted: is a tensor made without its dtype?"
    if pair.right.all():
        cause = "computed in float32" if pair.gap < FLOOR * scale else "rounded, or an eps in another place"
        yield f"Your values differ by at most {_number(pair.gap / scale)} of the largest wanted one: {cause}?"


def _partly(pair: _Pair) -> Iterator[str]:
    """See what is right of it: some places, or the magnitudes."""
    wrong = ~pair.right
    count, first, size = int(wrong.sum()), _first(wrong), wrong.numel()
    for dim, length in enumerate(wrong.shape):
        one, lines = _parts(wrong, dim)[0], _by_line(wrong, dim).any(1)
        if length > 1 and count > 1 and lines.sum() == 1:
            mine, right = (values.select(dim, first[dim]) for values in (pair.returned, pair.wanted))
            yield f"Only {one} {first[dim]} is wrong. {_inside(pair, mine, right, 'There', 'value')}"
    if size > 1 and pair.same(pair.returned.abs(), pair.wanted.abs()) and not pair.wanted.is_complex():
        yield f"The sign is wrong in {count} of {size} values, the first is {list(first)}; all else is right."
    if count == 1 < size:
        value, wanted = (_number(values[first].item()) for values in (pair.returned, pair.wanted))
        all_cells = "All entries" if wrong.ndim == 1 else "All cells"
        yield f"{all_cells} are right but {list(first)}: yours is {value}, and {wanted} is wanted."
    if first and 0 < first[0] < len(wrong) - 1 and _by_line(wrong, 0).any(1)[first[0] :].all():
        one, step = _parts(wrong, 0)[0], first[0]
        mine, right = (values[step] - values[step - 1] for values in (pair.returned, pair.wanted))
        inside = _inside(pair, mine, right, f"In the step to {one} {step}", "change")
        cause = "does something carry over?" if step > 1 else "is the first step wrong already?"
        start = f"Right up to {one} {step - 1}, and from {one} {step} on all are wrong"
        yield f"{start}. {inside}" if inside else f"{start}: {cause}"


def _inside(pair: _Pair, returned: Tensor, wanted: Tensor, where: str, value: str) -> str:
    """Say what a part of the tensors, or something made of them, looks like; "" for nothing simple."""
    part = replace(pair, returned=returned, wanted=wanted)
    text = next(itertools.chain(_factor(part), _offset(part), _other_factor(part)), "")
    return f"{where}, {text[0].lower()}{text[1:].replace('value', value, 1)}" if text else ""


def _kind(pair: _Pair) -> Iterator[str]:
    mine, right = pair.returned_dtype, pair.wanted_dtype
    if _is_whole(mine) != _is_whole(right) or mine.is_complex != right.is_complex:
        lost = "Do decimals get lost on the way?" if _is_whole(mine) else ""
        cause = "Is it the result of a comparison?" if mine is torch.bool else lost
        yield f"Your result is {_name(mine)}, and {_name(right)} is wanted. {cause}"


_SHAPE_FORMS: tuple[_Form, ...] = (_empty, _axes, _ones, _outer, _reduced, _reshaped, _length, _other_shape)
_VALUE_FORMS: tuple[_Form, ...] = (
    *(_right, _not_finite, _huge, _zeros, _rounded, _or_shifted(_factor), _moved, _function, _constant),
    *(_or_shifted(_offset), _or_shifted(_other_factor), _shifted, _permuted, _nearly, _partly, _kind),
)
"""In order: what explains all values before what explains some."""
