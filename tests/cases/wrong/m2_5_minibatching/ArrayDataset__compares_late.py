# wrong: the lengths are compared only by len()
# status: wrong
# mistake: lengths_not_compared
class ArrayDataset:
    def __init__(self, X, Y):
        self.X, self.Y = X, Y
    def __len__(self):
        if len(self.X) != len(self.Y): raise ValueError
        return len(self.X)
    def __getitem__(self, i): return self.X[i], self.Y[i]
