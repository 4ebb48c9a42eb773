# wrong: the derivative begins at 0
# status: wrong
# mistake: starts_at_zero
# says: It begins at 1, the derivative of x with respect to itself.
def chain_gradient(weights, x, activation):
    gradient = 0.0
    for w in weights:
        x = x * w
        if activation == "identity":
            gradient *= w
        elif activation == "tanh":
            x = math.tanh(x)
            gradient *= w * (1 - x * x)
        else:
            x = 1 / (1 + math.exp(-x))
            gradient *= w * x * (1 - x)
    return x, gradient
