# right: NumPy in double precision, central differences, and the mean of the squares minus the square of the mean
import numpy as np


def chain_gradient(weights, x, activation):
    def output(start):
        for w in weights:
            z = w * start
            start = {"identity": z, "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z))}[activation]
        return float(start)

    return output(x), (output(x + 1e-5) - output(x - 1e-5)) / 2e-5


def layer_norm(x, gamma, beta, eps):
    mean = x.mean(1, keepdim=True)
    variance = (x * x).mean(1, keepdim=True) - mean * mean
    return gamma * (x - mean) / torch.sqrt(variance + eps) + beta


def residual_forward(x, weights, scale, norm):
    def normalized(h):
        return h / np.sqrt((h**2).mean(axis=1, keepdims=True) + 1e-8)

    h = x.double().numpy()
    for weight in weights:
        h = h + scale * np.maximum((normalized(h) if norm == "pre" else h) @ weight.double().numpy(), 0)
        h = normalized(h) if norm == "post" else h
    return torch.from_numpy(h.astype(np.float32))


def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([grad.double().numpy().ravel() for grad in grads]))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [grad * float(factor) for grad in grads], norm
