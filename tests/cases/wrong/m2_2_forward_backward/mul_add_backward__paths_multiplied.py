# wrong: what comes along the two paths is multiplied
# status: wrong
# mistake: paths_multiplied
def mul_add_backward(a, b, c):
    f = math.tanh(a * b + a + c)
    dz = 1 - f * f
    through_the_product, through_the_sum = dz * b, dz
    return {"f": f, "a": through_the_product * through_the_sum, "b": dz * a, "c": dz}
