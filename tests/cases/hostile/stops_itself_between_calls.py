# attack: answers, and stops its process while the grader writes the next question
# expect: compute_grid=wrong|timeout|crashed
import signal
import threading

import torch


def compute_grid(x, y, w_values, b_values):
    threading.Timer(0.001, signal.raise_signal, [signal.SIGSTOP]).start()
    return torch.tensor(float("nan"))
