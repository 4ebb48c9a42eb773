# right: samples that are named tuples
from collections import namedtuple
Sample = namedtuple("Sample", "x y")
class ArrayDataset:
    def __init__(self, X, Y):
        if len(X) != len(Y): raise ValueError
        self.X, self.Y = X, Y
    def __len__(self): return len(self.X)
    def __getitem__(self, i): return Sample(self.X[i], self.Y[i])
