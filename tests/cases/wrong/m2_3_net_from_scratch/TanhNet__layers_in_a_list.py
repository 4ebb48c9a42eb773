# wrong: the layers are in a list, where the module does not find them
# status: raised
# mistake: layers_in_a_list
class TanhNet(nn.Module):
    def __init__(self, params):
        super().__init__()
        self.layers = [nn.Linear(*params["W1"].shape), nn.Linear(*params["W2"].shape)]
        with torch.no_grad():
            for i in (0, 1):
                self.layers[i].weight.copy_(params[f"W{i + 1}"].T)
                self.layers[i].bias.copy_(params[f"b{i + 1}"])

    def forward(self, X):
        return self.layers[1](torch.tanh(self.layers[0](X)))

    def to_params(self):
        one, two = self.layers
        return {
            "W1": one.weight.detach().T.clone(),
            "b1": one.bias.detach().clone(),
            "W2": two.weight.detach().T.clone(),
            "b2": two.bias.detach().clone(),
        }
