# wrong: keeps a velocity with the factor 0.9.
# status: wrong
# mistake: momentum
def train(x, y, w, b, lr, steps):
    velocity_w = velocity_b = 0.0
    losses = []
    for _ in range(steps):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        velocity_w = 0.9 * velocity_w + 2 * (error * x).mean().item()
        velocity_b = 0.9 * velocity_b + 2 * error.mean().item()
        w -= lr * velocity_w
        b -= lr * velocity_b
    return {"w": w, "b": b, "losses": losses}
