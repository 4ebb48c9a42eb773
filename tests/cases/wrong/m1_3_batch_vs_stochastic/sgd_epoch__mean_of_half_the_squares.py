# wrong: means instead of sums, but half of the square and the loss of the end.
# status: wrong
# mistake: half_loss_at_the_end
def sgd_epoch(x, y, w, b, lr, order, batch_size):
    for start in range(0, len(order), batch_size):
        batch = order[start : start + batch_size]
        difference = w * x[batch] + b - y[batch]
        w, b = w - lr * (difference * x[batch]).mean().item(), b - lr * difference.mean().item()
    return w, b, (((w * x + b - y) ** 2) / 2).mean().item()
