# right: a dataclass holds the state, and replace undoes an epoch.
import math
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class State:
    w: float
    b: float
    history: tuple = ()
    status: str = "ok"

    def after(self, x, y, lr, order, batch_size):
        w, b, total = self.w, self.b, 0.0
        for k in range(math.ceil(len(order) / batch_size)):
            batch = order[k * batch_size : (k + 1) * batch_size]
            gap = y[batch] - (w * x[batch] + b)
            total += float(gap @ gap)
            w, b = w + 2 * lr * float((gap * x[batch]).mean()), b + 2 * lr * float(gap.mean())
        loss = total / len(order)
        first = self.history[0] if self.history else loss
        if not math.isfinite(loss) or loss > 1e6 * (first + 1):
            return replace(self, status="diverged")
        return State(w, b, (*self.history, loss))


def quiz():
    return {"Q1": "b", "Q2": "b", "Q3": "a", "Q4": "b", "Q5": "b", "Q6": "c"}


def train_line(x, y, w, b, lr, orders, batch_size):
    state = State(w, b)
    for order in orders:
        state = state.after(x, y, lr, order, batch_size)
        if state.status == "diverged":
            break
    return {"w": state.w, "b": state.b, "history": list(state.history), "status": state.status}
