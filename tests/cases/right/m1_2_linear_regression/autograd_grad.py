# right: torch.autograd.grad on parameters without dimensions.
import torch


def mse_gradients(x, y, w, b):
    w, b = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    loss = torch.mean((w * x + b - y) ** 2)
    dw, db = torch.autograd.grad(loss, (w, b))
    return dw.item(), db.item()


def gradient_step(x, y, w, b, lr):
    w, b = torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True)
    dw, db = torch.autograd.grad(torch.mean((w * x + b - y) ** 2), (w, b))
    with torch.no_grad():
        return w - lr * dw, b - lr * db


def mse_gradients_matrix(X, y, w, b):
    w = w.detach().clone().requires_grad_(True)
    b = torch.tensor(b, requires_grad=True)
    return torch.autograd.grad((X.mv(w) + b - y).square().mean(), [w, b])


def largest_stable_lr(x):
    # Differentiate the gradient once more, one row of the Hessian at a time.
    theta = torch.zeros(2, requires_grad=True)
    loss = ((theta[0] * x + theta[1]) ** 2).mean()
    (gradient,) = torch.autograd.grad(loss, theta, create_graph=True)
    rows = [torch.autograd.grad(entry, theta, retain_graph=True)[0] for entry in gradient]
    return (2 / torch.linalg.eigh(torch.stack(rows)).eigenvalues[-1]).item()
