# attack: looks for the environment where the kernel put it when the process began, behind the arguments
# expect: compute_grid=wrong|crashed
import ctypes

import torch

PAGE = 4096


def compute_grid(x, y, w_values, b_values):
    libc = ctypes.CDLL(None)
    start = ctypes.cast(ctypes.c_void_p.in_dll(libc, "program_invocation_name"), ctypes.c_void_p).value
    page, content = start // PAGE * PAGE, b""
    # mincore fails where nothing is mapped, so that the end of the stack is found without a crash.
    for _ in range(64):
        if libc.mincore(ctypes.c_void_p(page), ctypes.c_size_t(PAGE), ctypes.create_string_buffer(1)):
            break
        content += ctypes.string_at(page, PAGE)
        page += PAGE
    for name in (b"HOSTILE_CANARY=", b"PYTEST_CURRENT_TEST=", b"GITHUB_TOKEN=", b"SSH_AUTH_SOCK="):
        if name in content:
            raise RuntimeError(f"escaped: {name} is on the stack")
    return torch.tensor(float("nan"))
