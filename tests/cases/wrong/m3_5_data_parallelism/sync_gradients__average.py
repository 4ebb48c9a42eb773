# wrong: the operation AVG is the plain mean of the ranks
# status: wrong
# mistake: plain_mean
# says: Weight each gradient by its number of samples
def sync_gradients(grads, n_local):
    result = [g.clone() for g in grads]
    if dist.is_initialized():
        for part in result:
            dist.all_reduce(part, op=dist.ReduceOp.AVG)
    return result
