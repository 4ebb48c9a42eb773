# wrong: draws everything and returns nothing.
# status: wrong
# mistake: nothing_returned
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    plt.figure(figsize=(8, 6))
    plt.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy(), levels=50, cmap="viridis")
    plt.plot([p[0] for p in path], [p[1] for p in path], marker="o", color="red")
    plt.xlabel("weight w")
    plt.ylabel("bias b")
