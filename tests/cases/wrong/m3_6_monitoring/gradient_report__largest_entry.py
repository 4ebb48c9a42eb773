# wrong: the norm of the largest entry
# status: wrong
# mistake: largest_entry
# says: The length is the root of the sum of all squares.
def gradient_report(params, grads, lr):
    def flag(p, g, ratio):
        if not g.isfinite().all():
            return "nan"
        if not g.any():
            return "zero"
        if not p.any():
            return "new"
        return "large" if ratio > 0.1 else "small" if ratio < 1e-6 else "ok"

    report = {}
    for name, p in params.items():
        norm, size = (torch.linalg.vector_norm(t, float("inf")).item() for t in (grads[name], p))
        ratio = 0.0 if norm == 0 else lr * norm / size if size else float("inf")
        report[name] = {"grad_norm": norm, "update_ratio": ratio, "flag": flag(p, grads[name], ratio)}
    return report
