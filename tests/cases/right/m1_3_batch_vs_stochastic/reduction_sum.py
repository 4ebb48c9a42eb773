# right: reduction="sum" and "none", divided by the number of points of the batch afterwards.
import torch
import torch.nn.functional as F


def split_batches(order, batch_size):
    batches, current = [], []
    for number in order:
        current.append(number)
        if len(current) == batch_size:
            batches.append(current)
            current = []
    if len(current) > 0:
        batches.append(current)
    return batches


def per_sample_gradients(x, y, w, b):
    # Every point gets parameters of its own, so one backward pass of the sum is enough.
    weights = torch.full((len(x),), w, requires_grad=True)
    biases = torch.full((len(x),), b, requires_grad=True)
    F.mse_loss(weights * x + biases, y, reduction="sum").backward()
    return torch.stack((weights.grad, biases.grad), dim=1)


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    weight = torch.tensor(w, requires_grad=True)
    bias = torch.tensor(b, requires_grad=True)
    total, count = 0.0, 0
    for idx in split_batches(order, batch_size):
        idx = torch.tensor(idx)
        loss = F.mse_loss(weight * x[idx] + bias, y[idx], reduction="sum")
        (loss / len(idx)).backward()
        total += loss.item()
        count += len(idx)
        weight.data.add_(weight.grad, alpha=-lr)
        bias.data.add_(bias.grad, alpha=-lr)
        weight.grad.zero_()
        bias.grad.zero_()
    return weight.item(), bias.item(), total / count


def minibatch_gradient_variance(grads, batch_size):
    n = grads.shape[0]
    spread = F.mse_loss(grads, grads.mean(0).expand_as(grads), reduction="none").sum(1).mean()
    return spread * (n - batch_size) / (n - 1) / batch_size
