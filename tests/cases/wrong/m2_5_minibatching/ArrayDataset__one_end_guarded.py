# wrong: IndexError at one end, and the modulo at the other
# status: wrong
# mistake: comes_round_in_front
class ArrayDataset:
    def __init__(self, X, Y):
        if len(X) != len(Y): raise ValueError
        self.X, self.Y = X, Y
    def __len__(self): return len(self.X)
    def __getitem__(self, i):
        if i >= len(self): raise IndexError
        return self.X[i % len(self)], self.Y[i % len(self)]
