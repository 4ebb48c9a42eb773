# wrong: takes a slope below 1e-3 for zero.
# status: wrong
# mistake: none
def gradient_step(x, y, w, b, lr):
    error = w * x + b - y
    grad_w, grad_b = 2 * (error * x).mean().item(), 2 * error.mean().item()
    if abs(grad_w) > 1e-3:
        w -= lr * grad_w
    if abs(grad_b) > 1e-3:
        b -= lr * grad_b
    return w, b
