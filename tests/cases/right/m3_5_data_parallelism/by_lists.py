# right: recursion; plain lists, without a snapshot of the round; a reduce-scatter and an all-gather of everything
def shard_bounds(n, world_size):
    if world_size == 1:
        return [[0, n]]
    first = -(-n // world_size)
    return [[0, first]] + [[a + first, b + first] for a, b in shard_bounds(n - first, world_size - 1)]


def ring_all_reduce(vectors):
    P = len(vectors)
    bounds = shard_bounds(len(vectors[0]), P)
    now = [v.tolist() for v in vectors]
    history = [[torch.tensor(v) for v in now]]
    for s in range(2 * P - 2):
        for r in range(P):
            for i in range(*bounds[(r - s) % P]):
                kept = now[(r + 1) % P][i] if s < P - 1 else 0.0
                now[(r + 1) % P][i] = now[r][i] + kept
        history.append([torch.tensor(v) for v in now])
    return history


def sync_gradients(grads, n_local):
    if not dist.is_initialized():
        return list(map(torch.clone, grads))
    P = dist.get_world_size()
    flat = torch.cat([g.flatten() * n_local for g in grads] + [torch.tensor([float(n_local)])])
    flat = torch.nn.functional.pad(flat, (0, -len(flat) % P))
    mine = torch.zeros(len(flat) // P)
    dist.reduce_scatter_tensor(mine, flat)
    dist.all_gather_into_tensor(flat, mine)
    sizes = [g.numel() for g in grads]
    parts = (flat[: sum(sizes)] / flat[sum(sizes)]).split(sizes)
    return [part.reshape(g.shape).clone() for part, g in zip(parts, grads)]
