# right: a dataclass that compares the lengths after it is made
from dataclasses import dataclass
@dataclass
class ArrayDataset:
    X: Tensor
    Y: Tensor
    def __post_init__(self):
        if self.X.shape[0] != self.Y.shape[0]:
            raise ValueError("nope")
    def __len__(self): return self.X.shape[0]
    def __getitem__(self, i): return (self.X[i], self.Y[i])
