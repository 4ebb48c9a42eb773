"""Describe how a wrong tensor differs from the expected one, in one or two short sentences.

Nothing here knows an exercise. Each form compares a transformation of the expected values with the returned ones; the
first form that fits is reported. A sentence states what the numbers of this one call show, never a cause.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

RELATIVE = 1e-4
"""Relative tolerance: computing in float32 must not hide a form."""
FLOOR = 1e-5
"""Absolute tolerance, as a share of the largest value: a sum of large terms may be close to 0."""
EXACT = 1e-10
"""Replaces both tolerances where all numbers are integers; a smaller difference counts as zero."""
INFORMATIVE = 1e-3
"""Values, or differences of values, below this share of the largest one prove nothing."""
UNEXPLAINED = 0.02
"""A form must explain all but this share of the difference: being close to the expected values is not enough."""
HUGE = 1e150
"""The square of a larger value overflows, so no form computes with such values."""
MAX_RATIO = 1e9
"""A factor above this, or below its reciprocal, comes from rounding."""
MAX_LENGTH = 300
"""Characters of a description."""
FEW = 8
"""Values compared before all others: they rule out most candidates."""


def explain(returned: Tensor, wanted: Tensor, sizes: Mapping[str, int] = {}) -> str:
    """Describe the difference, or return "" where no form fits.

    Both tensors may have any shape and dtype. ``sizes`` names the sizes of the call's arguments, such as
    ``{"N": 5, "n_w": 3}`` with N the length of the first tensor; a constant factor is compared with them.
    """
    pair = _Pair(_plain(returned, wanted), _plain(wanted, returned), returned.dtype, wanted.dtype, sizes)
    forms = _VALUE_FORMS if returned.shape == wanted.shape else _SHAPE_FORMS
    text = " ".join(next(itertools.chain.from_iterable(form(pair) for form in forms), "").split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 3] + "..."


def first_difference(returned: Tensor, wanted: Tensor, tolerance: float = 1e-4) -> tuple[int, ...] | None:
    """Return the index of the first cell that differs by more than ``tolerance * max(1, largest finite |wanted|)``.

    nan equals only nan. Return None where no cell differs, or where the shapes differ.
    """
    if returned.shape != wanted.shape:
        return None
    left, right = _plain(returned, wanted), _plain(wanted, returned)
    wrong = ~_close(left, right, 0.0, tolerance * max(1.0, _largest(right)))
    return _first(wrong) if wrong.any() else None


@dataclass(frozen=True, eq=False)
class _Pair:
    """Both tensors as float64 or complex128, with their original dtypes."""

    returned: Tensor
    wanted: Tensor
    returned_dtype: torch.dtype
    wanted_dtype: torch.dtype
    sizes: Mapping[str, int]

    @cached_property
    def right(self) -> Tensor:
        """Where the returned value is close to the expected one."""
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
        """Where the expected values are far enough from 0 to prove a ratio."""
        return self.wanted.abs() > INFORMATIVE * _largest(self.wanted)

    @cached_property
    def is_varied(self) -> bool:
        """Whether two of those values differ."""
        return _vary(self.wanted[self.is_large & self.wanted.isfinite()])

    @cached_property
    def is_rearranged(self) -> bool:
        """Whether both may hold the same numbers at different places: their sums agree."""
        mine, right = (torch.where(values.isfinite(), values, 0.0) for values in (self.returned, self.wanted))
        return bool((mine - right).sum().abs() <= RELATIVE * mine.abs().sum() + FLOOR * self.scale)

    def close(self, left: Tensor, right: Tensor, scale: float) -> Tensor:
        """Compare two tensors of the same shape cell by cell."""
        if _is_whole(self.returned_dtype) and _is_whole(self.wanted_dtype):
            return _close(left, right, EXACT, EXACT)
        return _close(left, right, RELATIVE, FLOOR * scale)

    def same(self, left: Tensor, right: Tensor) -> bool:
        """Whether two tensors have the same shape and close values."""
        return left.shape == right.shape and bool(self.close(left, right, _largest(right)).all())

    def explains(self, candidate: Tensor, seen: Tensor, share: float = 1.0) -> bool:
        """Whether two tensors agree and leave little of the difference, or of a share of it, unexplained."""
        few = candidate.flatten()[:FEW], seen.flatten()[:FEW]
        is_same = all(bool(self.close(*both, self.scale).all()) for both in (few, (candidate, seen)))
        return is_same and _largest(candidate - seen) <= UNEXPLAINED * share * self.gap

    def shows(self, candidate: Tensor) -> bool:
        """Whether the candidate reproduces the returned values."""
        return self.explains(candidate, self.returned)

    def proves(self, candidate: Tensor) -> bool:
        """Whether it fits too well for a factor to be mistaken for an offset, or vice versa."""
        spread = _spread(self.wanted.flatten())
        return spread > EXACT and self.explains(candidate, self.returned, min(1.0, spread))


_Form = Callable[[_Pair], Iterator[str]]
"""Yields a description where it fits."""


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
    """Return the largest finite magnitude, or 0 without one."""
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
    """Return the parts along a dimension, or all cells, as rows; shape (lines, cells of a line)."""
    return values.reshape(-1, 1) if dim is None else values.movedim(dim, 0).reshape(values.shape[dim], -1)


def _ordered(lines: Tensor) -> Tensor:
    """Sort rows, shape (n, cells), into an order that depends on their values alone."""
    numbers = torch.view_as_real(lines).flatten(1) if lines.is_complex() else lines
    weights = torch.arange(numbers.shape[1], dtype=numbers.dtype).cos()
    return lines[(numbers @ weights).argsort()]


def _parts(values: Tensor, dim: int | None) -> tuple[str, str]:
    """Return the singular and the plural name of the parts along a dimension."""
    if dim is None or values.ndim == 1:
        return ("value", "values") if dim is None else ("entry", "entries")
    matrix = (("row", "rows"), ("column", "columns"))
    return matrix[dim] if values.ndim == len(matrix) else (f"slice along dim {dim}", f"slices along dim {dim}")


def _at(part: str, where: object) -> str:
    """Return the name of parts with their indices: ``row 2``, ``slices 0 and 1 along dim 2``."""
    first, _, rest = part.partition(" ")
    return f"{first} {where} {rest}".rstrip()


def _first_of(count: int, cell: tuple[int, ...]) -> str:
    return f"{'' if count == 1 else 'the first '}at {list(cell)}"


def _every(values: Tensor) -> str:
    return "your value" if values.numel() == 1 else "every value"


def _number(value: complex, digits: int = 4) -> str:
    if isinstance(value, complex):
        return f"{value.real:.{digits}g}{value.imag:+.{digits}g}j"
    return f"{value + 0.0:.{digits}g}"  # + 0.0 turns -0.0 into 0.0


def _difference(pair: _Pair, cell: tuple[int, ...]) -> str:
    """Return an index, the returned value and the expected one, with enough digits to differ."""
    mine, right = (values[cell].item() for values in (pair.returned, pair.wanted))
    texts = ((_number(mine, digits), _number(right, digits)) for digits in (4, 6, 9, 12, 17))
    shown = next((both for both in texts if both[0] != both[1]), (_number(mine), _number(right)))
    return f"{list(cell)}: {shown[0]}, expected {shown[1]}"


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


# ---- The shapes differ -----------------------------------------------------------------------------------------------


def _shapes(pair: _Pair) -> str:
    return f"Your result has shape {tuple(pair.returned.shape)}, expected {tuple(pair.wanted.shape)}"


def _axes(pair: _Pair) -> Iterator[str]:
    returned, wanted, ndim = pair.returned, pair.wanted, pair.wanted.ndim
    orders = itertools.permutations(range(ndim)) if ndim in {2, 3} and returned.ndim == ndim else ()
    if any(pair.same(wanted.permute(order), returned) for order in orders):
        what = "transposed" if ndim == 2 else "the dimensions are in another order"
        yield f"{_shapes(pair)}. Here the numbers are right, but {what}."


def _ones(pair: _Pair) -> Iterator[str]:
    """Recognise missing and additional dimensions of size 1."""
    returned, wanted = tuple(pair.returned.shape), tuple(pair.wanted.shape)
    if [size for size in returned if size != 1] != [size for size in wanted if size != 1]:
        return
    is_right = pair.same(pair.wanted.reshape(returned), pair.returned)
    right = " Here the numbers are right." if is_right else ""
    sizes = list(itertools.zip_longest(reversed(returned), reversed(wanted), fillvalue=1))
    together = tuple(max(both) for both in reversed(sizes))
    broadcasts = together != returned and all(1 in both or both[0] == both[1] for both in sizes)
    extra = len(returned) - len(wanted)
    if extra >= 0 and broadcasts:
        yield f"{_shapes(pair)}.{right} It broadcasts silently: {returned} minus {wanted} has shape {together}."
    dimensions = f"{abs(extra)} dimension{'s' if abs(extra) > 1 else ''} of size 1"
    count = f": {dimensions} too {'many' if extra > 0 else 'few'}" if extra else ""
    yield f"{_shapes(pair)}{count}.{right}"


def _outer(pair: _Pair) -> Iterator[str]:
    size = pair.wanted.numel()
    if pair.wanted.ndim == 1 and pair.returned.shape == (size, size):
        diagonal = " Here its diagonal is right." if pair.same(pair.wanted, pair.returned.diagonal()) else ""
        yield f"{_shapes(pair)}.{diagonal} Note: ({size}, 1) and ({size},) broadcast to {size, size}."


def _reduced(pair: _Pair) -> Iterator[str]:
    """Recognise a mean or a sum that is missing or not required."""
    small, large = sorted((pair.returned, pair.wanted), key=Tensor.numel)
    everything = tuple(range(large.ndim))
    for dims in (everything, *((dim,) for dim in everything)):
        for what, reduced in (("mean", large.mean(dims)), ("sum", large.sum(dims))):
            if large.numel() > small.numel() and pair.same(reduced, small):
                over = "all dimensions" if dims == everything else f"dimension {dims[0]}"
                if small is pair.wanted:
                    yield f"{_shapes(pair)}. Here its {what} over {over} is right."
                yield f"{_shapes(pair)}. Here it is the {what} of the expected values over {over}."


def _reshaped(pair: _Pair) -> Iterator[str]:
    if pair.same(pair.wanted.flatten(), pair.returned.flatten()):
        yield f"{_shapes(pair)}. Here the numbers and their order are right."


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
    if at_end != at_start:
        what = f"{one} is" if extra == 1 else f"{extra} {several} are"
        how = "extra" if have > want else "missing"
        yield f"Here the {'last' if at_end else 'first'} {what} {how}; the others are right."


def _other_shape(pair: _Pair) -> Iterator[str]:
    named = _named(pair.sizes)
    mine, right = (
        ", ".join(named[n][0] for n in values.shape if n in named) for values in (pair.returned, pair.wanted)
    )
    # If two sizes are equal by chance, a name would claim to know which of them was meant.
    is_named = all(list(pair.sizes.values()).count(size) == 1 for size in (*pair.returned.shape, *pair.wanted.shape))
    yield f"{_shapes(pair)}{f': ({mine}) instead of ({right})' if is_named else ''}."


# ---- The shapes agree ------------------------------------------------------------------------------------------------


def _right(pair: _Pair) -> Iterator[str]:
    mine, right = pair.returned_dtype, pair.wanted_dtype
    if pair.right.all() and pair.gap <= EXACT * _largest(pair.wanted):
        text = f"Your result has dtype {_name(mine)}, expected {_name(right)}. Here the numbers are right."
        yield text if mine != right else ""


def _not_finite(pair: _Pair) -> Iterator[str]:
    returned, wanted = pair.returned, pair.wanted
    if all(test(returned).sum() <= test(wanted).sum() for test in (torch.isnan, torch.isinf)):
        return
    bad = ~returned.isfinite() & ~pair.right
    first, nans = _first(bad), returned[bad].isnan()
    what = "nan" if nans.all() else "nan or inf" if nans.any() else "inf"
    if bad.all():
        yield f"Here {_every(bad)} is {what}."
    for dim in range(bad.ndim):
        lines, start, one = _by_line(bad, dim), first[dim], _parts(bad, dim)[0]
        if lines.shape[1] > 1 and lines[start].all() and lines.sum() == lines.shape[1]:
            yield f"Here all of {_at(one, start)} is {what}, and no other value."
        if dim == 0 and 0 < start < len(lines) - 1 and lines[start:].all() and not lines[:start].any():
            yield f"Here every value from {_at(one, start)} on is {what}."
    count, size = int(bad.sum()), bad.numel()
    yield f"Here {count} of {size} values {'is' if count == 1 else 'are'} {what}, {_first_of(count, first)}."


def _huge(pair: _Pair) -> Iterator[str]:
    """Recognise values that are too large to compute with; no later form is tried on them."""
    mine, right = _largest(pair.returned), _largest(pair.wanted)
    if mine > HUGE >= right:
        yield f"Here your values reach {_number(mine)} in magnitude; the largest expected one is {_number(right)}."
    if right > HUGE:
        yield ""


def _zeros(pair: _Pair) -> Iterator[str]:
    if not pair.returned.any():
        yield f"Here {_every(pair.returned)} is {'False' if pair.returned_dtype is torch.bool else '0'}."


def _rounded(pair: _Pair) -> Iterator[str]:
    """Recognise values of few decimals, each within half a unit of the expected one; noise decides a tie.

    One value of several digits proves it: other wrong values are rarely that close.
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
            yield f"Here {_every(wanted)} is the expected one rounded to {digits} decimal{'s' if digits > 1 else ''}."


