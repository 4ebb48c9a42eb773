# right: nn.Linear, optim.SGD and nn.MSELoss in float32, the loss of a batch weighted by its size.
import torch
from torch import nn


def split_batches(order, batch_size):
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


def line(w, b):
    model = nn.Linear(1, 1)
    nn.init.constant_(model.weight, w)
    nn.init.constant_(model.bias, b)
    return model


def per_sample_gradients(x, y, w, b):
    model = line(w, b)
    grads = torch.zeros(len(x), 2)
    for i in range(len(x)):
        model.zero_grad()
        nn.functional.mse_loss(model(x[i : i + 1]), y[i : i + 1]).backward()
        grads[i, 0] = model.weight.grad.item()
        grads[i, 1] = model.bias.grad.item()
    return grads


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    model = line(w, b)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    criterion = nn.MSELoss()
    running_loss = 0.0
    for batch in split_batches(order, batch_size):
        inputs, labels = x[batch].unsqueeze(1), y[batch].unsqueeze(1)
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * inputs.size(0)
    return model.weight.item(), model.bias.item(), running_loss / len(order)


def minibatch_gradient_variance(grads, batch_size):
    n = len(grads)
    centered = grads - grads.mean(0, keepdim=True)
    sample_variance = centered.pow(2).sum() / (n - 1)
    return (sample_variance / batch_size * (1 - batch_size / n)).item()
