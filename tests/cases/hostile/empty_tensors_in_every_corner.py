# attack: returns empty tensors of every dtype and of huge shapes, alone and inside of lists, pairs and dicts
# expect: best_constant=invalid training_step=invalid train=wrong
import itertools

import torch

SHAPES = (0, 2**62), (2**40, 0), (2**20, 1, 0, 2), (2**10, 2**11, 0), (1, 0, 2**21), (2**20, 0)
DTYPES = torch.bool, torch.uint8, torch.float64, torch.complex64
WRAPS = (lambda part: part), (lambda part: [part] * 100), (lambda part: ({"losses": part},) * 3)
answers = itertools.cycle(itertools.product(WRAPS, SHAPES, DTYPES))


def train(x, y, w, b, lr, steps):
    wrap, shape, dtype = next(answers)
    return {"w": w, "b": b, "losses": wrap(torch.empty(shape, dtype=dtype))}
