# attack: closes the channel for writing and works on, so that the grader reads an end that is none
# expect: compute_grid=raised|crashed|timeout
import os
import socket
import stat


def channel():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    return -1


def compute_grid(x, y, w_values, b_values):
    socket.socket(fileno=os.dup(channel())).shutdown(socket.SHUT_WR)
    while True:
        pass
