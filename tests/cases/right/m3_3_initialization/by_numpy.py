# right: NumPy in double precision, with the backward pass written out
import numpy as np


def fans(shape):
    places = int(np.prod(shape[2:]))
    return shape[1] * places, shape[0] * places


def init_weight(shape, scheme, seed):
    rng = np.random.RandomState(seed)
    fan_in, fan_out = fans(shape)
    std = {"x": 2 / (fan_in + fan_out), "h": 2 / fan_in, "t": 1 / (3 * fan_in)}[scheme[0]] ** 0.5
    weight = rng.randn(*shape) if scheme.endswith("normal") else rng.uniform(-(3**0.5), 3**0.5, shape)
    return torch.tensor(weight * std, dtype=torch.float32)


def signal_rms(weights, x, activation):
    function = {"identity": lambda z: z, "relu": lambda z: np.where(z > 0, z, 0), "tanh": np.tanh}[activation]
    h, sizes = x.double().numpy(), []
    for weight in weights:
        h = function(h @ weight.double().numpy().T)
        sizes.append(np.sqrt((h**2).mean()))
    return sizes


def coordinate_check(weights, x, y, lrs, steps):
    x, y, moving = x.double().numpy(), y.double().numpy(), [weight.double().numpy() for weight in weights]

    def outputs():
        found = [x]
        for k, weight in enumerate(moving):
            z = found[-1] @ weight.T
            found.append(np.tanh(z) if k + 1 < len(moving) else z)
        return found

    before = outputs()
    for _ in range(steps):
        h, new = outputs(), []
        back = 2 * (h[-1] - y) / y.size
        for k in reversed(range(len(moving))):
            new.insert(0, moving[k] - lrs[k] * back.T @ h[k])
            back = (back @ moving[k]) * (1 - h[k] ** 2)
        moving = new
    return [float(np.sqrt(((b - a) ** 2).mean())) for a, b in zip(before[1:], outputs()[1:])]
