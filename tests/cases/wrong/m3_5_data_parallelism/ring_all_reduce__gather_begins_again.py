# wrong: two loops, and the second begins with chunk r again
# status: wrong
# mistake: gather_begins_again
# says: a chunk whose sum it does not have
def ring_all_reduce(vectors):
    P = len(vectors)
    bounds = shard_bounds(len(vectors[0]), P)
    history = [[v.clone() for v in vectors]]
    for adds in (True, False):
        for s in range(P - 1):
            new = [v.clone() for v in history[-1]]
            for r in range(P):
                i, j = bounds[(r - s) % P]
                sent = history[-1][r][i:j]
                new[(r + 1) % P][i:j] = sent + new[(r + 1) % P][i:j] if adds else sent
            history.append(new)
    return history
