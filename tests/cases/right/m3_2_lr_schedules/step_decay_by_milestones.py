# right: another scheduler of PyTorch, with all its milestones
def step_decay(t, lr0, gamma, every):
    import torch

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr0)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, list(range(every, 100, every)), gamma)
    for _ in range(t):
        optimizer.step()
        scheduler.step()
    return optimizer.param_groups[0]["lr"]
