# wrong: the mode is not looked at.
# status: wrong
# mistake: dropped_in_evaluation
def dropout(h, mask, p, training):
    keep = 1 - p
    return torch.where(mask > 0, h / keep, torch.zeros_like(h))
