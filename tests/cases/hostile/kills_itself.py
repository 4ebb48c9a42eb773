# attack: ends its own process by one signal after another
# expect: compute_grid=crashed
import signal


def compute_grid(x, y, w_values, b_values):
    signal.raise_signal(signal.SIGKILL)
