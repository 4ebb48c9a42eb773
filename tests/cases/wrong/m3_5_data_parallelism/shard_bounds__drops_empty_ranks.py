# wrong: ranks without samples are left out
# status: wrong
# mistake: none
# says: Every rank gets a shard
def shard_bounds(n, world_size):
    size, rest = divmod(n, world_size)
    edges = [r * size + min(r, rest) for r in range(world_size + 1)]
    return [(a, b) for a, b in zip(edges, edges[1:]) if b > a]
