# right: tensors without dimensions, in float32
def step_decay(t, lr0, gamma, every):
    import torch

    return lr0 * torch.tensor(gamma).pow(t // every)
