# attack: opens the verdict store with SQLite, to write itself a pass
# expect: compute_grid=wrong
import sqlite3
from pathlib import Path

import grader
import torch

COURSE = Path(grader.__file__).resolve().parents[1]


def compute_grid(x, y, w_values, b_values):
    for mode in ("rw", "ro", "ro&immutable=1"):
        try:
            with sqlite3.connect(f"file:{COURSE / '.grade' / 'verdicts.sqlite3'}?mode={mode}", uri=True) as store:
                store.execute("select * from sqlite_master").fetchall()
        except sqlite3.Error:
            continue
        raise RuntimeError("escaped: opened the verdict store")
    return torch.tensor(float("nan"))
