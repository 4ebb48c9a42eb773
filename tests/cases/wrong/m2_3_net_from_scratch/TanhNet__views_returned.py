# wrong: to_params returns .data and .T, which share memory with the parameters
# status: wrong
# mistake: to_params_shares_memory
class TanhNet(nn.Module):
    def __init__(self, params):
        super().__init__()
        self.fc1 = nn.Linear(*params["W1"].shape)
        self.fc2 = nn.Linear(*params["W2"].shape)
        with torch.no_grad():
            self.fc1.weight.copy_(params["W1"].T)
            self.fc1.bias.copy_(params["b1"])
            self.fc2.weight.copy_(params["W2"].T)
            self.fc2.bias.copy_(params["b2"])

    def forward(self, X):
        return self.fc2(self.fc1(X).tanh())

    def to_params(self):
        return {"W1": self.fc1.weight.data.T, "b1": self.fc1.bias.data, "W2": self.fc2.weight.data.T, "b2": self.fc2.bias.data}
