# wrong: forgets the bias.
# status: wrong
# mistake: bias_forgotten
def dead_units(X, W1, b1):
    h = torch.nn.functional.relu(torch.mm(X, W1))
    return (h.sum(0) == 0).nonzero().squeeze(1).tolist()
