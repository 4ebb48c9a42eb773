# wrong: the skip path is normalized too
# status: wrong
# mistake: normalized_skip
# says: Only the branch gets the normalized one
def residual_forward(x, weights, scale, norm):
    for weight in weights:
        if norm == "pre":
            x = _rms_norm(x)
        x = x + scale * torch.relu(x @ weight)
        if norm == "post":
            x = _rms_norm(x)
    return x
