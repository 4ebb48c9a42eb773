# attack: stops its own process, which is neither running nor ended
# expect: compute_grid=timeout|crashed
import signal


def compute_grid(x, y, w_values, b_values):
    signal.raise_signal(signal.SIGSTOP)
