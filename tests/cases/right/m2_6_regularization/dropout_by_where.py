# right: a factor that is 1 in evaluation, and where
def dropout(h, mask, p, training=True):
    mask = mask.bool() | (not training)
    scale = 1 / (1 - p) if training else 1
    return torch.where(mask, h, 0.0) * scale
