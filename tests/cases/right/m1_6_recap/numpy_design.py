# right: NumPy with a column of ones; array_split by the places of the cuts.
import numpy as np


def quiz():
    return {f"q{i + 1}": letter for i, letter in enumerate("bbabbc")}


def train_line(x, y, w, b, lr, orders, batch_size):
    A = np.column_stack([x.numpy(), np.ones(len(x))])
    t = y.numpy().astype(float)
    theta, history, status = np.array([w, b], dtype=float), [], "ok"
    with np.errstate(all="ignore"):
        for order in orders:
            old, squares = theta.copy(), np.array([])
            for batch in np.array_split(np.array(order), range(batch_size, len(order), batch_size)):
                residual = A[batch] @ theta - t[batch]
                squares = np.append(squares, residual**2)
                theta = theta - lr * 2 * A[batch].T @ residual / len(batch)
            loss = squares.mean()
            if not np.isfinite(loss) or (len(history) > 0 and loss > 1e6 * (history[0] + 1)):
                theta, status = old, "diverged"
                break
            history.append(float(loss))
    return {"w": float(theta[0]), "b": float(theta[1]), "history": history, "status": status}
