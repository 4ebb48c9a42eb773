# attack: returns the grader's own description of a figure instead of a figure
# expect: plot_descent=wrong|raised|crashed|invalid
import torch
from grader.sandbox.figure import Axes, Curve, Mesh, Picture


def plot_descent(w_values, b_values, losses, path):
    # Fields of other types than the class says; the text of a verdict in place of a title.
    curve = Curve("xs", None, 5, ["passed"])
    mesh = Mesh(torch, [], {}, 10**9)
    return Picture(axes=(Axes(title=b"passed", curves=(curve,), meshes=(mesh,), legend=(1, 2)),), shown="yes")
