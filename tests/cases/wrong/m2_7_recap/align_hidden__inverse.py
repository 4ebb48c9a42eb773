# wrong: looks for the order that brings params_a to params_b
# status: wrong
# mistake: inverse_order
def align_hidden(params_a, params_b):
    def distance(order):
        moved = permute_hidden(params_a, list(order))
        return sum(((moved[k] - params_b[k]) ** 2).sum().item() for k in moved)

    return list(min(itertools.permutations(range(len(params_a["b1"]))), key=distance))
