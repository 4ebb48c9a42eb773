# wrong: dW has the layout of nn.Linear
# status: wrong
# mistake: weight_gradient_transposed
def linear_backward(X, W, grad_out):
    dW = torch.einsum("no,nd->od", grad_out, X)
    return grad_out @ W.T, dW, grad_out.sum(0)
