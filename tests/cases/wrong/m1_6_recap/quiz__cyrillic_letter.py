# wrong: the answer to question 3 is a Cyrillic letter that looks like an a.
# status: wrong
# mistake: none
# says: CYRILLIC SMALL LETTER A (U+0430).
# unsaid: your code returned
def quiz():
    return {"q1": "b", "q2": "b", "q3": "\u0430", "q4": "b", "q5": "b", "q6": "c"}
