# attack: ends its lines in every way, so that line numbers differ between programs
# expect: compute_grid=raised
import torch


#        are line ends for some
def compute_grid(x, y, w_values, b_values):
    raise ValueError("where?")
