# attack: is right, and puts a generator of its own in the place of torch's
# expect: compute_grid=wrong|raised
# points: 7
import torch


class Generator:
    def manual_seed(self, seed):
        return self

    def initial_seed(self):
        return 20_250_615

    def get_state(self):
        return torch.zeros(1)


torch.default_generator = Generator()
torch.initial_seed = lambda: 0


def compute_grid(x, y, w_values, b_values):
    losses = ((y - w_values[:, None, None] * x - b_values[None, :, None]) ** 2).mean(dim=-1)
    return losses
