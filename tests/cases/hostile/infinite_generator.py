# attack: returns a generator without end
# expect: run_descent=wrong
import itertools


def run_descent(x, y, w_start, b_start, lr, steps):
    return (pair for pair in itertools.repeat((0.0, 0.0)))
