# right: a second panel beside the map, with the losses along the path.
import matplotlib.pyplot as plt
import torch


def plot_descent(w_values, b_values, losses, path):
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 4))
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    filled = left.contourf(W.numpy(), B.numpy(), losses.numpy(), levels=15)
    fig.colorbar(filled, ax=left)
    left.plot([w for w, b in path], [b for w, b in path], "w.-")
    left.set(xlabel="weight w", ylabel="bias b")
    places = torch.tensor(path)
    nearest = [losses[(w_values - w).abs().argmin(), (b_values - b).abs().argmin()].item() for w, b in places]
    right.plot(nearest, "o-")
    right.set(xlabel="step", ylabel="loss nearby")
    return fig
