# wrong: the weights are assigned as they stand, by .data, which checks no shape
# status: raised
# mistake: none
class TanhNet(nn.Module):
    def __init__(self, params):
        super().__init__()
        self.fc1 = nn.Linear(*params["W1"].shape)
        self.fc2 = nn.Linear(*params["W2"].shape)
        self.fc1.weight.data = params["W1"].clone()
        self.fc1.bias.data = params["b1"].clone()
        self.fc2.weight.data = params["W2"].clone()
        self.fc2.bias.data = params["b2"].clone()

    def forward(self, X):
        return self.fc2(torch.tanh(self.fc1(X)))

    def to_params(self):
        return {
            "W1": self.fc1.weight.data.clone(),
            "b1": self.fc1.bias.data.clone(),
            "W2": self.fc2.weight.data.clone(),
            "b2": self.fc2.bias.data.clone(),
        }
