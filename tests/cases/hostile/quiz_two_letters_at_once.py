# attack: answers every question of a quiz with all letters at once, as a text and as a list
# expect: quiz=wrong train_line=invalid
def quiz():
    return {"q1": "abcd", "q2": ["a", "b", "c", "d"], "q3": "a b", "q4": ("a", "b"), "q5": "a|b", "q6": {"a", "b"}}
