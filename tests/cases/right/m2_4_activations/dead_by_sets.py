# right: sets of the units that fire, collected sample by sample
def dead_units(X, W1, b1):
    alive = set()
    for x in X:
        h = torch.relu(x @ W1 + b1)
        alive |= set(torch.nonzero(h)[:, 0].tolist())
    return sorted(set(range(len(b1))) - alive)
