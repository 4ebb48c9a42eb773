# right: names filled with zeros by zfill, and full paths returned.
import os

import matplotlib.pyplot as plt
import torch


def save_frames(w_values, b_values, losses, path, directory):
    W, B = torch.meshgrid(w_values, b_values, indexing="ij")
    files = []
    for k in range(len(path)):
        plt.figure()
        plt.contourf(W, B, losses, levels=20)
        plt.plot([p[0] for p in path[: k + 1]], [p[1] for p in path[: k + 1]], "o-w")
        file = os.path.join(directory, "frame" + str(k).zfill(5) + ".png")
        plt.savefig(file)
        plt.close()
        files.append(file)
    return files
