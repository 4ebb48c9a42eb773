# wrong: divides by |n| alone, with a guard of 1e-8.
# status: wrong
# mistake: by_n_alone_guarded
def relative_error(a, n, eps=1e-8):
    return ((a - n).abs() / n.abs().clamp(min=eps)).max().item()
