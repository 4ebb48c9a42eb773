# attack: answers a quiz with letters of other alphabets, which look like the four and are none of them
# expect: quiz=wrong train_line=invalid
def quiz():
    return {"q1": "\u0430", "q2": "\uff42", "q3": "\u0441", "q4": "\U0001d4ec", "q5": "b\u200b", "q6": "\u0501"}
