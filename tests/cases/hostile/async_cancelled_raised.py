# attack: raises asyncio.CancelledError, which `except Exception` or a loop of the caller may take for its own
# expect: compute_grid=raised|crashed
import asyncio


def compute_grid(x, y, w_values, b_values):
    raise asyncio.CancelledError("passed")
