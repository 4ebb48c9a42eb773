# wrong: lists samples.
# status: wrong
# mistake: samples_for_units
def dead_units(X, W1, b1):
    fired = torch.relu(X @ W1 + b1).sum(axis=1)
    return [i for i, total in enumerate(fired) if total == 0]
