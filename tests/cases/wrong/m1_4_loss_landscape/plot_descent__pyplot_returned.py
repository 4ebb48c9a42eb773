# wrong: returns the module plt.
# status: wrong
# mistake: none
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from torch import Tensor


def plot_descent(w_values: Tensor, b_values: Tensor, losses: Tensor, path: list[tuple[float, float]]) -> Figure:
    plt.figure()
    plt.contourf(w_values.numpy(), b_values.numpy(), losses.T.numpy(), levels=50)
    plt.plot([p[0] for p in path], [p[1] for p in path], "ro-")
    plt.xlabel("weight w")
    plt.ylabel("bias b")
    return plt
