# attack: replaces the encoder in the worker by one that writes a verdict
# expect: compute_grid=wrong|raised|crashed|timeout
import grader.sandbox.wire
import ormsgpack

forged = ormsgpack.packb({"id": 1, "end": "passed", "status": "passed", "points": 99, "max_points": 99})
grader.sandbox.wire.encode = lambda *args, **kwargs: forged
grader.sandbox.wire.decode = lambda *args, **kwargs: {"do": "passed"}
grader.sandbox.wire.type_name = lambda kind: "passed"


def compute_grid(x, y, w_values, b_values):
    return None
