# wrong: takes the nearest unit for each, which may be the same for two
# status: wrong
# mistake: nearest_for_each
def align_hidden(params_a, params_b):
    a, b = (torch.cat([p["W1"].T, p["b1"][:, None], p["W2"]], 1) for p in (params_a, params_b))
    return torch.cdist(a, b).argmin(dim=1).tolist()
