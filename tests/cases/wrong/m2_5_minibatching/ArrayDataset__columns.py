# wrong: the length is the number of columns
# status: wrong
# mistake: length_of_a_row
class ArrayDataset:
    def __init__(self, X, Y):
        if len(X) != len(Y): raise ValueError
        self.X, self.Y = X, Y
    def __len__(self): return self.X.shape[1]
    def __getitem__(self, i): return self.X[i], self.Y[i]
