# wrong: the logarithm of the loss alone, by numpy.polyfit
# status: wrong
# mistake: only_the_loss
# says: a power law takes the logarithm
import numpy as np


def fit_power_law(n, loss):
    slope, intercept = np.polyfit(n.double().numpy(), np.log(loss.double().numpy()), 1)
    return float(np.exp(intercept)), float(-slope)
