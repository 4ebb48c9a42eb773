# wrong: the same idiom, with the losses added up on the way.
# status: wrong
# mistake: half_loss_by_batch_size
import torch


def squared_loss(y_hat, y):
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


def sgd(parameters, lr, batch_size):
    with torch.no_grad():
        for parameter in parameters:
            parameter -= lr * parameter.grad / batch_size
            parameter.grad.zero_()


def sgd_epoch(x, y, w, b, lr, order, batch_size):
    weight = torch.tensor([w], requires_grad=True)
    bias = torch.tensor([b], requires_grad=True)
    total, count = 0.0, 0
    for start in range(0, len(order), batch_size):
        index = torch.tensor(order[start : start + batch_size])
        loss = squared_loss(weight * x[index] + bias, y[index])
        loss.sum().backward()
        sgd([weight, bias], lr, batch_size)
        total += float(loss.sum())
        count += loss.numel()
    return weight.item(), bias.item(), total / count
