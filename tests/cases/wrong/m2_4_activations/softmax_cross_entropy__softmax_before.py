# wrong: a softmax before the function that has one.
# status: wrong
# mistake: softmax_twice
from torch import nn


def softmax_cross_entropy(logits, targets):
    z = logits.clone().requires_grad_()
    loss = nn.CrossEntropyLoss()(nn.Softmax(dim=1)(z), targets)
    loss.backward()
    return loss.item(), z.grad
