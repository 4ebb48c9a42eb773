# wrong: mixes the outputs of the two networks
# status: wrong
# mistake: outputs_mixed
def line_profile(params_a, params_b, X, Y, alphas):
    def forward(p):
        return torch.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]

    a, b = forward(params_a), forward(params_b)
    return [torch.nn.functional.mse_loss(torch.lerp(a, b, alpha), Y).item() for alpha in alphas]
