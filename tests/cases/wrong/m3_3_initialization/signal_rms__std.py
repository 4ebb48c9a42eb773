# wrong: the standard deviation for the root mean square
# status: wrong
# mistake: standard_deviation_of_n
# says: After ReLU the mean is not 0
def signal_rms(weights, x, activation):
    functions = {"identity": lambda z: z, "relu": lambda z: z.clamp(min=0), "tanh": torch.tanh}
    sizes = []
    for weight in weights:
        x = functions[activation](x @ weight.T)
        sizes.append(((x - x.mean()) ** 2).mean().sqrt().item())
    return sizes
