# wrong: breaks off when the loss is larger than before.
# status: wrong
# mistake: stops_when_the_loss_rises
from torch import Tensor


def run_descent(
    x: Tensor, y: Tensor, w_start: float, b_start: float, lr: float, steps: int
) -> list[tuple[float, float]]:
    w, b = w_start, b_start
    path = [(w, b)]
    last_loss = float("inf")
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
        loss = ((w * x + b - y) ** 2).mean().item()
        if loss > last_loss:
            print("diverging, stopped")
            break
        last_loss = loss
        path.append((w, b))
    return path
