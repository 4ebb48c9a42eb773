# attack: returns file names of a str subclass that equals and contains everything
# expect: save_frames=wrong|raised
class Name(str):
    def __eq__(self, other):
        return True

    def __contains__(self, other):
        return True

    def startswith(self, *args):
        return True

    def encode(self, *args):
        raise SystemExit(0)

    endswith = startswith
    __hash__ = str.__hash__


def save_frames(w_values, b_values, losses, path, directory):
    return [Name("no_such_file.png")] * len(path)
