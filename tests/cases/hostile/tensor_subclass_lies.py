# attack: returns a tensor subclass whose comparisons are always true
# expect: compute_grid=wrong
import torch


class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        if function in (torch.allclose, torch.equal, torch.Tensor.allclose, torch.Tensor.equal):
            return True
        result = super().__torch_function__(function, types, args, kwargs or {})
        if function in (torch.isclose, torch.Tensor.__eq__, torch.Tensor.__le__, torch.Tensor.eq, torch.Tensor.le):
            return torch.ones_like(result, dtype=torch.bool)
        return result


def compute_grid(x, y, w_values, b_values):
    return torch.full((len(w_values), len(b_values)), float("nan")).as_subclass(Liar)
