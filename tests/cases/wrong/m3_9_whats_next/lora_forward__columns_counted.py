# wrong: the rank is read from the wrong dimension of A
# status: wrong
# mistake: rank_of_the_inputs
# says: You divide by the number of inputs
def lora_forward(x, W, A, B, alpha):
    r = A.size(-1)
    return x.matmul(W.t()) + x.matmul(A.t()).matmul(B.t()).mul(alpha / r)
