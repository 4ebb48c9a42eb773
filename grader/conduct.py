"""What a call did to its surroundings, and what is right about its value and could be better.

The worker sends the arguments and the settings as they are after a call, and what is different is found out here.
"""

from dataclasses import dataclass
from typing import Any

import torch

from grader import wire
from grader.course import Exercise
from grader.reference import Asked
from grader.worker import SEED

_HOLDS_NONE = frozenset({float, int, bool, str})
SETTINGS = ["torch.float32", True, 1, "cpu", SEED]
"""The global state of torch as it has to be after a call, in the order of `grader.worker.Settings`."""
_BY_CALL = (
    "Your function changes torch's default dtype for the whole program. Pass `dtype=` instead.",
    "Your function leaves gradients switched off for the whole program. Use `with torch.no_grad():`.",
    "Your function changes torch's number of threads for the whole program. Leave it as it is.",
    "Your function changes torch's default device for the whole program. Leave it as it is.",
    (
        "Your function sets the seed of torch's global generator, so every other random number of the program is"
        " disturbed. Use a generator of your own: torch.Generator().manual_seed(...)."
    ),
)
_BY_FILE = (
    "Your file changes torch's default dtype when it is loaded. Pass `dtype=` where you make a tensor instead.",
    "Your file switches gradients off when it is loaded. Use `with torch.no_grad():` inside the functions instead.",
    "Your file changes torch's number of threads when it is loaded. Leave it as it is.",
    "Your file changes torch's default device when it is loaded. Leave it as it is.",
    "Your file puts another generator in the place of torch's global one. Make one of your own: torch.Generator().",
)


@dataclass(frozen=True)
class Changed:
    """An argument that is not what it was before the call."""

    name: str
    only_gradient: bool
    """Whether its values are what they were, and it requires a gradient now."""


def changed_arguments(exercise: Exercise, asked: Asked, after: Any) -> list[Changed]:
    """Return the arguments that a call has changed, of what the worker sends of them.

    Raises TypeError for anything that it does not send.
    """
    if type(after) is not list:
        raise TypeError("the arguments are not a list")
    if not after:
        return []
    names = [*_names(exercise, len(asked.args)), *asked.kwargs]
    if len(after) != len(names):
        raise TypeError("the arguments are not as many as they were")
    found = []
    for name, old, new in zip(names, [*asked.args, *asked.kwargs.values()], after, strict=True):
        if new is None:
            continue
        if type(new) is not bytes:
            raise TypeError("an argument is not a document")
        if new != wire.encode(old):
            found.append(Changed(name, only_gradient=_is_same_but_for_gradient(old, new)))
    return found


def changed_settings(settings: Any) -> list[str]:
    """Return what is wrong with torch's settings before and after a call; raises TypeError for anything else."""
    if type(settings) is not list or len(settings) != 2:
        raise TypeError("the settings are not those before and after a call")
    for state in settings:
        if type(state) is not list or [type(each) for each in state] != [type(each) for each in SETTINGS]:
            raise TypeError("a setting is of another type")
    return [
        of_file if after == before else of_call
        for right, before, after, of_file, of_call in zip(SETTINGS, *settings, _BY_FILE, _BY_CALL, strict=True)
        if after != right
    ]


def complaints(changed: list[Changed]) -> list[str]:
    """Return what is wrong with a call that has changed arguments."""
    return list(map(_complaint, changed))


def _complaint(changed: Changed) -> str:
    name = changed.name
    if changed.only_gradient:
        return (
            f"Your function makes its argument `{name}` require a gradient, and its caller keeps it that way. Work on a"
            f" copy: {name}.clone().requires_grad_()."
        )
    return (
        f"Your function changed its argument `{name}` in place. Its caller still needs it: work on a copy,"
        " such as x.clone() of a tensor or list(x) of a list."
    )


def _names(exercise: Exercise, number: int) -> list[str]:
    """Return what the positional arguments of a call are called; a driver may take more than the exercise does."""
    return [*exercise.parameters, *(f"number {i + 1}" for i in range(len(exercise.parameters), number))][:number]


def _is_same_but_for_gradient(old: Any, document: bytes) -> bool:
    if type(old) is not torch.Tensor or not document:
        return False
    try:
        new = wire.decode(document)
        return type(new) is torch.Tensor and wire.encode(new.detach()) == wire.encode(old.detach())
    except wire.WireError:
        return False


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
