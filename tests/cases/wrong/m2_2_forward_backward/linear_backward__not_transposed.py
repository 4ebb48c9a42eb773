# wrong: W is not transposed on the way back
# status: raised
# mistake: weights_not_transposed
def linear_backward(X, W, grad_out):
    return torch.matmul(grad_out, W), X.T @ grad_out, grad_out.sum(dim=0)
