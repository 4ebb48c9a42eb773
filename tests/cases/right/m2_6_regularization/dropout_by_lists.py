# right: nested lists
def dropout(h, mask, p, training):
    if not training:
        return h.clone()
    return torch.tensor([[v / (1 - p) * m for v, m in zip(row, bits)] for row, bits in zip(h.tolist(), mask.tolist())])
