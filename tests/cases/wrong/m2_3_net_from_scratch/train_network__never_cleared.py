# wrong: autograd without clearing, so the gradients pile up
# status: wrong
# mistake: gradients_pile_up
def train_network(params, X, Y, lr, steps):
    p = {k: v.clone().requires_grad_() for k, v in params.items()}
    losses = []
    for _ in range(steps):
        loss = ((torch.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"] - Y) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            for v in p.values():
                v -= lr * v.grad
    return {k: v.detach() for k, v in p.items()}, losses
