# right: single points first and then batches of 20, drawn by Python's random, with two learning rates.
import random


def train_within(gradient, n, w, b, budget):
    pool = random.sample(range(n), budget)
    alone, rest = pool[: budget // 2], pool[budget // 2 :]
    for i in alone:
        gw, gb = gradient([i], w, b)
        w, b = w - 0.02 * gw, b - 0.02 * gb
    while rest:
        batch, rest = rest[:20], rest[20:]
        gw, gb = gradient(batch, w, b)
        w, b = w - 0.1 * gw, b - 0.1 * gb
    return w, b
