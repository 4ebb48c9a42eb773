# wrong: two letters for one question.
# status: wrong
# mistake: none
def quiz():
    return {"q1": "ab", "q2": "b", "q3": "a", "q4": "b", "q5": "b", "q6": "c"}
