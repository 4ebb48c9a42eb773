# right: rows taken apart into a dict, and the KeyError turned into an IndexError
class ArrayDataset:
    def __init__(self, X, Y):
        xs, ys = X.unbind(0), Y.unbind(0)
        if len(xs) != len(ys): raise ValueError
        self.d = dict(enumerate(zip(xs, ys)))
        self.n = len(xs)
    def __len__(self): return self.n
    def __getitem__(self, i):
        try: return self.d[i if i >= 0 else i + self.n]
        except KeyError: raise IndexError(i) from None
