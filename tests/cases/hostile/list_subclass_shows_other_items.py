# attack: returns a list subclass that holds nothing right and shows the right path to whatever iterates over it
# expect: run_descent=wrong
class Path(list):
    def __init__(self, shown):
        super().__init__([("w", "b")] * len(shown))
        self.shown = shown

    def __iter__(self):
        return iter(self.shown)

    def __getitem__(self, index):
        return self.shown[index]

    def __reversed__(self):
        return reversed(self.shown)


def run_descent(x, y, w_start, b_start, lr, steps):
    shown = [(w_start, b_start)]
    for _ in range(steps):
        w, b = shown[-1]
        error = w * x + b - y
        shown.append((w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()))
    return Path(shown)
