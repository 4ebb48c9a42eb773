# right: loops over units, plain Python for the losses, and the distance of whole networks, the last of equals
def permute_hidden(params, order):
    W1, W2 = params["W1"].clone(), params["W2"].clone()
    b1 = params["b1"].clone()
    for place, unit in enumerate(order):
        W1[:, place], b1[place], W2[place] = params["W1"][:, unit], params["b1"][unit], params["W2"][unit]
    return dict(b2=params["b2"].clone(), W2=W2, b1=b1, W1=W1)


def line_profile(params_a, params_b, X, Y, alphas):
    losses = []
    for t in alphas:
        W1, b1, W2, b2 = (((1 - t) * params_a[k] + t * params_b[k]).tolist() for k in ("W1", "b1", "W2", "b2"))
        total = 0.0
        for x, y in zip(X.tolist(), Y.tolist()):
            h = [math.tanh(sum(x[d] * W1[d][j] for d in range(len(x))) + b1[j]) for j in range(len(b1))]
            total += sum((sum(h[j] * W2[j][o] for j in range(len(h))) + b2[o] - y[o]) ** 2 for o in range(len(y)))
        losses.append(total / Y.numel())
    return losses


def align_hidden(params_a, params_b):
    best, least = None, float("inf")
    for order in itertools.permutations(range(len(params_b["b1"]))):
        moved = permute_hidden(params_b, list(order))
        distance = sum((params_a[k] - moved[k]).norm() ** 2 for k in moved)
        if distance <= least:
            best, least = order, distance
    return best
