# wrong: means in the place of sums
# status: wrong
# mistake: averaged
def unbroadcast(grad, shape):
    extra = len(grad.shape) - len(shape)
    for _ in range(extra):
        grad = torch.mean(grad, 0)
    for i in range(len(shape)):
        if shape[i] == 1:
            grad = torch.mean(grad, i).unsqueeze(i)
    return grad
