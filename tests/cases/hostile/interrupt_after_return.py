# attack: interrupts the main thread just after the function has returned
# expect: compute_grid=wrong|raised|crashed
import _thread
import threading
import time

import torch


def interrupt():
    while True:
        time.sleep(0.0005)
        _thread.interrupt_main()


def compute_grid(x, y, w_values, b_values):
    threading.Thread(target=interrupt, daemon=True).start()
    return torch.tensor(float("nan"))
