# wrong: the parameters are kept by reference
# status: wrong
# mistake: not_copied
# says: so you compare each parameter with itself
def overfit_one_batch(net, step, X, y, steps, goal):
    start, losses = net.state_dict(), []
    while len(losses) < steps:
        losses.append(step(X, y))
        if not math.isfinite(losses[-1]) or losses[-1] <= goal:
            break
    verdict = "nan" if not math.isfinite(losses[-1]) else "passed" if losses[-1] <= goal else "stuck"
    frozen = [name for name, p in net.named_parameters() if (p == start[name]).all()]
    return {"losses": losses, "verdict": verdict, "frozen": frozen}
