# wrong: a merge left its conflict markers.
# status: invalid
# mistake: none
# says: is a Git conflict marker: two versions of the code follow.
<<<<<<< HEAD
def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    prediction = w_values[:, None, None] * x + b_values[:, None]
    return ((y - prediction) ** 2).mean(-1)
=======
def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    return x
>>>>>>> theirs
