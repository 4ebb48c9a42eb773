# right: the largest sum of every unit, in a comprehension
def dead_units(X, W1, b1):
    largest, _ = torch.max(X.matmul(W1), dim=0)
    return [j for j in range(W1.size(1)) if not largest[j] + b1[j] > 0]
