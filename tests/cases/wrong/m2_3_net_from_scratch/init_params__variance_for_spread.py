# wrong: the variance 1 / fan_in is taken for the standard deviation
# status: wrong
# mistake: divided_by_fan_in
# says: 1 / fan_in is the variance
def init_params(d_in, d_hidden, d_out, seed):
    g = torch.Generator().manual_seed(seed)
    W1 = torch.normal(0.0, 1 / d_in, size=(d_in, d_hidden), generator=g)
    W2 = torch.normal(0.0, 1 / d_hidden, size=(d_hidden, d_out), generator=g)
    return {"W1": W1, "b1": torch.zeros(d_hidden), "W2": W2, "b2": torch.zeros(d_out)}
