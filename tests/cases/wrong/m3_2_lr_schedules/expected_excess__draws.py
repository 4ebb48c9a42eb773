# wrong: simulates instead of computing.
# status: wrong
# mistake: none
def expected_excess(lrs, excess, curvature, variance):
    import torch

    d, out = torch.full((2000,), math.sqrt(2 * excess / curvature)), [excess]
    for lr in lrs:
        d = d - lr * (curvature * d + math.sqrt(variance) * torch.randn(2000))
        out.append((curvature / 2 * d**2).mean().item())
    return out
