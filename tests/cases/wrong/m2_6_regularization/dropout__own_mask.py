# wrong: draws a mask of its own.
# status: wrong
# mistake: none
# says: Your function draws random numbers, and its result changes with them
import torch
from torch import Tensor


def dropout(h: Tensor, mask: Tensor, p: float, training: bool) -> Tensor:
    own = (torch.rand_like(h) > p).float()
    return h * own / (1 - p) if training else h
