# wrong: an equally low loss counts as an improvement
# status: wrong
# mistake: ties_improve
# says: It has to be lower by more
def early_stopping(val_losses, patience, min_delta):
    best = 0
    for epoch in range(1, len(val_losses)):
        if val_losses[best] - val_losses[epoch] >= min_delta:
            best = epoch
        elif epoch - best == patience:
            return {"stop": epoch, "best": best, "loss": val_losses[best]}
    return {"stop": None, "best": best, "loss": val_losses[best]}
