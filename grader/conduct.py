"""What a call did to its surroundings, and what is right about its value and could be better."""

from typing import Any

import torch

from grader.course import Exercise

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


def complaints(exercise: Exercise, changed: list[int], settings: list[str]) -> list[str]:
    """Return what is wrong with a call that changed arguments, by their positions, and settings of torch."""
    texts = []
    for position in changed:
        name = exercise.parameters[position] if 0 <= position < len(exercise.parameters) else f"number {position + 1}"
        texts.append(
            f"Your function changed its argument `{name}` in place. Its caller still needs it: work on a copy,"
            " such as x.clone() of a tensor or list(x) of a list."
        )
    return texts + [_SETTINGS[setting] for setting in settings if setting in _SETTINGS]


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
