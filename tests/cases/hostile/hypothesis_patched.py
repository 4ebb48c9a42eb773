# attack: imports Hypothesis and makes it run no examples
# expect: compute_grid=wrong|raised|timeout
import torch

try:
    import hypothesis
    import hypothesis.core

    hypothesis.settings.default = hypothesis.settings(max_examples=1, phases=())
    hypothesis.given = hypothesis.core.given = lambda *args, **kwargs: lambda function: lambda *a, **k: None
    hypothesis.assume = hypothesis.reject = lambda *args: True
except (ImportError, OSError):
    pass


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
