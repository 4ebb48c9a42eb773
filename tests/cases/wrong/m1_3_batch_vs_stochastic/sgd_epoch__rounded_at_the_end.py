# wrong: rounds the three numbers to four decimals at the end.
# status: wrong
# mistake: rounded_to_4
def sgd_epoch(x, y, w, b, lr, order, batch_size):
    total = 0.0
    while order:
        batch, order = order[:batch_size], order[batch_size:]
        for i in batch:
            total += (w * x[i].item() + b - y[i].item()) ** 2
        error = w * x[batch] + b - y[batch]
        w, b = w - lr * 2 * (error * x[batch]).mean().item(), b - lr * 2 * error.mean().item()
    return round(w, 4), round(b, 4), round(total / len(x), 4)
