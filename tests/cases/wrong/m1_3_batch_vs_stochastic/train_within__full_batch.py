# wrong: gradient descent on all points, in NumPy.
# status: wrong
# mistake: whole_data
# says: Each of your calls takes n points or more
import numpy as np


def train_within(gradient, n, w, b, budget):
    everything = list(np.arange(n))
    theta = np.array([w, b])
    for _ in range(30):
        theta -= 0.2 * np.array(gradient(everything, *theta))
    return float(theta[0]), float(theta[1])
