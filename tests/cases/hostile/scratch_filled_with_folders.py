# attack: makes folders on the side for as long as it lives, which take longer to remove than to make
# expect: compute_grid=timeout|crashed
import ctypes
import threading
import time


def make():
    mkdir = ctypes.CDLL(None).mkdir
    for number in range(700_000):
        if number % 20_000 == 0:
            folder = b"%d" % number
            mkdir(folder, 0o700)
        mkdir(b"%s/%d" % (folder, number), 0o700)


def compute_grid(x, y, w_values, b_values):
    threading.Thread(target=make, daemon=True).start()
    time.sleep(1000)
