# wrong: the slope of tanh is taken at its input
# status: wrong
# mistake: before_tanh
def mul_add_backward(a, b, c):
    z = a * b + a + c
    d = 1 - z**2
    return {"f": math.tanh(z), "a": d * (b + 1), "b": d * a, "c": d}
