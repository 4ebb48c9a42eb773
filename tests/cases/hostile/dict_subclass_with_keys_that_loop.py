# attack: returns a dict subclass whose keys never finish hashing once they are read
# expect: compute_grid=wrong|timeout
class Key(str):
    is_armed = False

    def __hash__(self):
        while Key.is_armed:
            pass
        return 7

    def __eq__(self, other):
        return True


class Answers(dict):
    pass


def compute_grid(x, y, w_values, b_values):
    Key.is_armed = False
    answers = Answers({Key("loss"): 0.0})
    Key.is_armed = True
    return answers
