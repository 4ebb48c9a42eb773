# attack: has no function, only a module __getattr__ that answers every name
# expect: compute_grid=wrong|invalid run_descent=wrong|invalid
import torch


def __getattr__(name):
    return lambda *args, **kwargs: torch.tensor(float("nan"))
