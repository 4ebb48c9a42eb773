# wrong: the learning rate is halved after every batch
# status: wrong
# mistake: schedule_after_every_batch
# says: It belongs after every epoch
def fix_the_loop(X, y, X_val, y_val, batch_size, lr, epochs):
    net, train_losses, val_losses = _make_net(X.shape[1]), [], []
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(epochs):
        net.train()
        squares = 0.0
        for inputs, targets in zip(X.split(batch_size), y.split(batch_size)):
            errors = net(inputs).flatten() - targets
            optimizer.zero_grad()
            errors.square().mean().backward()
            optimizer.step()
            optimizer.param_groups[0]["lr"] /= 2
            squares += errors.square().sum().item()
        train_losses.append(squares / len(y))
        net.eval()
        with torch.no_grad():
            said = net(X_val).flatten()
        val_losses.append((said - y_val).square().mean().item())
    return {"train_losses": train_losses, "val_losses": val_losses, "predictions": said}
