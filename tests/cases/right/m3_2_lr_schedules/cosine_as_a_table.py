# right: all rates in float32, and step t is looked up
def warmup_cosine(t, lr_max, lr_min, warmup, total):
    import torch

    ramp = torch.linspace(0, lr_max, warmup + 2)[1:-1]
    decay = lr_min + (lr_max - lr_min) * (1 + torch.cos(torch.linspace(0, math.pi, total - warmup + 1))) / 2
    return torch.cat([ramp, decay])[min(t, total)]
