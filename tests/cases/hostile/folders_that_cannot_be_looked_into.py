# attack: makes files in folders that may be entered and not read, and in folders whose path is too long
# expect: compute_grid=crashed run_descent=crashed
import os


def fill(folder):
    os.chdir(folder)
    for number in range(200_000):
        os.close(os.open(f"{number}", os.O_WRONLY | os.O_CREAT))
    raise RuntimeError("escaped: made 200 000 files where the grader cannot see them")


def compute_grid(x, y, w_values, b_values):
    os.mkdir("secret", 0o300)
    fill("secret")


def run_descent(x, y, w_start, b_start, lr, steps):
    for _ in range(20):
        os.mkdir("x" * 250)
        os.chdir("x" * 250)
    fill(".")
