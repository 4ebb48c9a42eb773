# wrong: as under plain data parallelism, every device holds everything
# status: wrong
# mistake: not_sharded
# says: each of them holds its share
def training_budget(sizes, tied, tokens, shards):
    V, d, L, f, T = sizes.values()
    parts = {"embedding": V * d, "attention": 4 * L * d * d, "mlp": 2 * L * d * f, "norms": d * (1 + L + L)}
    parts["head"] = (not tied) * V * d
    parts["total"] = sum(parts.values())
    parts["flops"] = (2 + 4) * parts["total"] * tokens
    parts["length_flops"] = 3 * L * tokens * T * (2 * d + 2 * d)
    return parts | {"bytes": 4.0 * 4 * parts["total"]}
