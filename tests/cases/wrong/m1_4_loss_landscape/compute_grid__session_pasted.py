# wrong: copied from a session of Python, prompts and all.
# status: invalid
# mistake: none
# says: begins with a Python prompt: it was copied from a session.
>>> from torch import Tensor
>>> def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
...     return x
