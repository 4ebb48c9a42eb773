# wrong: missing axes are taken from the end
# status: wrong
# mistake: wrong_end
def unbroadcast(grad, shape):
    for _ in range(grad.ndim - len(shape)):
        grad = grad.sum(-1)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            grad = grad.sum(axis, keepdim=True)
    return grad
