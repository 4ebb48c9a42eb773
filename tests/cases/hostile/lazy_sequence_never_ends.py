# attack: returns a sequence whose length changes and whose items never end
# expect: run_descent=wrong
class Lazy:
    asked = 0

    def __len__(self):
        Lazy.asked += 1
        return Lazy.asked

    def __getitem__(self, index):
        return (0.0, 0.0)

    def __iter__(self):
        while True:
            yield (0.0, 0.0)


def run_descent(x, y, w_start, b_start, lr, steps):
    return Lazy()
