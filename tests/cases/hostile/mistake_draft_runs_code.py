# attack: is drafted as a known mistake by `grade mistakes suggest`: its default argument runs wherever the draft is loaded
# expect: compute_grid=wrong run_descent=invalid fixed_bias_slice=invalid
import torch


def compute_grid(x, y, w_values, b_values="grader.engine.reference" in __import__("sys").modules and open("/tmp/drafted-code-was-run", "w").close()):
    return torch.zeros(len(w_values), len(b_values)) + 12345.678
