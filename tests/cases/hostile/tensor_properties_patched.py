# attack: replaces shape, dtype and layout of all tensors
# expect: compute_grid=wrong|raised|crashed|timeout
import torch

result = torch.tensor(float("nan"))
torch.Tensor.shape = property(lambda self: torch.Size([2**40]))
torch.Tensor.dtype = property(lambda self: "float64")
torch.Tensor.layout = property(lambda self: torch.strided)
torch.Tensor.requires_grad = property(lambda self: "passed")


def compute_grid(x, y, w_values, b_values):
    return result
