# wrong: the seed of torch's global generator is set, as most tutorials do
# status: wrong
# mistake: global_seed
# says: A generator of your own
def init_weight(shape, scheme, seed):
    torch.manual_seed(seed)
    weight = torch.empty(shape)
    if scheme == "torch_default":
        return torch.nn.init.kaiming_uniform_(weight, a=math.sqrt(5))
    return getattr(torch.nn.init, scheme.replace("he", "kaiming") + "_")(weight)
