# wrong: every entry is a list of its own, but of the same tensors
# status: wrong
# mistake: one_list_for_all_entries
def ring_all_reduce(vectors):
    P = len(vectors)
    bounds = shard_bounds(len(vectors[0]), P)
    now = [v.clone() for v in vectors]
    history = [list(now)]
    for s in range(2 * P - 2):
        for r in range(P):
            i, j = bounds[(r - s) % P]
            if s < P - 1:
                now[(r + 1) % P][i:j] += now[r][i:j]
            else:
                now[(r + 1) % P][i:j] = now[r][i:j]
        history.append(list(now))
    return history
