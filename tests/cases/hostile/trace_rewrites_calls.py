# attack: traces the worker and raises or exits in the middle of its functions
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import sys


def trace(frame, event, argument):
    if "worker" in frame.f_code.co_filename and event == "line":
        for name in ("answer", "document", "value"):
            if name in frame.f_locals:
                frame.f_locals[name] = {"end": "passed", "points": 99}
        if "document" in frame.f_locals:
            raise SystemExit(0)
    return trace


frame = sys._getframe()
while frame is not None:
    frame.f_trace = trace
    frame = frame.f_back
sys.settrace(trace)


def compute_grid(x, y, w_values, b_values):
    return None
