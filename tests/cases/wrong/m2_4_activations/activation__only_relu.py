# wrong: the first line of the lesson, and nothing after it.
# status: wrong
# mistake: none
def activation(name, z):
    if name == "relu":
        return z.clamp(min=0)
