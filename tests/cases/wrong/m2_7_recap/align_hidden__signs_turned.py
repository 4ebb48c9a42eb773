# wrong: lets units be turned around, which the exercise does not
# status: wrong
# mistake: none
def align_hidden(params_a, params_b):
    a, b = (torch.cat([p["W1"].T, p["b1"][:, None], p["W2"]], 1) for p in (params_a, params_b))
    gaps = torch.minimum(((a[:, None] - b) ** 2).sum(-1), ((a[:, None] + b) ** 2).sum(-1))
    units = range(len(a))
    return list(min(itertools.permutations(units), key=lambda order: sum(gaps[i, order[i]].item() for i in units)))
