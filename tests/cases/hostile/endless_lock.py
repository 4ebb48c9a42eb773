# attack: waits for a lock that it holds itself
# expect: compute_grid=timeout
import threading

lock = threading.Lock()


def compute_grid(x, y, w_values, b_values):
    lock.acquire()
    lock.acquire()
