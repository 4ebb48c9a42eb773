# wrong: too large a number comes round by the modulo
# status: wrong
# mistake: comes_round
# says: Leave such numbers to the tensors
class ArrayDataset:
    def __init__(self, X, Y):
        if len(X) != len(Y): raise ValueError
        self.X, self.Y = X, Y
        self.n = len(X)
    def __len__(self): return self.n
    def __getitem__(self, i): return self.X[i % self.n], self.Y[i % self.n]
