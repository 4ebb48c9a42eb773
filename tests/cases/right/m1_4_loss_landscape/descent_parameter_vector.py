# right: a vector torch.tensor([w, b]) and a matrix with a column of ones, both float32.
import torch


def run_descent(x, y, w_start, b_start, lr, steps):
    theta = torch.tensor([w_start, b_start])
    X = torch.column_stack([x, torch.ones(len(x))])
    path = [tuple(theta.tolist())]
    for _ in range(steps):
        theta = theta - lr * (2 / len(x)) * (X.T @ (X @ theta - y))
        path.append(tuple(theta.tolist()))
    return path
