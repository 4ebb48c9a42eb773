# attack: calls the other side's functions itself and returns what they return
# expect: compute_grid=wrong|raised|crashed|timeout
import sys


def compute_grid(x, y, w_values, b_values):
    worker = sys.modules["grader.sandbox.worker"]
    try:
        return worker.load({"source": b"", "file": "passed", "module": "passed", "drivers": None, "exercises": []})
    finally:
        worker._serve = None
