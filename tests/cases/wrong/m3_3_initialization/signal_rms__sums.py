# wrong: the sums are measured, and the activation is applied afterwards
# status: wrong
# mistake: before_the_activation
# says: What counts is what the next layer gets.
def signal_rms(weights, x, activation):
    sizes = []
    for weight in weights:
        z = x @ weight.T
        sizes.append(z.pow(2).mean().sqrt().item())
        x = z if activation == "identity" else torch.relu(z) if activation == "relu" else torch.tanh(z)
    return sizes
