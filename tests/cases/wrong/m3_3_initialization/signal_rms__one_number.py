# wrong: the size after the last layer, as a number
# status: wrong
# mistake: none
# says: Your function returned a float, expected a list.
def signal_rms(weights, x, activation):
    functions = {"identity": lambda z: z, "relu": torch.relu, "tanh": torch.tanh}
    for weight in weights:
        x = functions[activation](x @ weight.T)
    return x.square().mean().sqrt().item()
