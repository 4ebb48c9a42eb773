"""The API for the `.py` of an exercise: comparisons, tolerances, strategies, quizzes, points and decorators."""

import math
import unicodedata
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast, overload

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor

from grader import metrics
from grader.course.model import Lesson
from grader.sandbox.figure import Picture
from grader.scene import (
    Arrow,
    Choice,
    Control,
    Curve,
    Dots,
    Handle,
    Heights,
    Moves,
    Note,
    Panel,
    Scene,
    Slider,
    curve,
    dots,
    heights,
)
from grader.text import cut
from grader.tolerance import LOSS32, PARAM32, TIGHT
from grader.verdict import Visibility

__all__ = [
    "LOSS32",
    "PARAM32",
    "TIGHT",
    "Arrow",
    "CheckFailed",
    "Choice",
    "Curve",
    "Dots",
    "Handle",
    "Heights",
    "Moves",
    "Note",
    "Panel",
    "Picture",
    "Quiz",
    "Scene",
    "Slider",
    "StudentFunction",
    "after_due",
    "as_tensor",
    "assert_at_most",
    "assert_close",
    "curve",
    "cut",
    "data_sets",
    "dots",
    "driver",
    "examples",
    "heights",
    "hidden",
    "interactive",
    "keeps",
    "largest",
    "matrices",
    "networks",
    "numbers",
    "picture",
    "points",
    "predict",
    "row",
    "variant",
    "vectors",
]

MAX_EXAMPLES = 25
"""Examples that Hypothesis draws for a check, besides its explicit ones."""
LARGEST = 2**1023
"""An int of this size or more may exceed every float."""

Numbers = Tensor | np.ndarray[Any, Any] | float | Sequence[Any]
Size = int | tuple[int, int]
"""A size, or the smallest and the largest one to draw."""
Check = TypeVar("Check", bound=Callable[..., object])
Prediction = TypeVar("Prediction", bound=Callable[..., object])
Marked = TypeVar("Marked", bound=Callable[..., object])
Figure = TypeVar("Figure", bound=Callable[..., Scene])


