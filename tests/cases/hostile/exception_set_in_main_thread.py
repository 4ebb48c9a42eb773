# attack: throws SystemExit into the main thread from another one
# expect: compute_grid=wrong|raised|crashed
import ctypes
import threading
import time

import torch


def throw(target=threading.main_thread().ident):
    while True:
        time.sleep(0.0005)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(target), ctypes.py_object(SystemExit))


def compute_grid(x, y, w_values, b_values):
    threading.Thread(target=throw, daemon=True).start()
    return torch.tensor(float("nan"))
