# wrong: four decimals, as a printed tensor shows them.
# status: wrong
# mistake: rounded_to_4
import torch


def per_sample_gradients(x, y, w, b):
    rows = [[2 * (w * p + b - t) * p, 2 * (w * p + b - t)] for p, t in zip(x.tolist(), y.tolist())]
    return torch.tensor([[round(entry, 4) for entry in row] for row in rows])
