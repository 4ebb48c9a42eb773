# wrong: gives every unit the nearest one that is left
# status: wrong
# mistake: greedy
def align_hidden(params_a, params_b):
    left, order = list(range(len(params_b["b1"]))), []
    for i in range(len(params_a["b1"])):

        def gap(j):
            d = ((params_a["W1"][:, i] - params_b["W1"][:, j]) ** 2).sum() + (params_a["b1"][i] - params_b["b1"][j]) ** 2
            return float(d + ((params_a["W2"][i] - params_b["W2"][j]) ** 2).sum())

        order.append(min(left, key=gap))
        left.remove(order[-1])
    return order
