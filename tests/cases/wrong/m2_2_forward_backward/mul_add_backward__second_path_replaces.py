# wrong: the second path of a replaces the first
# status: wrong
# mistake: last_path_only
def mul_add_backward(a, b, c):
    f = math.tanh(a * b + a + c)
    grads = {"f": f}
    dz = 1 - f * f
    grads["b"] = dz * a
    grads["a"] = dz * b
    grads["a"] = dz
    grads["c"] = dz
    return grads
