# wrong: ReLU after the sum
# status: wrong
# mistake: relu_of_the_sum
# says: negative entries are lost in every block
def residual_forward(x, weights, scale, norm):
    for weight in weights:
        z = (_rms_norm(x) if norm == "pre" else x) @ weight
        x = torch.clamp(x + scale * z, min=0)
        x = _rms_norm(x) if norm == "post" else x
    return x
