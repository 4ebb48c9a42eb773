# wrong: prints four decimals into a string and reads them back.
# status: wrong
# mistake: rounded_to_4
def best_constant(y):
    values = y.tolist()
    c = sum(values) / len(values)
    loss = sum((value - c) ** 2 for value in values) / len(values)
    return float(f"{c:.4f}"), float(f"{loss:.4f}")
