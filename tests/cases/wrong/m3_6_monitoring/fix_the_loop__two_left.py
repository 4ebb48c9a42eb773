# wrong: shapes and zero_grad are repaired, the modes and the mean are not
# status: wrong
# mistake: none
# says: with two of its mistakes left
def fix_the_loop(X, y, X_val, y_val, batch_size, lr, epochs):
    net = _make_net(X.shape[1])
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    train_losses, val_losses = [], []
    for _ in range(epochs):
        net.train()
        total = 0.0
        for X_batch, y_batch in zip(X.split(batch_size), y.split(batch_size), strict=True):
            loss = ((net(X_batch)[:, 0] - y_batch) ** 2).mean()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item()
        schedule.step()
        train_losses.append(total / len(X.split(batch_size)))
        with torch.no_grad():
            predictions = net(X_val)[:, 0]
            val_losses.append(((predictions - y_val) ** 2).mean().item())
    return {"train_losses": train_losses, "val_losses": val_losses, "predictions": predictions}
