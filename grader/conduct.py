"""What a call did to its surroundings, and what is right about its value and could be better."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from grader import wire
from grader.course import Exercise

TINY = 1e-6
"""A change that is smaller, in parts of the largest entry, is one that was to be undone."""
_HOLDS_NONE = frozenset({float, int, bool, str})
_SETTINGS = {
    "seed": (
        "Your function sets the seed of torch's global generator, so every other random number of the program is"
        " disturbed. Use a generator of your own: torch.Generator().manual_seed(...)."
    ),
    "default dtype": "Your function changes torch's default dtype for the whole program. Pass `dtype=` instead.",
    "grad mode": "Your function leaves gradients switched off for the whole program. Use `with torch.no_grad():`.",
    "number of threads": "Your function changes torch's number of threads for the whole program. Leave it as it is.",
    "default device": "Your function changes torch's default device for the whole program. Leave it as it is.",
}
_OF_THE_FILE = {
    "default dtype": "pass `dtype=` where you make a tensor",
    "grad mode": "use `with torch.no_grad():` in the function that needs it",
    "number of threads": "leave it as it is",
    "default device": "leave it as it is",
}
"""By setting, what to do instead of changing it at the top of the file."""


@dataclass(frozen=True)
class Change:
    """An argument that is not what it was after a call."""

    position: int
    document: bytes = b""
    """What it is now, as it was sent; empty where that is too large."""


@dataclass(frozen=True)
class Setting:
    """A setting of torch that is not what it was."""

    name: str
    line: int | None = None
    """The line of the file that has changed it when it was loaded, 0 if that is not known; None for the function."""


def complaints(
    exercise: Exercise, args: Sequence[Any], changes: Sequence[Change], settings: Sequence[Setting]
) -> list[str]:
    """Return what is wrong with a call of these arguments that changed some of them, or settings of torch."""
    texts = []
    for change in changes:
        known = 0 <= change.position < len(exercise.parameters)
        name = exercise.parameters[change.position] if known else f"number {change.position + 1}"
        before = args[change.position] if 0 <= change.position < len(args) else None
        texts.append(_of_argument(name, before, change.document))
    return texts + [text for setting in settings if (text := _of_setting(setting))]


def _of_argument(name: str, before: Any, document: bytes) -> str:
    """Return what to say of an argument that has changed, and how."""
    now = None
    if document:
        with contextlib.suppress(wire.WireError):
            now = wire.decode(document)
    if type(before) is torch.Tensor and type(now) is torch.Tensor:
        for attribute in ("shape", "dtype"):
            old, new = getattr(before, attribute), getattr(now, attribute)
            if old != new:
                texts = [str(tuple(each) if attribute == "shape" else each) for each in (old, new)]
                return (
                    f"Your function changed the {attribute} of its argument `{name}` from {texts[0]} to {texts[1]}. Its"
                    " caller still needs it as it was: use a method whose name does not end in `_`."
                )
        difference = _largest_difference(before, now)
        if difference == 0 and before.requires_grad != now.requires_grad:
            return (
                f"Your function set requires_grad on its argument `{name}`, which its caller still uses. Set it on a"
                f" copy: {name}.detach().clone().requires_grad_()."
                if now.requires_grad
                else f"Your function detached its argument `{name}`, which its caller still uses. Use {name}.detach(),"
                " without the last `_`."
            )
        if 0 < difference <= TINY * _largest(before):
            return (
                f"Your function changed its argument `{name}` and did not restore it to the last digit: it is off by up"
                f" to {difference:.2g}. Work on a copy, such as x.clone() of a tensor."
            )
    return (
        f"Your function changed its argument `{name}` in place. Its caller still needs it: work on a copy,"
        " such as x.clone() of a tensor or list(x) of a list."
    )


def _largest_difference(before: torch.Tensor, now: torch.Tensor) -> float:
    """Return by how much two tensors of one shape differ; infinity where that is no number."""
    if torch.equal(before, now):
        return 0.0
    difference = _largest(before.detach().to(torch.complex128) - now.detach().to(torch.complex128))
    return difference if difference == difference else float("inf")  # noqa: PLR0124  nan is not itself


def _largest(tensor: torch.Tensor) -> float:
    return float(tensor.detach().abs().max()) if tensor.numel() else 0.0


def _of_setting(setting: Setting) -> str:
    """Return what to say of a setting; empty for one that nobody knows."""
    if setting.line is None:
        return _SETTINGS.get(setting.name, "")
    if setting.name not in _OF_THE_FILE:
        return ""
    line = f"Line {setting.line} of your file" if setting.line else "Your file"
    return (
        f"{line} changes torch's {setting.name} for the whole program when the file is loaded. Delete that, and"
        f" {_OF_THE_FILE[setting.name]}."
    )


def advice(returned: Any, wanted: Any, args: tuple[Any, ...], open_figures: int) -> list[str]:
    """Return what could be better about a value that may well be right."""
    texts = []
    tensors = _tensors(returned)
    if any(tensor.requires_grad for tensor in tensors):
        texts.append(
            "Your result still carries its gradient history. Detach it before you return it: `.detach()` or `.item()`."
        )
    floats = [arg.dtype for arg in args if type(arg) is torch.Tensor and arg.is_floating_point()]
    if floats and set(floats) == {torch.float64} and any(tensor.dtype is torch.float32 for tensor in tensors):
        texts.append(
            "For float64 data your result is float32, so half of the digits are lost. Pass on `dtype=x.dtype`."
        )
    if tensors and type(returned) is not torch.Tensor and not _tensors(wanted):
        texts.append("Your result holds tensors where plain floats are asked. `.item()` turns one into a float.")
    elif type(returned) is torch.Tensor and type(wanted) is float:
        texts.append("Your result is a tensor where a plain float is asked. `.item()` turns it into a float.")
    if open_figures > 2:
        texts.append(
            f"{open_figures} figures are left open, and each keeps its memory. Close what is saved: plt.close(figure)."
        )
    return texts


def _tensors(value: Any) -> list[torch.Tensor]:
    """Return the tensors in a value, however deep."""
    if type(value) is torch.Tensor:
        return [value]
    parts = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    if _HOLDS_NONE.issuperset(map(type, parts)):
        return []  # as in most answers, whose numbers need not be looked at one by one
    return [tensor for part in parts for tensor in _tensors(part)]
