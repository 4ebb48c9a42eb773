# attack: returns a list subclass that grows without end while its own items are read
# expect: run_descent=wrong|raised|crashed|timeout
class Item(list):
    def __init__(self, path):
        self.path = path

    def __iter__(self):
        self.path.append(Item(self.path))
        return super().__iter__()

    def __del__(self):
        self.path.extend([Item(self.path)])


def run_descent(x, y, w_start, b_start, lr, steps):
    path = type("Path", (list,), {})()
    path.append(Item(path))
    return path
