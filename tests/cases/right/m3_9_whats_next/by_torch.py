# right: torch.nn and torch.optim everywhere: a module with state_dict, clip_grad_norm_, LambdaLR and logsigmoid
import copy
import torch.nn as nn


def quiz():
    answers = {}
    for letter, questions in {"a": [4], "b": [2, 3], "c": [5, 7], "d": [1, 6]}.items():
        answers.update({f"q{q}": letter for q in questions})
    return answers


def lora_forward(x, W, A, B, alpha):
    layer = nn.Linear(W.shape[1], W.shape[0], bias=False)
    layer.load_state_dict({"weight": torch.addmm(W, B, A, alpha=alpha / A.size(0))})
    return layer(x).detach()


def dpo_loss(policy_chosen, policy_rejected, reference_chosen, reference_rejected, beta):
    pc = nn.Parameter(policy_chosen.clone())
    loss = -nn.functional.logsigmoid(beta * ((pc - policy_rejected) - (reference_chosen - reference_rejected))).mean()
    (grad,) = torch.autograd.grad(loss, pc)
    return loss.item(), grad


def fine_tune(params, trainable, X, Y, config):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            for name, value in params.items():
                setattr(self, name, nn.Parameter(value.clone(), requires_grad=name in trainable))
        def forward(self, X):
            return torch.tanh(X @ self.W1 + self.b1) @ self.W2 + self.b2

    net, n_val = Net(), len(X) // 4
    weights = [p for n, p in net.named_parameters() if n.startswith("W")]
    biases = [p for n, p in net.named_parameters() if n.startswith("b")]
    opt = torch.optim.AdamW([{"params": weights}, {"params": biases, "weight_decay": 0.0}], lr=config["lr"], weight_decay=config["weight_decay"])
    steps = max(config["steps"], 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda t: _warmup_cosine(t, 1.0, min(config["warmup"], steps - 1), steps) if t < steps else 0.0)
    history = {"train_losses": [], "val_losses": []}
    lowest, waited, best, best_step = float("inf"), 0, None, 0
    for step in range(config["steps"] + 1):
        with torch.no_grad():
            val = nn.functional.mse_loss(net(X[-n_val:]), Y[-n_val:]).item()
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(X[:-n_val]), Y[:-n_val])
        history["train_losses"].append(loss.item())
        history["val_losses"].append(val)
        if val < lowest:
            lowest, waited, best, best_step = val, 0, copy.deepcopy(net.state_dict()), step
        else:
            waited += 1
            if waited >= config["patience"]:
                break
        if step < config["steps"]:
            if loss.requires_grad:
                loss.backward()
                nn.utils.clip_grad_norm_([p for p in net.parameters() if p.grad is not None], config["max_norm"])
            opt.step()
            schedule.step()
    return {"params": dict(best), "best_step": best_step, **history}
