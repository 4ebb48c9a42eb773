# wrong: nn.Parameter around the tensors of the caller
# status: wrong
# mistake: shares_memory
# says: share the memory
class TanhNet(nn.Module):
    def __init__(self, params):
        super().__init__()
        self.W1 = nn.Parameter(params["W1"])
        self.b1 = nn.Parameter(params["b1"])
        self.W2 = nn.Parameter(params["W2"])
        self.b2 = nn.Parameter(params["b2"])

    def forward(self, X):
        return torch.tanh(X @ self.W1 + self.b1) @ self.W2 + self.b2

    def to_params(self):
        return {"W1": self.W1.detach().clone(), "b1": self.b1.detach().clone(), "W2": self.W2.detach().clone(), "b2": self.b2.detach().clone()}
