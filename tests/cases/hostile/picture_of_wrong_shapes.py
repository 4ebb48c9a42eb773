# attack: forges the description of a figure with tensors that no figure has, on which a check would break
# expect: plot_descent=wrong|raised|crashed|invalid
import torch
from grader.sandbox.figure import Axes, Curve, Mesh, Picture

calls = 0


def plot_descent(w_values, b_values, losses, path):
    global calls
    calls += 1
    scalar, row, grid = torch.tensor(0.0), torch.zeros(3), torch.zeros(3, 3)
    curves = [
        Curve(torch.zeros(2), row),
        Curve(scalar, scalar),
        Curve(grid, grid),
        Curve(row, row, torch.zeros(2)),
        Curve(row.to(torch.complex64), row),
    ]
    meshes = [
        Mesh("contourf", scalar, row, grid),
        Mesh("contourf", row, grid, grid),
        Mesh("contourf", grid, grid[:2], grid),
        Mesh("contourf", row, row, row),
        Mesh("contourf", row, row, grid.to(torch.complex64)),
    ]
    curve, mesh = curves[calls % 5], meshes[calls % 5]
    return Picture(axes=(Axes(xlabel="w", ylabel="b", curves=(curve,), meshes=(mesh,)),), shown=False)
