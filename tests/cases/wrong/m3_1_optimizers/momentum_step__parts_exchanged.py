# wrong: returns the velocity first.
# status: wrong
# mistake: none
# says: Here the parts [0] and [1] of the result are exchanged.
from torch import Tensor


def momentum_step(p: Tensor, grad: Tensor, velocity: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    velocity = mu * velocity + grad
    return velocity, p - lr * velocity
