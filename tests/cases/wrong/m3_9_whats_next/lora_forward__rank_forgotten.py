# wrong: the rank does not divide the update
# status: wrong
# mistake: rank_forgotten
# says: keeps the update at its size
def lora_forward(x, W, A, B, alpha):
    merged = W + alpha * (B @ A)
    return torch.nn.functional.linear(x, merged)
