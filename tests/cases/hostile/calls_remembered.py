# attack: returns the arguments of earlier calls
# expect: compute_grid=wrong|raised
seen = []


def compute_grid(x, y, w_values, b_values):
    seen.append((x, y, w_values, b_values))
    return list(seen[len(seen) // 2])
