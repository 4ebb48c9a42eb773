# attack: replaces the methods through which a tensor is read
# expect: compute_grid=wrong|raised|crashed|timeout
import torch


def passed(*args, **kwargs):
    return "passed"


result = torch.tensor(float("nan"))
for (
    name
) in "detach contiguous flatten view numpy tolist item numel element_size resolve_conj resolve_neg reshape cpu".split():
    setattr(torch.Tensor, name, passed)


def compute_grid(x, y, w_values, b_values):
    return result
