# attack: connects to local services by path and by abstract name
# expect: compute_grid=wrong
import socket

import torch


def compute_grid(x, y, w_values, b_values):
    try:
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    except OSError:
        return torch.tensor(float("nan"))
    for address in ("/run/docker.sock", "/run/systemd/private", "\0/tmp/.X11-unix/X0", "\0hostile"):
        try:
            local.connect(address)
        except ConnectionRefusedError:
            break
        except OSError:
            continue
    raise RuntimeError("escaped: made a local socket")
