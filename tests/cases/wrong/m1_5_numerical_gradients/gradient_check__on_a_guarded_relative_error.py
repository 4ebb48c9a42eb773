# wrong: is right itself and calls a relative_error whose guard is 1e-8.
# status: wrong
# mistake: guard_too_large
import itertools


def relative_error(a, n):
    return ((a - n).abs() / (a.abs() + n.abs()).clamp(min=1e-8)).max().item()


def gradient_check(f, grad_f, theta, h=1e-5, tol=1e-5):
    a, n = grad_f(theta), numerical_gradient(f, theta, h)
    errors = {i: relative_error(a[i], n[i]) for i in itertools.product(*map(range, theta.shape))}
    worst = next((i for i, e in errors.items() if e != e), max(errors, key=errors.get))
    return {"error": errors[worst], "worst_index": list(worst), "ok": errors[worst] <= tol}
