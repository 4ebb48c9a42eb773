# wrong: a new generator with the same seed for each weight
# status: wrong
# mistake: seeded_twice
def init_params(d_in, d_hidden, d_out, seed):
    def draw(rows, columns):
        generator = torch.Generator().manual_seed(seed)
        return torch.randn(rows, columns, generator=generator) / rows**0.5

    params = {"W1": draw(d_in, d_hidden), "W2": draw(d_hidden, d_out)}
    params["b1"], params["b2"] = torch.zeros(d_hidden), torch.zeros(d_out)
    return params
