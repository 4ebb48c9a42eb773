# attack: fills its namespace with objects that exit when they are looked at
# expect: compute_grid=wrong|raised|crashed
import torch


class Mine:
    def __getattribute__(self, name):
        raise SystemExit(0)


for number in range(1000):
    globals()[f"run_descent{number}"] = Mine()
globals()[99] = Mine()


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
