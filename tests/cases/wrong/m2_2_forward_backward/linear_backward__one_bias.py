# wrong: db is summed over everything
# status: wrong
# mistake: bias_gradient_one_number
def linear_backward(X, W, grad_out):
    return grad_out @ W.T, X.T @ grad_out, torch.sum(grad_out)
