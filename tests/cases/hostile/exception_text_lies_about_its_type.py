# attack: raises an exception whose text is a str subclass that cannot be cut or encoded
# expect: compute_grid=raised|crashed
class Text(str):
    def __getitem__(self, index):
        return self

    def __str__(self):
        return self

    def encode(self, *args):
        raise SystemExit(0)

    def startswith(self, *args):
        return True


class Lying(Exception):
    def __str__(self):
        return Text("TODO " * 10**6)


def compute_grid(x, y, w_values, b_values):
    raise Lying()
