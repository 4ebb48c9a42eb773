# wrong: 0 counts as firing.
# status: wrong
# mistake: zero_counts_as_firing
def dead_units(X, W1, b1):
    return torch.where((X @ W1 + b1).max(dim=0).values < 0)[0].tolist()
