# attack: is right, and leaves its arguments with gradients, which no comparison of values shows
# expect: compute_grid=wrong
# points: 7
def compute_grid(x, y, w_values, b_values):
    losses = ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)
    for argument in (x, y, w_values, b_values):
        argument.requires_grad_()
    return losses
