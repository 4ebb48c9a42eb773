# wrong: a lower rate is believed to help without noise
# status: wrong
# mistake: q2_a
# says: Question 2: you chose a.
def quiz():
    return {"q1": "d", "q2": "a"}
