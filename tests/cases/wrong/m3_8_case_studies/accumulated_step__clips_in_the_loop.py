# wrong: clip_grad_norm_ stands in the loop, after each backward
# status: wrong
# mistake: clipped_while_adding
# says: Clip the total, once
def accumulated_step(X, y, w, lr, micro_batch, max_norm):
    weight = torch.nn.Parameter(w.clone())
    for first in range(0, len(X), micro_batch):
        errors = X[first : first + micro_batch] @ weight - y[first : first + micro_batch]
        (errors.square().sum() / len(X)).backward()
        torch.nn.utils.clip_grad_norm_([weight], max_norm)
    return (weight - lr * weight.grad).detach()
