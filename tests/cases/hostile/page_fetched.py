# attack: fetches a page through urllib
# expect: compute_grid=wrong
import errno
import urllib.error
import urllib.request

import torch


def compute_grid(x, y, w_values, b_values):
    try:
        urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)
    except urllib.error.URLError as error:
        if getattr(error.reason, "errno", 0) not in (errno.ECONNREFUSED, errno.ETIMEDOUT):
            return torch.tensor(float("nan"))
    raise RuntimeError("escaped: reached a port")
