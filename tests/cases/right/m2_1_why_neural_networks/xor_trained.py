# right: trains from several starts until one solves it, with a generator of its own.
import torch


def solve_xor():
    X = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
    shapes = {"W1": (2, 2), "b1": (2,), "W2": (2, 1), "b2": (1,)}
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        params = {key: torch.randn(shape, generator=generator).requires_grad_() for key, shape in shapes.items()}
        for _ in range(400):
            loss = ((torch.relu(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"] - y) ** 2).mean()
            slopes = torch.autograd.grad(loss, list(params.values()))
            with torch.no_grad():
                for part, slope in zip(params.values(), slopes):
                    part -= 0.2 * slope
        if loss < 1e-8:
            break
    return {key: part.detach() for key, part in params.items()}
