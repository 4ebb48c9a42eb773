# wrong: db is a mean over the samples
# status: wrong
# mistake: bias_gradient_averaged
def linear_backward(X, W, grad_out):
    dX = torch.matmul(grad_out, W.t())
    dW = torch.matmul(X.t(), grad_out)
    db = torch.mean(grad_out, 0)
    return dX, dW, db