def _named(sizes: Mapping[str, int]) -> dict[int, list[str]]:
    """Return the names of each size above 1: only N, where that is one of them."""
    named: dict[int, list[str]] = {}
    for name, size in sizes.items():
        if size > 1:
            named.setdefault(size, []).append(name)
    return {size: ["N"] if "N" in names else names[:3] for size, names in named.items()}


_Factor = tuple[float, str]
"""A factor above 1, and its name."""


def _likely_factors(sizes: Mapping[str, int]) -> Iterator[_Factor]:
    n = sizes.get("N", 1)
    if n > 1:
        yield n, "N"
        yield n / (n - 1), "N/(N - 1)"
    yield 2, ""
    if n > 2:
        yield n / 2, "N/2"
    for size, names in _named(sizes).items():
        yield size, " and ".join(names)


def _rare_factors(sizes: Mapping[str, int]) -> Iterator[_Factor]:
    named = sorted((size, names[0]) for size, names in _named(sizes).items())
    for size, n in named:
        yield 2 * size, f"2 * {n}"
        yield size / (size - 1), f"{n}/({n} - 1)"
        yield math.sqrt(size), f"the square root of {n}"
    for (small, m), (large, n) in itertools.combinations(named, 2):
        yield large * small, f"{n} * {m}"
        yield large / small, f"{n}/{m}"


