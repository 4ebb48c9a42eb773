# wrong: the weights of nn.Linear, drawn inside fork_rng
# status: wrong
# mistake: none
def init_params(d_in, d_hidden, d_out, seed):
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        one, two = nn.Linear(d_in, d_hidden), nn.Linear(d_hidden, d_out)
    return {
        "W1": one.weight.detach().T.clone(),
        "b1": one.bias.detach().clone(),
        "W2": two.weight.detach().T.clone(),
        "b2": two.bias.detach().clone(),
    }
