# right: everything as columns and matrices, with named helpers; the eigenvalue by repeated multiplication.
import torch


def forward(X, W, b):
    return torch.mm(X, W) + b


def backward(X, W, b, Y):
    residual = forward(X, W, b) - Y
    dW = 2 * torch.mm(X.t(), residual) / X.shape[0]
    db = 2 * residual.mean(dim=0)
    return dW, db


def mse_gradients(x, y, w, b):
    dW, db = backward(x.reshape(-1, 1), torch.full((1, 1), w), torch.full((1,), b), y.reshape(-1, 1))
    return dW.item(), db.item()


def gradient_step(x, y, w, b, lr):
    W, B = torch.full((1, 1), w), torch.full((1,), b)
    dW, dB = backward(x.reshape(-1, 1), W, B, y.reshape(-1, 1))
    W.sub_(lr * dW)
    B.sub_(lr * dB)
    return W.item(), B.item()


def mse_gradients_matrix(X, y, w, b):
    dW, db = backward(X, w.reshape(-1, 1), torch.tensor([b]), y.reshape(-1, 1))
    return dW.squeeze(1), db.item()


def largest_stable_lr(x):
    A = torch.stack([x, torch.ones(len(x))], dim=1).double()
    H = 2 * A.T @ A / len(x)
    # Squaring the matrix again and again leaves the direction of the largest eigenvalue.
    P = H / H.trace()
    for _ in range(60):
        P = P @ P
        P = P / P.trace()
    return 2 / (torch.trace(P @ H @ P) / torch.trace(P @ P)).item()
