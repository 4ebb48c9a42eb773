# attack: returns a list that a thread fills and empties while it is read
# expect: run_descent=wrong|raised|crashed|timeout
import sys
import threading

sys.setswitchinterval(1e-6)


def run_descent(x, y, w_start, b_start, lr, steps):
    result = [(0.0, 0.0)] * 10_000

    def shuffle():
        while True:
            result.clear()
            result.extend([["x"] * 10] * 10_000)

    threading.Thread(target=shuffle, daemon=True).start()
    return result
