# wrong: x is changed in place
# status: wrong
# mistake: none
# says: Your function changed its argument `x` in place.
def residual_forward(x, weights, scale, norm):
    for weight in weights:
        x += scale * torch.relu((_rms_norm(x) if norm == "pre" else x) @ weight)
        if norm == "post":
            x = _rms_norm(x)
    return x
