# right: torch.func, vmap, a class of torch.nn, and PyTorch's total norm
import torch.nn.functional as F


def chain_gradient(weights, x, activation):
    functions = {"identity": lambda z: z, "tanh": torch.tanh, "sigmoid": torch.sigmoid}

    def output(start):
        for w in weights:
            start = functions[activation](w * start)
        return start

    value, gradient = torch.func.jvp(output, (torch.tensor(float(x)),), (torch.tensor(1.0),))
    return value.item(), gradient.item()


def layer_norm(x, gamma, beta, eps):
    def normalized(sample):
        centred = sample - sample.mean()
        return centred / (centred.square().mean() + eps).sqrt()

    return torch.vmap(normalized)(x) * gamma + beta


def residual_forward(x, weights, scale, norm):
    for weight in weights:
        z = (F.rms_norm(x, (x.size(1),)) if norm == "pre" else x) @ weight
        x = torch.where(z > 0, x + scale * z, x)
        x = F.rms_norm(x, (x.size(1),)) if norm == "post" else x
    return x


def clip_by_global_norm(grads, max_norm):
    norm = torch.nn.utils.get_total_norm(grads)
    factor = (max_norm / (norm + 1e-6)).clamp(max=1.0)
    return [grad * factor for grad in grads], norm
