# wrong: log10 on the way in and exp on the way out
# status: wrong
# mistake: base_ten_undone_by_e
# says: Your alpha is right, and a is not
def fit_power_law(n, loss):
    A = torch.stack([torch.ones_like(n), n.log10()], dim=1).double()
    height, slope = torch.linalg.lstsq(A, loss.double().log10()[:, None]).solution.flatten().tolist()
    return torch.tensor(height).exp().item(), -slope
