# wrong: the seed of torch's global generator is set, as most tutorials do
# status: wrong
# mistake: global_seed
# says: A generator of your own
def init_params(d_in, d_hidden, d_out, seed):
    torch.manual_seed(seed)
    W1 = torch.randn(d_in, d_hidden) / math.sqrt(d_in)
    W2 = torch.randn(d_hidden, d_out) / math.sqrt(d_hidden)
    return {"W1": W1, "b1": torch.zeros(d_hidden), "W2": W2, "b2": torch.zeros(d_out)}
