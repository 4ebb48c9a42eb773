# ordinary: writes, moves, saves and draws files in its folder
import contextlib
import copy
import glob
import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import zipfile

import matplotlib.pyplot as plt
import numpy as np
import torch

with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "one", "two")
    path.mkdir(parents=True)
    (path / "text").write_text("text")
    shutil.copyfile(path / "text", path / "copy")
    shutil.move(path / "copy", path / "moved")
    os.replace(path / "moved", path / "text")
    torch.save({"w": torch.ones(3)}, path / "model.pt")
    torch.load(path / "model.pt")
    np.savez(path / "arrays.npz", np.ones(3))
    np.load(path / "arrays.npz")["arr_0"]
    np.save(path / "array.npy", np.ones(3))
    with open(path / "text", "r+b") as file:
        file.truncate(2)
        os.fsync(file.fileno())
        os.fdatasync(file.fileno())
    with zipfile.ZipFile(path / "zip", "w") as archive:
        archive.writestr("name", "content")
    with contextlib.closing(sqlite3.connect(":memory:")) as base:
        base.execute("create table numbers (number)")
    with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryFile() as other:
        file.write(b"x")
        other.write(b"x")
    figure, axes = plt.subplots()
    axes.plot([1, 2])
    figure.savefig(path / "figure.png")
    figure.savefig(path / "figure.svg")
    figure.savefig(path / "figure.pdf")
    plt.close(figure)
    list(os.walk(folder)), glob.glob(f"{folder}/**", recursive=True)
    os.path.realpath(path), os.access(path, os.R_OK), path.resolve(), os.getcwd(), shutil.get_terminal_size()
    os.stat(path), os.listdir(path), sys.stdout.isatty()
