# wrong: the reference is not used
# status: wrong
# mistake: no_reference
# says: otherwise a text wins or
def dpo_loss(policy_chosen, policy_rejected, reference_chosen, reference_rejected, beta):
    leaf = policy_chosen.clone().requires_grad_()
    loss = -torch.nn.functional.logsigmoid(beta * (leaf - policy_rejected)).mean()
    loss.backward()
    return loss.item(), leaf.grad
