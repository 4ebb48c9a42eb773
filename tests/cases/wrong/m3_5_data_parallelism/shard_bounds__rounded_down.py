# wrong: the bounds are rounded down
# status: wrong
# mistake: rounded_down
# says: larger and smaller shards take turns
def shard_bounds(n, world_size):
    return [(int(r * n / world_size), int((r + 1) * n / world_size)) for r in range(world_size)]
