"""What several exercises of this lesson use: the rates of a scheduler of PyTorch."""

import warnings
from collections.abc import Callable

import torch
from torch.optim.lr_scheduler import LRScheduler


def rates_of(make: Callable[[torch.optim.Optimizer], LRScheduler], lr: float, steps: int) -> list[float]:
    """Return the learning rates of so many steps, which begin at `lr`, of the scheduler that `make` builds."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = make(optimizer)
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SequentialLR warns of its own way to step
        for _ in range(steps):
            rates.append(float(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            scheduler.step()
    return rates
