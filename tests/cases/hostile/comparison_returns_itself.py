# attack: returns an object whose every operation and attribute is the object itself, and true
# expect: compute_grid=wrong
class Everything:
    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __bool__(self):
        return True

    def __len__(self):
        return 1

    def __iter__(self):
        return iter([])


def operation(self, *others):
    return self


for symbol in "eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv abs neg pow and or invert getitem".split():
    setattr(Everything, f"__{symbol}__", operation)


def compute_grid(x, y, w_values, b_values):
    return Everything()
