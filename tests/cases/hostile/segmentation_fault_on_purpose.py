# attack: calls the crash that Python has for testing
# expect: compute_grid=crashed
import faulthandler


def compute_grid(x, y, w_values, b_values):
    faulthandler._sigsegv()
