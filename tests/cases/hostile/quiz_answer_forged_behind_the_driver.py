# attack: replaces all that stands between its quiz and the grader by functions that answer with a fifth letter
# expect: quiz=wrong train_line=invalid
import sys

LETTERS = {f"q{number}": "e" for number in range(1, 7)}
sys.modules["grader.sandbox.worker"].Submission._callable = lambda *_: lambda *_: {"problem": "", **LETTERS}


def quiz():
    return LETTERS
