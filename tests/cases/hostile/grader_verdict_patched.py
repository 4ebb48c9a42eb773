# attack: imports the grader's verdicts and makes all of them passed
# expect: compute_grid=wrong
import torch

try:
    from grader import verdict

    verdict.Status.FAULT = verdict.Status.WRONG = verdict.Status.PASSED
    verdict.CheckVerdict.points = verdict.ExerciseVerdict.points = property(lambda self: 99)
    verdict.ExerciseVerdict.status = property(lambda self: verdict.Status.PASSED)
except (ImportError, OSError, AttributeError, TypeError):
    pass


def compute_grid(x, y, w_values, b_values):
    return torch.tensor(float("nan"))
