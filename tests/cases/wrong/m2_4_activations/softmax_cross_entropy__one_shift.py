# wrong: one shift for the whole batch.
# status: wrong
# mistake: shifted_by_one_number
def softmax_cross_entropy(logits, targets):
    z = logits - torch.max(logits)
    log_p = z - z.exp().sum(dim=1).log().unsqueeze(1)
    y = torch.nn.functional.one_hot(targets, z.shape[1])
    loss = -log_p.gather(1, targets.unsqueeze(1)).mean()
    return loss.item(), (log_p.exp() - y) / len(z)