class StudentFunction(Protocol):
    """A function of the student, as a check calls it.

    The result has the type and the shape of the reference's result: anything else ends the check with a message of
    its own, so a check can compute with the result.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function in its worker, with a deadline."""

    def once(self, *args: Any) -> Any:
        """Call it as above; a later check that calls ``once`` with the same arguments gets the same result.

        For slow results that several checks examine, such as a picture.
        """

    def plain(self, *args: Any) -> Any:
        """Call it and return the result unchecked, whatever its type: the check reads it itself."""

    def drive(self, driver: str, *args: Any) -> Any:
        """Call a `driver` of the exercise in the worker, by its name: ``driver(function, *args)``."""

    def run(self, code: str, **values: Any) -> Any:
        """Run lines of Python in the worker, and return the value of the last one, which is an expression.

        The exercise, torch, np and the values have their names there. The report shows the lines, ready to paste:
        this is how a class is checked.
        """

    def must_raise(
        self, error: type[Exception], driver: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Call it, and fail unless it raises. Use `assert_raises` instead."""


class CheckFailed(AssertionError):
    """A check failed; carries the two values for the report.

    ``mistake`` is for a check that recognises a known mistake itself: ``transposed`` is the one under this heading of
    the exercise's `.md`. The report names and explains it, whatever the calls look like.
    """

    def __init__(self, message: str, returned: object = None, wanted: object = None, *, mistake: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.returned = returned
        self.wanted = wanted
        self.mistake = mistake


class StillToDo(Exception):
    """The subject of a check is not written yet: the check ends as to do, not as wrong.

    The message is what the student reads: ``Still to do: question 2.``
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def points(number: int) -> Callable[[Check], Check]:
    """Give a check a weight other than 1."""

    def weigh(check: Check) -> Check:
        setattr(check, "points", number)  # noqa: B010  mypy knows no attributes of functions
        return check

    return weigh


def examples(number: int) -> Callable[[Check], Check]:
    """Let Hypothesis draw fewer examples for a check with slow calls, such as training; the default is 25."""
    if not 1 <= number <= MAX_EXAMPLES:
        raise ValueError(f"@examples({number}) must be between 1 and {MAX_EXAMPLES}")

    def limit(check: Check) -> Check:
        setattr(check, "examples", number)  # noqa: B010  mypy knows no attributes of functions
        return check

    return limit


def keeps(reason: str) -> Callable[[Check], Check]:
    """Say why a check stays although no known mistake fails it; `grade audit` requires that.

    The reason is a literal: it is read without running the file.
    """
    if not reason:
        raise ValueError("@keeps needs a reason")

    def keep(check: Check) -> Check:
        return check

    return keep


def hidden(check: Check) -> Check:
    """Hide a check from students: they only learn that one more check exists.

    It runs after all public checks, so that it cannot change what a student sees.
    """
    setattr(check, "visibility", Visibility.HIDDEN)  # noqa: B010  mypy knows no attributes of functions
    return check


def after_due(check: Check) -> Check:
    """Hide a check from students until the exercise is due; then they may read all of it."""
    setattr(check, "visibility", Visibility.AFTER_DUE)  # noqa: B010  the same
    return check


def predict(*, answer: str, because: str, otherwise: Mapping[str, str]) -> Callable[[Prediction], Prediction]:
    """Make a function a question that a student answers before writing code.

    The docstring is the question, and ``answer`` the right option with its reason. ``otherwise`` holds the wrong
    options, each with a sentence about the misunderstanding behind it. The function takes the solutions of the
    exercises that its arguments are named after, asserts that ``answer`` comes true, and returns the value whose
    picture shows it. A dict names the axes: ``{"step": steps, "loss": losses}`` is a curve, ``{"w, b": path}``
    a path, and ``{"w": w_values, "b": b_values, "loss": losses}`` a grid with a row for every w. All texts are
    literals: they are read without running the file.
    """
    if answer in otherwise:
        raise ValueError(f"{answer!r} is both the answer and a wrong option")
    if not because or not all(otherwise.values()):
        raise ValueError("every option needs a sentence")

    def keep(prediction: Prediction) -> Prediction:
        return prediction

    return keep


def interactive(*, still: str, **controls: Control) -> Callable[[Figure], Figure]:
    """Make a function of a lesson's `interactive.py` a figure that readers of the page can move.

    It stands in the place of the picture ``still`` of the README. Its parameters are the controls, and exercises of the
    lesson, whose functions it may call: the solution's, and the student's once the exercise has passed. It returns what
    is drawn. The first line of the docstring is the title, the rest says what to try. Controls are literals: they are
    read without running the file.
    """
    if not still or not controls:
        raise ValueError("an interactive figure stands in the place of a picture, and has controls")

    def keep(figure: Figure) -> Figure:
        return figure

    return keep


def variant(function: Marked) -> Marked:
    """Mark a right answer in another style, which all checks must pass; its docstring says which style."""
    return function


def driver(function: Marked) -> Marked:
    """Mark a function that runs beside the student's, in their process: ``exercise.drive("its_name", ...)`` calls it.

    It travels there with what it uses of its file, and may use nothing else of the course.
    """
    return function


def picture(function: Marked) -> Marked:
    """Mark a function that adds to the picture of the exercise; it takes the axes and the call's arguments by name."""
    return function


def assert_raises(
    error: type[Exception], function: StudentFunction, *args: Any, driver: str | None = None, **kwargs: Any
) -> None:
    """Fail unless the function raises this error or a subclass of it, for arguments that its docstring rules out.

    The solution must raise it too. With a ``driver``, the call is ``driver(function, *args)``.
    """
    if not (isinstance(error, type) and issubclass(error, Exception)):
        raise TypeError(f"assert_raises takes an exception class first, such as ValueError, not {error!r}")
    if not hasattr(function, "must_raise"):
        raise TypeError(f"assert_raises takes the student's function itself, not its result; this is {function!r}")
    function.must_raise(error, driver, args, kwargs)


def assert_close(returned: Any, wanted: Any, *, tolerance: float = LOSS32, scale: Any = 1.0, says: str = "") -> None:
    """Fail unless every entry differs by at most ``tolerance * scale``; use the tolerance 0 for counts.

    Values are compared in float64, whatever their dtypes, so the comparison adds no error to a float32 answer.

    Both are numbers, nested sequences of numbers, or tensors; or dicts, lists and tuples of these, compared part by
    part: then the message says which part, and ``scale`` is for all of them or has the same keys.

    ``scale`` is the natural size of the quantity, a number or a tensor that broadcasts: a loss near 0 must be compared
    with the size of a squared error, not with itself. ``says`` replaces the first sentence of the message if the check
    compares a value derived from the student's result.
    """
    _compare("", returned, wanted, tolerance=tolerance, scale=scale, says=says)


def _compare(  # noqa: PLR0913  what `assert_close` takes, and where it is
    where: str, returned: Any, wanted: Any, *, tolerance: float, scale: Any, says: str
) -> None:
    """Compare the part of a value at a place."""
    parts = None if isinstance(returned, (Tensor, np.ndarray)) else _parts(wanted)
    if parts is not None:
        found = _parts_like(returned, parts, says, where)
        for key, part in parts.items():
            size = scale[key] if isinstance(scale, (Mapping, list, tuple)) else scale
            _compare(f"{where}[{key!r}]", found[key], part, tolerance=tolerance, scale=size, says=says)
        return
    actual, expected = as_tensor(returned), as_tensor(wanted)
    if actual.shape != expected.shape:
        text = f"the shape is {tuple(actual.shape)}, expected {tuple(expected.shape)}"
        raise CheckFailed(_located(says, where) or text, returned, wanted)
    allowed = _allowed(tolerance, scale)
    gaps = (actual - expected).abs()
    # nan is never close: `<=` is False for it. Equal infinities are close, although their difference is nan.
    if not bool((gaps <= allowed).all()) and not bool(((gaps <= allowed) | (actual == expected)).all()):
        raise CheckFailed(_located(says, where), returned, wanted)
    if (present := metrics.present()) is not None:
        present.note_comparison(_largest_part((gaps / allowed)[actual != expected]))


def _located(says: str, where: str) -> str:
    """Return the sentence of a comparison, with the part that differs."""
    if not where:
        return says
    return f"{says} The part {where} differs.".strip()


def _parts(wanted: Any) -> dict[Any, Any] | None:
    """Return the parts of a value by key or place, or None where it is compared as one tensor."""
    if isinstance(wanted, Mapping):
        return dict(wanted)
    if isinstance(wanted, (list, tuple)) and any(_holds_more_than_numbers(part) for part in wanted):
        return dict(enumerate(wanted))
    return None


def _holds_more_than_numbers(part: Any) -> bool:
    return (isinstance(part, (Tensor, np.ndarray)) and part.ndim > 0) or _parts(part) is not None


def _parts_like(returned: Any, wanted: dict[Any, Any], says: str, where: str) -> Mapping[Any, Any]:
    """Return the parts of a result; raises CheckFailed if its keys are not the expected ones."""
    found = dict(enumerate(returned)) if isinstance(returned, (list, tuple)) else returned
    if isinstance(found, Mapping) and set(found) == set(wanted):
        return found
    has = f"the keys {list(found)}" if isinstance(found, Mapping) else f"the type {type(returned).__name__}"
    place = f"The part {where}" if where else "The result"
    raise CheckFailed(f"{says} {place} has {has}, expected {list(wanted)}.".strip(), returned, wanted)


def _allowed(tolerance: float, scale: Numbers) -> float | Tensor:
    """Return the largest allowed difference; a scale that is not finite allows none, instead of every difference."""
    if isinstance(scale, (int, float)):
        allowed = tolerance * scale
        return allowed if 0 < allowed < math.inf else 0.0
    return (tolerance * as_tensor(scale)).nan_to_num(nan=0.0, posinf=0.0, neginf=0.0)


def assert_at_most(smaller: Numbers, larger: Numbers, *, slack: Numbers = 0.0, says: str) -> None:
    """Fail unless ``smaller <= larger + slack`` in every entry; nan fails."""
    left, right = as_tensor(smaller), as_tensor(larger)
    if not bool((left <= right + as_tensor(slack)).all()):
        raise CheckFailed(says, smaller, larger)
    if (present := metrics.present()) is not None:
        present.note_comparison(_largest_part(((left - right) / as_tensor(slack))[left > right]))


def _largest_part(parts: Tensor) -> float:
    return float(parts.max()) if parts.numel() else 0.0


def as_tensor(values: Numbers) -> Tensor:
    """Return numbers, nested sequences of numbers, an array or a tensor as a detached float64 tensor.

    Raises TypeError for complex numbers: their real parts alone would be compared.
    """
    if isinstance(values, (np.ndarray, np.generic)):
        values = torch.from_numpy(np.array(values, order="C"))
    if isinstance(values, Tensor):
        if values.is_complex():
            raise TypeError("complex numbers have no order: compare real and imaginary parts")
        return values.detach().to(torch.float64)
    if not isinstance(values, (int, float, Sequence)) or isinstance(values, (str, bytes)):
        raise TypeError(f"expected a tensor, a number or a list of numbers, not {type(values).__name__}")
    if isinstance(values, (int, float)):
        return torch.tensor(_as_float(values), dtype=torch.float64)
    if _are_floats(values) or (_are_rows(values) and all(map(_are_floats, values))):
        return torch.tensor(values, dtype=torch.float64)  # in one call: one by one takes ten times as long
    if {bool, int, float}.issuperset(map(type, values)):
        return torch.tensor([_as_float(value) for value in values], dtype=torch.float64)
    return torch.stack([as_tensor(value) for value in values])


def _as_float(value: float) -> float:
    """Return a number as a float; an int that exceeds every float becomes infinite."""
    if isinstance(value, int) and abs(value) >= LARGEST:
        return math.inf if value > 0 else -math.inf
    return float(value)


def _are_floats(values: Any) -> bool:
    return {float} == set(map(type, values))


def _are_rows(values: Any) -> bool:
    """Whether all are lists or tuples of the same length."""
    return set(map(type, values)) <= {list, tuple} and len(set(map(len, values))) == 1


Dtype = torch.dtype | type[np.generic]
"""What the entries of a tensor or, with a type of NumPy, of an array are."""


Array = np.ndarray[Any, Any]


@overload
def row(*values: float, dtype: torch.dtype = ...) -> Tensor: ...
@overload
def row(*values: float, dtype: type[np.generic]) -> Array: ...
def row(*values: float, dtype: Dtype = torch.float32) -> Any:
    """Return the numbers as a tensor of shape (n,); with a dtype of NumPy as an array."""
    return _filled(values, dtype)


def _filled(values: Sequence[float], dtype: Dtype) -> Any:
    return torch.tensor(values, dtype=dtype) if isinstance(dtype, torch.dtype) else np.array(values, dtype=dtype)


def largest(values: Numbers) -> float:
    """Return the largest absolute value; 0 if there are no entries."""
    return max(map(abs, as_tensor(values).flatten().tolist()), default=0.0)


def numbers(low: int = -5, high: int = 5) -> st.SearchStrategy[float]:
    """Draw multiples of 1/8: differences are exact, and a failing example reads ``0.5``, not ``0.49999999``."""
    return _numbers(low, high)


@cache  # Hypothesis examines a strategy at its first use, and composite ones name theirs in every example
def _numbers(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(8 * low, 8 * high).map(lambda eighths: eighths / 8)


@overload
def vectors(
    min_size: int = ...,
    max_size: int = ...,
    *,
    low: int = ...,
    high: int = ...,
    unique: bool = ...,
    dtype: torch.dtype = ...,
) -> st.SearchStrategy[Tensor]: ...
@overload
def vectors(
    min_size: int = ...,
    max_size: int = ...,
    *,
    low: int = ...,
    high: int = ...,
    unique: bool = ...,
    dtype: type[np.generic],
) -> st.SearchStrategy[Array]: ...
def vectors(  # noqa: PLR0913  each has a default
    min_size: int = 1,
    max_size: int = 12,
    *,
    low: int = -5,
    high: int = 5,
    unique: bool = False,
    dtype: Dtype = torch.float32,
) -> st.SearchStrategy[Any]:
    """Draw tensors of shape (n,) with entries from `numbers`, in the dtype that a student's tensors have.

    Where precision is the subject of the lesson, use ``dtype=torch.float64``. ``dtype=np.float64`` draws arrays of
    NumPy; so it does in `row`, `data_sets`, `matrices` and `networks`.
    """
    return _vectors(min_size, max_size, low, high, unique, cast("Hashable", dtype))


@cache
def _vectors(  # noqa: PLR0913, PLR0917  as `vectors`
    min_size: int,
    max_size: int,
    low: int,
    high: int,
    unique: bool,  # noqa: FBT001  a cache takes positions
    dtype: Any,
) -> st.SearchStrategy[Any]:
    return st.lists(numbers(low, high), min_size=min_size, max_size=max_size, unique=unique).map(
        lambda values: _filled(values, dtype)
    )


@overload
def data_sets(
    min_size: int = ..., max_size: int = ..., *, dtype: torch.dtype = ...
) -> st.SearchStrategy[tuple[Tensor, Tensor]]: ...
@overload
def data_sets(
    min_size: int = ..., max_size: int = ..., *, dtype: type[np.generic]
) -> st.SearchStrategy[tuple[Array, Array]]: ...
def data_sets(min_size: int = 1, max_size: int = 12, *, dtype: Dtype = torch.float32) -> st.SearchStrategy[Any]:
    """Draw the points of a data set: x and y of the same shape (N,), in the dtype of `vectors`."""
    return _data_sets(min_size, max_size, dtype)


@st.composite
def _data_sets(draw: st.DrawFn, min_size: int, max_size: int, dtype: Any) -> tuple[Any, Any]:
    size = draw(st.integers(min_size, max_size))
    return draw(vectors(size, size, dtype=dtype)), draw(vectors(size, size, dtype=dtype))


@overload
def matrices(
    rows: Size = ..., columns: Size = ..., *, low: int = ..., high: int = ..., dtype: torch.dtype = ...
) -> st.SearchStrategy[Tensor]: ...
@overload
def matrices(
    rows: Size = ..., columns: Size = ..., *, low: int = ..., high: int = ..., dtype: type[np.generic]
) -> st.SearchStrategy[Array]: ...
def matrices(
    rows: Size = (1, 4), columns: Size = (1, 4), *, low: int = -5, high: int = 5, dtype: Dtype = torch.float32
) -> st.SearchStrategy[Any]:
    """Draw tensors of shape (rows, columns) with entries from `numbers`; a size is a number or a range."""
    return _matrices(rows, columns, low, high, dtype)


@st.composite
def _matrices(  # noqa: PLR0913, PLR0917  as `matrices`
    draw: st.DrawFn, rows: Size, columns: Size, low: int, high: int, dtype: Any
) -> Any:
    shape = _draw_size(draw, rows), _draw_size(draw, columns)
    size = shape[0] * shape[1]
    values: Any = draw(vectors(size, size, low=low, high=high, dtype=dtype))
    return values.reshape(shape)


@overload
def networks(
    inputs: Size = ...,
    hidden_units: Size = ...,
    outputs: Size = ...,
    *,
    low: int = ...,
    high: int = ...,
    dtype: torch.dtype = ...,
) -> st.SearchStrategy[dict[str, Tensor]]: ...
@overload
def networks(
    inputs: Size = ...,
    hidden_units: Size = ...,
    outputs: Size = ...,
    *,
    low: int = ...,
    high: int = ...,
    dtype: type[np.generic],
) -> st.SearchStrategy[dict[str, Array]]: ...
def networks(  # noqa: PLR0913  each has a default
    inputs: Size = (1, 4),
    hidden_units: Size = (1, 4),
    outputs: Size = (1, 4),
    *,
    low: int = -2,
    high: int = 2,
    dtype: Dtype = torch.float32,
) -> st.SearchStrategy[Any]:
    """Draw the parameters of a network with one hidden layer: "W1" (D, H), "b1" (H,), "W2" (H, O) and "b2" (O,).

    The entries are from `numbers`, so small that the outputs of a ReLU network are exact in float32.
    """
    return _networks((inputs, hidden_units, outputs), low, high, dtype)


@st.composite
def _networks(draw: st.DrawFn, sizes: tuple[Size, Size, Size], low: int, high: int, dtype: Any) -> dict[str, Any]:
    d, h, o = (_draw_size(draw, size) for size in sizes)
    shapes = {"W1": (d, h), "b1": (1, h), "W2": (h, o), "b2": (1, o)}
    parts = {key: draw(_matrices(*shape, low, high, dtype)) for key, shape in shapes.items()}
    return {key: part.flatten() if key.startswith("b") else part for key, part in parts.items()}


def _draw_size(draw: st.DrawFn, size: Size) -> int:
    return size if isinstance(size, int) else draw(st.integers(*size))


class Quiz:
    """The questions of a quiz: a function that returns ``{"q1": "a", ...}``.

    The known mistakes of the exercise are the wrong options, ``q1_b`` under its heading; a letter that is the heading
    of no mistake is the right one. A right letter earns its question's point, a wrong one gets its explanation, and a
    missing one is still to do.
    """

    OPTIONS = ("a", "b", "c", "d")

    def __init__(self, file: str, questions: int) -> None:
        """Read the explanations beside ``file``, which is the exercise's own: ``Quiz(__file__, questions=6)``.

        Raises ValueError unless each question has four options, one of them right.
        """
        path = Path(file).resolve()
        lesson = Lesson(path.parents[2], path.parent.name)
        self.questions = tuple(f"q{number}" for number in range(1, questions + 1))
        self.explanations = {mistake.name: mistake.explanation for mistake in lesson.texts[path.stem].mistakes}
        for question in self.questions:
            wrong = [f"{question}_{letter}" for letter in self.OPTIONS if f"{question}_{letter}" in self.explanations]
            if len(wrong) != len(self.OPTIONS) - 1:
                raise ValueError(f"{path.stem}.md has the wrong options {wrong} of {question}; expected three of them")

    def check_form(self, function: StudentFunction) -> None:
        """Fail unless every key is a question and every value an option."""
        _, problem = self._answers(function)
        if problem:
            raise CheckFailed(f'{problem}{_foreign_letters(problem)} Write {{"q1": "a", ...}}, with your own letters.')

    def check_all(self, function: StudentFunction) -> None:
        """Fail with all explanations at once if an answer is wrong."""
        answers, _ = self._answers(function)
        wrong = [name for question, letter in answers.items() if (name := f"{question}_{letter}") in self.explanations]
        if wrong:
            missing = [question[1:] for question, letter in answers.items() if not letter]
            verb = "is" if len(wrong) == 1 else "are"
            heading = f"{len(wrong)} of your {len(self.questions) - len(missing)} answers {verb} wrong."
            if missing:
                heading += f" Still to do: question{'s' * (len(missing) > 1)} {', '.join(missing)}."
            texts = [
                f"Question {question[1:]}: you chose {letter}. {self.explanations[f'{question}_{letter}']}"
                for question, _, letter in (name.partition("_") for name in wrong)
            ]
            raise CheckFailed("\n\n".join([heading, *texts]), mistake=wrong[0])

    def check_question(self, function: StudentFunction, number: int) -> None:
        """Pass the right letter, fail a wrong one, and end as still to do without one."""
        letter = self._answers(function)[0][f"q{number}"]
        if not letter:
            raise StillToDo(f"Still to do: question {number}.")
        if (name := f"q{number}_{letter}") in self.explanations:
            raise CheckFailed(f"Question {number}: you chose {letter}.", mistake=name)

    def _answers(self, function: StudentFunction) -> tuple[dict[str, str], str]:
        """Return the letter of each question, "" where it is missing, and the first problem, which empties them all.

        A letter may be a capital, and may stand between spaces or as "b)".
        """
        given, blank = function.plain(), dict.fromkeys(self.questions, "")
        if given is None:
            return blank, "`quiz` returned None. Is there a `return` at its end?"
        if not isinstance(given, dict):
            return blank, "`quiz` returned something other than a dict."
        letters = dict(blank)
        for key, value in given.items():
            question = str(key).strip().lower()
            if question not in self.questions:
                last = self.questions[-1]
                return blank, f"There is no question {cut(repr(key), 40)}: the keys are 'q1' to '{last}'."
            letter = value.strip(" \t\n().").lower() if isinstance(value, str) else "" if value is None else "?"
            if letter not in {"", *self.OPTIONS}:
                shown = cut(repr(value), 40) if isinstance(value, str) else "not a string"
                return blank, f"The answer to question {question[1:]} is {shown}, but the options are a, b, c and d."
            letters[question] = letter
        return letters, ""


def _foreign_letters(text: str) -> str:
    """Name every letter that only looks like one of the options, such as a Cyrillic a."""
    names = {letter: unicodedata.name(letter, "nameless") for letter in text if letter > "~"}
    return "".join(f" Here '{letter}' is {name} (U+{ord(letter):04X})." for letter, name in names.items())
