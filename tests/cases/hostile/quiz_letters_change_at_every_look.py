# attack: answers a quiz with texts that are another letter at every look
# expect: quiz=wrong|raised train_line=invalid
import itertools

LETTERS = itertools.cycle("abcd")


class Letter(str):
    def __str__(self):
        return next(LETTERS)

    __repr__ = __format__ = __str__

    def strip(self, *_):
        return next(LETTERS)

    def lower(self):
        return next(LETTERS)

    def __eq__(self, _other):
        return True

    def __hash__(self):
        return hash(next(LETTERS))


def quiz():
    return {Letter(f"q{number}"): Letter("b") for number in range(1, 7)}
