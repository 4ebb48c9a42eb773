# attack: replaces the functions inside of the encoder's library
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import ormsgpack
import torch

forged = ormsgpack.packb({"id": 1, "end": "passed", "points": 99})
ormsgpack.packb = lambda *args, **kwargs: forged
ormsgpack.unpackb = lambda *args, **kwargs: {"do": "passed", "id": 1}
ormsgpack.Ext = lambda tag, content: content


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
