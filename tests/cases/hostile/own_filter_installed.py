# attack: installs a filter of its own, so that the worker's calls seem to succeed
# expect: compute_grid=wrong|raised|crashed|timeout
import ctypes
import struct

import torch


def compute_grid(x, y, w_values, b_values):
    # One instruction: answer every system call with "done, 0" without doing it. The process can then only be killed.
    instruction = struct.pack("HBBI", 0x06, 0, 0, 0x00050000)
    program = ctypes.create_string_buffer(instruction, len(instruction))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 1, ctypes.addressof(program)), 16)
    set_seccomp, filter_mode = 22, 2
    ctypes.CDLL(None).prctl(set_seccomp, filter_mode, ctypes.addressof(header))
    return torch.tensor(float("nan"))
