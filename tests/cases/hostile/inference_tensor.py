# attack: returns a tensor made in inference mode
# expect: compute_grid=wrong
import torch


def inference(w_values, b_values):
    with torch.inference_mode():
        return torch.full((len(w_values), len(b_values)), float("nan"))


def compute_grid(x, y, w_values, b_values):
    return inference(w_values, b_values)
