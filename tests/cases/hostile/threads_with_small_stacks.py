# attack: starts threads with the smallest stacks, of which thousands fit into the memory, and each is a task of the machine
# expect: compute_grid=crashed|raised
import threading
import time

threading.stack_size(2**15)


def compute_grid(x, y, w_values, b_values):
    for _ in range(30_000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    raise SystemExit("escaped: has 30 000 threads")
