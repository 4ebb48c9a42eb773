# attack: is a callable whose signature is an object that exits
# expect: compute_grid=wrong|raised|invalid|crashed
import torch


class Callable:
    @property
    def __signature__(self):
        raise SystemExit(0)

    def __call__(self, *args):
        return torch.tensor(float("nan"))


compute_grid = Callable()