def _ratio(pair: _Pair) -> float:
    """Return returned / expected at the largest expected value; 0 unless that is an ordinary number other than 1."""
    cell = torch.where(pair.wanted.isfinite() & pair.returned.isfinite(), pair.wanted.abs(), 0.0).argmax()
    ratio = float((pair.returned.flatten()[cell] / pair.wanted.flatten()[cell]).real)
    return ratio if 1 / MAX_RATIO < abs(ratio) < MAX_RATIO and abs(ratio - 1) > INFORMATIVE else 0.0


def _factor(pair: _Pair) -> Iterator[str]:
    """Recognise a factor with a name; where all values but 0 are the same, it must be a likely one."""
    ratio, is_proven = _ratio(pair), pair.is_varied
    is_clear = is_proven or _largest(pair.wanted[~pair.is_large]) <= EXACT * _largest(pair.wanted)
    if not ratio or not is_clear or not pair.shows(pair.wanted * ratio):
        return
    subject = _every(pair.wanted) + ("" if is_proven or pair.is_large.all() else " that is not 0")
    size = max(abs(ratio), 1 / abs(ratio))
    if ratio < 0 and size < 1 + RELATIVE:
        yield f"Here {subject} is the expected one with the opposite sign."
    for factors in (_likely_factors, _rare_factors)[: 1 + is_proven]:
        fits = [name for factor, name in factors(pair.sizes) if math.isclose(factor, size, rel_tol=3 * RELATIVE)]
        if fits:
            signed = _number(math.copysign(size, ratio))
            is_larger = abs(ratio) > 1
            what = f"{signed} times the expected one" if is_larger else f"the expected one divided by {signed}"
            name = f"; {_number(size)} is {fits[0]}{_meaning_of_n(fits[0], pair.sizes)}" if fits[0] else ""
            yield f"Here {subject} is {what}{name}."


