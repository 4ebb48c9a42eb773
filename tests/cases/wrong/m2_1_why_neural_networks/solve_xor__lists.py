# wrong: nested lists in place of tensors.
# status: wrong
# mistake: none
# says: at ['W1'], expected a tensor
def solve_xor():
    return {"W1": [[1.0, 1.0], [1.0, 1.0]], "b1": [0.0, -1.0], "W2": [[1.0], [-2.0]], "b2": [0.0]}
