# attack: writes to the descriptor of stderr from several threads without end
# expect: compute_grid=timeout|wrong|crashed
import os
import threading


def flood():
    while True:
        os.write(2, b"passed " * 10_000)


def compute_grid(x, y, w_values, b_values):
    for _ in range(8):
        threading.Thread(target=flood, daemon=True).start()
    flood()
