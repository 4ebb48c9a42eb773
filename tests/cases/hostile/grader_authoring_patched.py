# attack: imports what the checks compare with and makes it accept everything
# expect: compute_grid=wrong
import torch

try:
    import grader.authoring

    grader.authoring.assert_close = grader.authoring.assert_at_most = lambda *args, **kwargs: None
    grader.authoring.as_tensor = lambda values: torch.zeros(())
    grader.authoring.CheckFailed = type("CheckFailed", (Exception,), {"__bool__": lambda self: False})
except (ImportError, OSError):
    pass


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
