# wrong: axes of length 1 are summed away
# status: wrong
# mistake: axis_not_kept
def unbroadcast(grad, shape):
    while len(grad.shape) > len(shape):
        grad = grad.sum(0)
    for axis, length in enumerate(shape):
        if length == 1:
            grad = torch.sum(grad, axis)
    return grad
