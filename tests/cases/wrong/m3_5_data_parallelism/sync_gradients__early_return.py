# wrong: a rank without samples returns at once, and so would never call
# status: wrong
# mistake: uneven_calls
# says: rank 0 waits in its collective call number 1, dist.all_reduce, but rank 1 has ended after 0 such calls.
def sync_gradients(grads, n_local):
    if n_local == 0:
        return [torch.zeros_like(g) for g in grads]
    n = torch.tensor(float(n_local))
    sums = [g * n_local for g in grads]
    if dist.is_initialized():
        dist.all_reduce(n)
        for part in sums:
            dist.all_reduce(part)
    return [part / n for part in sums]
