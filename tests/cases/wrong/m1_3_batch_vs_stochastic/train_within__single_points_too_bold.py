# wrong: single points with one learning rate that is too large.
# status: wrong
# mistake: restless
# says: Near the bottom the updates must become calmer
import torch


def train_within(gradient, n, w, b, budget):
    theta = torch.tensor([w, b])
    for i in torch.randperm(n)[:budget].tolist():
        theta = theta - 0.1 * torch.tensor(gradient([i], theta[0], theta[1]))
    return theta[0], theta[1]
