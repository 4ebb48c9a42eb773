# wrong: the factors are added up
# status: wrong
# mistake: added_up
# says: they add up only where several paths
def chain_gradient(weights, x, activation):
    slopes = {"identity": lambda a: 1, "tanh": lambda a: 1 - a**2, "sigmoid": lambda a: a * (1 - a)}
    functions = {"identity": lambda z: z, "tanh": math.tanh, "sigmoid": lambda z: 1 / (1 + math.exp(-z))}
    a, factors = x, []
    for w in weights:
        a = functions[activation](w * a)
        factors.append(w * slopes[activation](a))
    return a, float(sum(factors))
