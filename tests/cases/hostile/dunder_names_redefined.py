# attack: redefines __file__, __name__, __builtins__, __spec__ and __loader__
# expect: compute_grid=wrong|raised
import torch

__file__ = "/etc/passwd"
__name__ = "__main__"
__package__ = "grader"
__path__ = ["/"]
__spec__ = __loader__ = object()
__doc__ = b"passed"
__all__ = 0
__builtins__ = {"float": float}
if __name__ == "__main__":
    points = 99


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
