# attack: replaces every comparison of torch by one that says yes
# expect: compute_grid=wrong|raised|crashed
import torch


def yes(*args, **kwargs):
    return True


torch.allclose = torch.equal = torch.isclose = torch.all = torch.any = torch.eq = yes
torch.testing.assert_close = torch.testing.assert_allclose = yes
for name in ("allclose", "equal", "isclose", "all", "any", "eq", "__eq__", "__ne__", "__le__", "__bool__"):
    setattr(torch.Tensor, name, yes)


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