def _meaning_of_n(name: str, sizes: Mapping[str, int]) -> str:
    """Return what N is where the name of a factor contains it."""
    if "N" not in name or "N" not in sizes:
        return ""
    return f"{'' if name == 'N' else ' with N = ' + str(sizes['N'])}, the length of the first tensor"


def _other_factor(pair: _Pair) -> Iterator[str]:
    ratio = _ratio(pair)
    if ratio and pair.is_varied and pair.proves(pair.wanted * ratio):
        yield f"Here every value is {_number(ratio)} times the expected one."


def _offset(pair: _Pair) -> Iterator[str]:
    differences = (pair.returned - pair.wanted).real
    offset = differences[differences.isfinite()].mean()
    if pair.proves(pair.wanted + offset):
        sign = "plus" if offset > 0 else "minus"
        yield f"Here every value is the expected one {sign} {_number(offset.abs().item())}."


def _constant(pair: _Pair) -> Iterator[str]:
    """Recognise values, rows or columns that are all the same."""
    for dim in (None, *range(pair.wanted.ndim)):
        mine, right = (_by_line(values, dim) for values in (pair.returned, pair.wanted))
        if len(mine) > 1 and mine.isfinite().all() and _spread(mine) < EXACT and _vary(right):
            start = f"Here all {_parts(pair.wanted, dim)[1]} are the same"
            if pair.same(mine[0], right[-1]):
                yield f"{start}: the last expected one."
            if pair.same(mine[0], right.mean(0)):
                yield f"{start}: the mean of the expected ones."
            yield f"{start}; the expected ones differ."


