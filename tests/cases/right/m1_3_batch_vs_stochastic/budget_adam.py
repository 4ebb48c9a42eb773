# right: Adam on a float32 parameter with a linear schedule, and batches drawn with repetition.
import torch


def train_within(gradient, n, w, b, budget):
    theta = torch.nn.Parameter(torch.tensor([w, b]))
    optimizer = torch.optim.Adam([theta], lr=0.5, betas=(0.8, 0.99))
    steps = budget // 5
    for t in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 0.5 * (1 - t / steps)
        batch = torch.randint(n, (5,)).tolist()
        theta.grad = torch.tensor(gradient(batch, theta[0].item(), theta[1].item()))
        optimizer.step()
    w, b = theta.detach().tolist()
    return w, b
