"""The figure of the lesson that readers of the page can move."""

import math

from grader.authoring import Choice, Panel, Scene, Slider, StudentFunction, curve, interactive

from .diagnose import RUNS

# Runs of one kind stand together in the list; a stride that shares no factor with its length mixes them.
STRIDE = 4
LARGE = 30.0
"""Losses above this need a logarithmic axis."""
SIGNS = {
    "healthy": "both curves fall fast and level off",
    "too slow": "the training loss falls more than half as much in the second half as in the first",
    "diverged": "the training loss ends above where it began",
    "overfitting": "the validation loss has given back more than half of what it had gained",
    "nan": "a loss is not a number any more",
}


@interactive(
    still="six_runs.svg",
    run=Slider(1, 11, start=1, says="run", step=1),
    guess=Choice(
        ("I look at the curves first", "healthy", "too slow", "diverged", "overfitting", "nan"), says="what went wrong?"
    ),
)
def name_it(diagnose: StudentFunction, run: float, guess: str) -> Scene:
    """Runs that really went wrong: name the fault.

    Look at the two curves, choose a name, and go on to the next run.
    """
    answer, train, val = RUNS[(STRIDE * int(run)) % len(RUNS)]
    said = diagnose(train, val)
    finite = [loss for loss in (*train, *val) if math.isfinite(loss)]
    epochs = range(len(train))
    is_log = max(finite) > LARGE
    panel = Panel(
        title=f"run {int(run)} of {len(RUNS)}",
        x=(0.0, float(len(train) - 1)),
        y=(0.5 * min(finite) if is_log else 0.0, 1.1 * max(finite)),
        x_label="epoch",
        y_label="loss, logarithmic" if is_log else "loss",
        y_log=is_log,
        marks=(
            curve(epochs, train, "model", "training", dots=True),
            curve(epochs, val, "other", "validation", dashed=True, dots=True),
        ),
    )
    if guess not in SIGNS:
        return Scene((panel,), "Which of the five names fits?")
    right = "Right" if guess == answer else f"Not {guess}"
    words = f"{right}: it is {answer}, because {SIGNS[answer]}."
    return Scene((panel,), words if said == answer else f"{words} diagnose says {said}.")
