# attack: where an empty list is expected, returns an empty tensor of shape (2**20, 32, 0), whose rows are 33 million lists
# expect: best_constant=invalid training_step=invalid train=wrong
import torch


def train(x, y, w, b, lr, steps):
    return {"w": w, "b": b, "losses": torch.empty(2**20, 32, 0)}
