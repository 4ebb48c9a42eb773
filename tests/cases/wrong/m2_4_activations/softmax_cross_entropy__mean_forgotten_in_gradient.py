# wrong: the gradient of the sum beside the loss of the mean.
# status: wrong
# mistake: gradient_not_divided
import torch.nn.functional as F


def softmax_cross_entropy(logits, targets):
    return F.cross_entropy(logits, targets).item(), F.softmax(logits, dim=1) - F.one_hot(targets, logits.size(1))
