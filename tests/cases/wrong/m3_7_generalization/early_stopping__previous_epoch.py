# wrong: each loss is compared with that of the epoch before
# status: wrong
# mistake: previous_epoch
# says: the way back down looks like progress
def early_stopping(val_losses, patience, min_delta):
    best, waited = 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch - 1] - val_losses[epoch] > min_delta:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return {"stop": epoch, "best": best, "loss": val_losses[best]}
    return {"stop": None, "best": best, "loss": val_losses[best]}
