# attack: keeps 1.5 GB in a hundred memory files, which are no mappings, and each is below the limit of a file
# expect: compute_grid=raised run_descent=raised fixed_bias_slice=raised
import os

held = []
for number in range(100):
    held.append(os.memfd_create(str(number)))
    os.write(held[-1], b"x" * (15 * 2**20))


def compute_grid(x, y, w_values, b_values):
    raise SystemExit(f"escaped: holds {sum(os.fstat(each).st_blocks for each in held) // 2048} MiB in memory files")
