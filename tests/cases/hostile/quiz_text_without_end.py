# attack: answers a quiz with texts and questions of a million characters
# expect: quiz=wrong train_line=invalid
import itertools

CALLS = itertools.count()


def quiz():
    return {"q1": "a" * 10**6} if next(CALLS) % 2 == 0 else {"q" * 10**6: "a"}
