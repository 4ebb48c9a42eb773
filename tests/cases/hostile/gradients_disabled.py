# attack: switches gradients, deterministic algorithms and anomaly detection for the caller
# expect: compute_grid=wrong|raised|crashed
import torch


def compute_grid(x, y, w_values, b_values):
    torch.set_grad_enabled(False)
    torch.inference_mode().__enter__()
    torch.autograd.set_detect_anomaly(True)
    torch.use_deterministic_algorithms(True)
    torch.set_flush_denormal(True)
    return torch.tensor(float("nan"))
