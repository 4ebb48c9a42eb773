# attack: answers a quiz with a dict that holds whatever is looked up, and says that all of it is right
# expect: quiz=wrong|raised train_line=invalid
class Answers(dict):
    def __missing__(self, key):
        return "e"

    def __getitem__(self, key):
        return "e"

    def get(self, key, default=None):
        return "e"

    def items(self):
        return [(f"q{number}", "e") for number in range(1, 7)]

    def __eq__(self, _other):
        return True

    __hash__ = None


def quiz():
    return Answers(q1="e", q2="e", q3="e", q4="e", q5="e", q6="e")