def _moved(pair: _Pair) -> Iterator[str]:
    """Recognise the right numbers at other places."""
    wanted = pair.wanted
    if not pair.is_rearranged:
        return
    if wanted.ndim == 2 and pair.shows(wanted.T.reshape(wanted.shape)):
        how = "transposed" if wanted.shape[0] == wanted.shape[1] else "read column by column instead of row by row"
        yield f"Here the numbers are right, but {how}."
    for dim, size in enumerate(wanted.shape):
        several = _parts(wanted, dim)[1]
        if pair.shows(wanted.flip(dim)):
            yield f"Here the {several} are {'in reverse order' if size > 2 else 'exchanged'}."
        wrong = _by_line(~pair.right, dim).any(1).nonzero().flatten().tolist()
        order = torch.arange(size)
        order[wrong] = order[wrong[::-1]]
        if len(wrong) == 2 and pair.shows(wanted.index_select(dim, order)):
            yield f"Here {_at(several, f'{wrong[0]} and {wrong[1]}')} are exchanged."
    if wanted.ndim == 2 and pair.shows(wanted.flip(0, 1)):
        yield "Here the rows and the columns are both in reverse order."


def _permuted(pair: _Pair) -> Iterator[str]:
    if not pair.is_rearranged or not pair.wanted.isfinite().all():
        return
    for dim in (*range(pair.wanted.ndim), None):
        mine, right = (_ordered(_by_line(values, dim)) for values in (pair.returned, pair.wanted))
        several_kinds = right.diff(dim=0).any(1).sum() > 1
        if several_kinds and pair.explains(right, mine):
            is_sorted = pair.wanted.ndim == 1 and pair.same(mine, pair.returned[:, None])
            order = "sorted in ascending order" if is_sorted else "in another order"
            yield f"Here the {_parts(pair.wanted, dim)[1]} are right, but {order}."


def _functions(pair: _Pair) -> Iterator[tuple[Tensor, str]]:
    """Yield functions of the expected values, each with its description."""
    wanted, returned, dtype = pair.wanted, pair.returned, pair.returned_dtype
    if wanted.is_complex():
        return
    if _is_whole(dtype) or (_vary(returned.flatten()) and _vary(wanted[~pair.right])):
        yield wanted.trunc(), "the expected one truncated to a whole number"
        yield wanted.round(), "the expected one rounded to a whole number"
        yield wanted.floor(), "the expected one rounded down to a whole number"
    yield wanted.square(), "the square of the expected one"
    yield wanted.sqrt(), "the square root of the expected one"
    yield wanted.reciprocal(), "1 divided by the expected one"
    yield 1 - wanted, "1 minus the expected one"
    yield wanted.log(), "the logarithm of the expected one"
    yield wanted.exp(), "the exponential of the expected one"
    if _vary(wanted[wanted < 0]):
        yield wanted.abs(), "the absolute value of the expected one"
        yield wanted.relu(), "the expected one, with 0 for negative numbers"
    if wanted.ndim and len(wanted) > 2 and _vary(returned):
        yield wanted.cumsum(0), "the sum of the expected ones up to it"
        steps = torch.cat([wanted[:1], wanted.diff(dim=0)])
        yield steps, "the expected one minus the one before"


def _function(pair: _Pair) -> Iterator[str]:
    for candidate, what in _functions(pair):
        if pair.shows(candidate):
            yield f"Here {_every(pair.wanted)} is {what}."


