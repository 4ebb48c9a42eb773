# attack: hides code in a comment by an encoding of escapes, # -*- coding: unicode_escape -*-
# expect: compute_grid=crashed|invalid
# A comment until it is decoded: \u000aimport os; os._exit(0)


def compute_grid(x, y, w_values, b_values):
    return None
