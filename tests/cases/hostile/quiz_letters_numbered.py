# attack: answers a quiz with numbers, bytes, numbers as texts, and nothing that is a letter
# expect: quiz=wrong train_line=invalid
def quiz():
    return {"q1": 1, "q2": b"b", "q3": "2", "q4": 0.0, "q5": True, "q6": float("nan")}
