# wrong: the logarithm of a sigmoid, which is 0 in float32 for a very negative margin
# status: wrong
# mistake: overflows
# says: Your formula is right on paper
def dpo_loss(policy_chosen, policy_rejected, reference_chosen, reference_rejected, beta):
    z = beta * (policy_chosen - reference_chosen - policy_rejected + reference_rejected)
    p = torch.sigmoid(z)
    return -torch.log(p).mean(), -beta * (1 - p) / len(z)
