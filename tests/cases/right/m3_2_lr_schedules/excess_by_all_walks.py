# right: walks all walks of coin flips, in float32
def expected_excess(lrs, excess, curvature, variance):
    import torch

    walks, noise, out = torch.tensor([math.sqrt(2 * excess / curvature)]), math.sqrt(variance), [excess]
    for lr in lrs:
        walks = torch.cat([walks - lr * (curvature * walks + noise), walks - lr * (curvature * walks - noise)])
        out.append(float((curvature / 2 * walks**2).mean()))
    return out
