# wrong: rounds what it records to four decimals.
# status: wrong
# mistake: rounded_to_4
def run_descent(x, y, w_start, b_start, lr, steps):
    w, b = w_start, b_start
    path = [(w, b)]
    for _ in range(steps):
        e = w * x + b - y
        w, b = w - lr * 2 * (e * x).mean().item(), b - lr * 2 * e.mean().item()
        path.append((round(w, 4), round(b, 4)))
    return path
