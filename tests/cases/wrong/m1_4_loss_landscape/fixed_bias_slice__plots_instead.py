# wrong: draws the slice and returns nothing.
# status: wrong
# mistake: none
import matplotlib.pyplot as plt
import torch
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    losses = [torch.mean((y - (w * x + b)) ** 2).item() for w in w_values]
    plt.plot(w_values.numpy(), losses)
    plt.xlabel("Weight (w)")
    plt.show()
