# right: a generator of batches, as from-scratch tutorials have it, that yields tensors.
import torch


def chunks(sequence, size):
    for start in range(0, len(sequence), size):
        yield sequence[start : min(start + size, len(sequence))]


def split_batches(order, batch_size):
    return list(chunks(order, batch_size))


def data_iter(batch_size, features, labels, indices):
    for batch_indices in chunks(indices, batch_size):
        batch_indices = torch.tensor(batch_indices)
        yield features[batch_indices], labels[batch_indices]


def linreg(X, w, b):
    return torch.matmul(X, w) + b


def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)) ** 2


def per_sample_gradients(x, y, w, b):
    residual = linreg(x[:, None], torch.tensor([w]), b) - y
    return torch.column_stack([2 * residual * x, 2 * residual])


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    W = torch.tensor([[w]], requires_grad=True)
    B = torch.tensor([b], requires_grad=True)
    metric = [0.0, 0]
    for X, t in data_iter(batch_size, x.reshape(-1, 1), y, order):
        loss = squared_loss(linreg(X, W, B), t)
        loss.mean().backward()
        with torch.no_grad():
            for parameter in (W, B):
                parameter -= lr * parameter.grad
                parameter.grad.zero_()
        metric[0] += float(loss.sum())
        metric[1] += t.numel()
    return W.item(), B.item(), metric[0] / metric[1]


def minibatch_gradient_variance(grads, batch_size):
    n = len(grads)
    second, first = (grads**2).mean(0), grads.mean(0)
    population = (second - first**2).sum().clamp(min=0)
    return float(population / batch_size * (n - batch_size) / (n - 1))
