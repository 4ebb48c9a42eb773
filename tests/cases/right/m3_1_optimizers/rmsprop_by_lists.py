# right: lists of numbers, and a step of 0 where the gradient is 0
def rmsprop_step(p, grad, sq, lr, alpha, eps):
    P, G, S = p.reshape(-1).tolist(), grad.reshape(-1).tolist(), sq.reshape(-1).tolist()
    for i in range(len(P)):
        S[i] = alpha * S[i] + (1 - alpha) * G[i] ** 2
        if G[i] != 0:
            P[i] -= lr * G[i] / (S[i] ** 0.5 + eps)
    return torch.tensor(P).view(p.shape), torch.tensor(S).view(p.shape)
