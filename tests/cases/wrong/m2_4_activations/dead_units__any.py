# wrong: off once is called dead.
# status: wrong
# mistake: sometimes_off
def dead_units(X, W1, b1):
    h = torch.relu(X @ W1 + b1)
    return [j for j in range(h.shape[1]) if (h[:, j] == 0).any()]
