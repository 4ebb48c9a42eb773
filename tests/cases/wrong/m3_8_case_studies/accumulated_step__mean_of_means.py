# wrong: every micro batch counts alike, as with loss / number_of_micro_batches
# status: wrong
# mistake: mean_of_means
# says: Every sample has the weight 1/N
def accumulated_step(X, y, w, lr, micro_batch, max_norm):
    weight = torch.nn.Parameter(w.clone())
    pieces = list(zip(X.split(micro_batch), y.split(micro_batch)))
    for rows, targets in pieces:
        (torch.nn.functional.mse_loss(rows @ weight, targets) / len(pieces)).backward()
    torch.nn.utils.clip_grad_norm_([weight], max_norm)
    return (weight - lr * weight.grad).detach()
