# wrong: the calls are counted, not the points in them.
# status: wrong
# mistake: over_budget
# says: A batch of B points costs B gradients
import random


def train_within(gradient, n, w, b, budget):
    for step in range(budget):
        batch = random.choices(range(n), k=4)
        gw, gb = gradient(batch, w, b)
        lr = 0.05 / (1 + step / 50)
        w, b = w - lr * gw, b - lr * gb
    return w, b
