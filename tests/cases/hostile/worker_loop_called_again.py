# attack: calls the worker's own loop from inside of a call
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import os
import socket
import stat
import sys


def channel():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    return -1


def compute_grid(x, y, w_values, b_values):
    sys.modules["grader.sandbox.worker"]._serve(socket.socket(fileno=os.dup(channel())))
