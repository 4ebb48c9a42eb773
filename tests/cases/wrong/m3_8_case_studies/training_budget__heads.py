# wrong: three projections for each head, and none behind them
# status: wrong
# mistake: three_matrices
# says: The output is multiplied by a fourth one
def training_budget(sizes, tied, tokens, shards):
    V, d, L, f, T = (sizes[key] for key in ("vocab", "d_model", "n_layers", "d_ff", "context"))
    parts = {"embedding": V * d, "attention": 0, "mlp": 0, "norms": d, "head": 0 if tied else d * V}
    for _ in range(L):
        parts["attention"] += sum(d * d for _ in ("query", "key", "value"))
        parts["mlp"] += d * f + f * d
        parts["norms"] += 2 * d
    total = sum(parts.values())
    work = {"flops": 6 * total * tokens, "length_flops": 12 * L * d * T * tokens}
    return {**parts, "total": total, **work, "bytes": total * 16 / shards}
