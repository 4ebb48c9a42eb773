# wrong: the four numbers come as a tuple
# status: wrong
# mistake: none
def mul_add_backward(a, b, c):
    f = math.tanh(a * b + a + c)
    d = 1 - f**2
    return f, d * (b + 1), d * a, d
