# wrong: more epochs for a loss that is nan
# status: wrong
# mistake: q6_a
# says: a loss of nan stays nan
def quiz():
    return {"q1": "b", "q2": "a", "q3": "d", "q4": "b", "q5": "c", "q6": "a"}
