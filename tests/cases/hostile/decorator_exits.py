# attack: is decorated by a function that exits while the file is imported
# expect: compute_grid=crashed
import os


@os._exit
@(lambda function: 0)
def compute_grid(x, y, w_values, b_values):
    return None
