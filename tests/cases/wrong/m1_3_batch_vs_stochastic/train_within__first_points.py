# wrong: the first points of the data, as they lie, with a good schedule.
# status: wrong
# mistake: as_they_lie
# says: You take the points in the order in which they lie
def train_within(gradient, n, w, b, budget):
    for start in range(0, budget, 10):
        lr = 0.15 * (1 - start / budget)
        gw, gb = gradient(range(start, min(start + 10, budget)), w, b)
        w = w - lr * gw
        b = b - lr * gb
    return w, b
