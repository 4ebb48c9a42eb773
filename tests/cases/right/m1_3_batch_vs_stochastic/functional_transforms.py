# right: torch.func.grad under vmap, and parameters in a dictionary.
import torch
from torch.func import grad, grad_and_value, vmap


def split_batches(order, batch_size):
    return [batch.tolist() for batch in torch.tensor(order, dtype=torch.int64).split(batch_size) if len(batch)]


def squared_error(theta, x, y):
    return (theta[0] * x + theta[1] - y) ** 2


def per_sample_gradients(x, y, w, b):
    return vmap(grad(squared_error), in_dims=(None, 0, 0))(torch.tensor([w, b]), x, y)


def batch_loss(params, x, y):
    return ((params["w"] * x + params["b"] - y) ** 2).mean()


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    params = {"w": torch.tensor(w), "b": torch.tensor(b)}
    weighted = torch.tensor(0.0)
    for batch in split_batches(order, batch_size):
        grads, loss = grad_and_value(batch_loss)(params, x[batch], y[batch])
        weighted += loss * len(batch) / len(order)
        params = {k: p - lr * grads[k] for k, p in params.items()}
    return params["w"], params["b"], weighted


def minibatch_gradient_variance(grads, batch_size):
    n = len(grads)
    index = torch.combinations(torch.arange(n), r=batch_size)
    means = vmap(lambda rows: grads[rows].mean(dim=0))(index)
    return (means - grads.mean(dim=0)).square().sum(dim=1).mean().item()
