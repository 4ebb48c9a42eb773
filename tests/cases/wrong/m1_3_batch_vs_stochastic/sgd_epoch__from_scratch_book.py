# wrong: squared loss with 1/2, sums divided by batch_size, the loss of the end: the idiom of a book.
# status: wrong
# mistake: half_loss_by_batch_size_at_the_end
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
    for start in range(0, len(order), batch_size):
        index = torch.tensor(order[start : start + batch_size])
        squared_loss(weight * x[index] + bias, y[index]).sum().backward()
        sgd([weight, bias], lr, batch_size)
    with torch.no_grad():
        train_loss = squared_loss(weight * x + bias, y).mean()
    return weight.item(), bias.item(), float(train_loss)