def _shifted(pair: _Pair) -> Iterator[str]:
    for dim, size in enumerate(pair.wanted.shape):
        one, several = _parts(pair.wanted, dim)
        for mine, right in ((1, 0), (0, 1)):
            body = pair.wanted.narrow(dim, right, size - 1)
            seen = pair.returned.narrow(dim, mine, size - 1)
            if size > 2 and pair.explains(body, seen) and _vary(_by_line(body, dim)):
                first = f"your {_at(one, mine)} is the expected {_at(one, right)}"
                yield f"Here the {several} are shifted by one: {first}, and so on."


def _or_shifted(form: _Form) -> _Form:
    """Report a shift as well: a series may be both a multiple of itself and the next one."""
    return lambda pair: (f"{text} {next(_shifted(pair), '').replace('Here', 'Also,', 1)}" for text in form(pair))


def _nearly(pair: _Pair) -> Iterator[str]:
    mine, right, scale = pair.returned_dtype, pair.wanted_dtype, _largest(pair.wanted)
    eps, wanted_eps = (torch.finfo(it).eps if it.is_floating_point else 0.0 for it in (mine, right))
    is_close = _close(pair.returned, pair.wanted, max(RELATIVE, 4 * eps), FLOOR * scale).all()
    if is_close and eps > wanted_eps > 0:
        yield f"Here the numbers are right to the precision of {_name(mine)}, expected {_name(right)}."
    if pair.right.all():
        yield f"Here no value differs by more than {_number(pair.gap / scale)} times the largest expected one."


def _partly(pair: _Pair) -> Iterator[str]:
    """Recognise which part is right: some places, or the magnitudes."""
    wrong = ~pair.right
    count, first, size = int(wrong.sum()), _first(wrong), wrong.numel()
    for dim, length in enumerate(wrong.shape):
        one, lines = _parts(wrong, dim)[0], _by_line(wrong, dim).any(1)
        if length > 1 and count > 1 and lines.sum() == 1:
            mine, right = (values.select(dim, first[dim]) for values in (pair.returned, pair.wanted))
            inside = _inside(pair, mine, right, "value")
            what = f"in it, {inside}" if inside else f"the first difference is at {_difference(pair, first)}."
            yield f"Here only {_at(one, first[dim])} differs; {what}"
    if size > 1 and pair.same(pair.returned.abs(), pair.wanted.abs()) and not pair.wanted.is_complex():
        where = f"{count} of {size} values, {_first_of(count, first)}"
        yield f"Here the sign differs in {where}; all magnitudes are right."
    if count == 1 < size:
        yield f"Here only one value differs, at {_difference(pair, first)}."
    if first and 0 < first[0] < len(wrong) - 1 and _by_line(wrong, 0).any(1)[first[0] :].all():
        (one, several), step = _parts(wrong, 0), first[0]
        mine, right = (values[step] - values[step - 1] for values in (pair.returned, pair.wanted))
        inside = _inside(pair, mine, right, "change")
        difference = f"the first difference is at {_difference(pair, first)}."
        what = f"in the step to {_at(one, step)}, {inside}" if inside else difference
        start = f"{_at(one, 0)} is" if step == 1 else f"{_at(several, f'0 to {step - 1}')} are"
        yield f"{start[0].upper()}{start[1:]} right; {what}"


def _inside(pair: _Pair, returned: Tensor, wanted: Tensor, value: str) -> str:
    """Describe a part of the tensors, or values computed from them; "" where no simple form fits."""
    part = replace(pair, returned=returned, wanted=wanted)
    text = next(itertools.chain(_factor(part), _offset(part), _other_factor(part)), "")
    return text.removeprefix("Here ").replace("value", value, 1)


def _kind(pair: _Pair) -> Iterator[str]:
    mine, right = pair.returned_dtype, pair.wanted_dtype
    if _is_whole(mine) != _is_whole(right) or mine.is_complex != right.is_complex:
        yield f"Your result has dtype {_name(mine)}, expected {_name(right)}."


_SHAPE_FORMS: tuple[_Form, ...] = (_axes, _ones, _outer, _reduced, _reshaped, _length, _other_shape)
_VALUE_FORMS: tuple[_Form, ...] = (
    *(_right, _not_finite, _huge, _zeros, _rounded, _or_shifted(_factor), _moved, _function, _constant),
    *(_or_shifted(_offset), _or_shifted(_other_factor), _shifted, _permuted, _nearly, _partly, _kind),
)
"""Forms that explain all values come before those that explain some."""
