# wrong: asks for the bias on the keyboard.
# status: raised
# mistake: none
from torch import Tensor


def fixed_bias_slice(x: Tensor, y: Tensor, w_values: Tensor, b: float) -> Tensor:
    bias = float(input("bias: "))
    return ((y - (w_values[:, None] * x + bias)) ** 2).mean(dim=1)
