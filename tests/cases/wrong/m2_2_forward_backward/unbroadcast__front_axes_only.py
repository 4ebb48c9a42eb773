# wrong: axes of length 1 stay stretched
# status: wrong
# mistake: stretched_axes_left
def unbroadcast(grad, shape):
    extra = grad.ndim - len(shape)
    return grad.sum(dim=tuple(range(extra))) if extra else grad
