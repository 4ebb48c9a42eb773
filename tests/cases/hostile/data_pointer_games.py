# attack: returns a tensor whose memory a thread keeps rewriting while it is read
# expect: compute_grid=wrong|crashed
import ctypes
import threading

import torch


def compute_grid(x, y, w_values, b_values):
    result = torch.full((len(w_values), len(b_values)), float("nan"))

    def rewrite(address=result.data_ptr(), size=8 * result.numel(), keep=result):
        while True:
            ctypes.memset(address, 0xFF, size)  # a nan too

    threading.Thread(target=rewrite, daemon=True).start()
    return result
