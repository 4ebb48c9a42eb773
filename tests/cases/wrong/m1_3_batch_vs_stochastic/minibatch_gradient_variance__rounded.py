# wrong: rounds to three decimals.
# status: wrong
# mistake: none
# says: the expected one rounded to 3 decimals.
def minibatch_gradient_variance(grads, batch_size):
    n = len(grads)
    population = grads.var(dim=0, correction=0).sum()
    return round((population / batch_size * (n - batch_size) / (n - 1)).item(), 3)
