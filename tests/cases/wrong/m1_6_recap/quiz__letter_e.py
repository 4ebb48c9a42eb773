# wrong: there is no option e.
# status: wrong
# mistake: none
def quiz():
    return {"q1": "b", "q2": "b", "q3": "e", "q4": "b", "q5": "b", "q6": "c"}
