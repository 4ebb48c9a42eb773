"""plateau_schedule must lower the rate after more than `patience` bad epochs in a row, and only then."""

from collections.abc import Callable

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib.axes import Axes

from grader.authoring import LOSS32, StudentFunction, assert_at_most, assert_close, picture, predict, variant

Settings = tuple[float, float, int, float, float]
"""lr, factor, patience, threshold and min_lr."""

# All metrics are multiples of 1/8 and all thresholds are powers of 2, so that every comparison is exact, ties included.
PLAIN: Settings = (1.0, 0.5, 1, 0.0, 0.0)
EAGER: Settings = (1.0, 0.5, 0, 0.0, 0.125)
CAREFUL: Settings = (1.0, 0.25, 2, 0.25, 0.03125)
# Worse than the best one of 2, but better than the epoch before.
WAVES = [4.0, 2.0, 4.0, 3.0, 2.5, 4.0, 3.0, 2.5]
# With a threshold of a quarter no step is good, but two together are.
CREEPING = [8.0, 7.0, 6.0, 5.5, 5.0, 4.5, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0]
TIES = [8.0, 6.0, 6.0, 6.0, 5.0, 4.0, 4.0, 4.0, 4.0]
# A good epoch comes when the patience is nearly at its end.
JUST_IN_TIME = [4.0, 4.0, 2.0, 2.0, 1.0, 1.0, 1.0, 1.0]
FLAT = [3.0] * 9

some_settings = st.tuples(
    st.sampled_from([0.5, 1.0, 2.0]),
    st.sampled_from([0.125, 0.25, 0.5]),
    st.integers(0, 3),
    st.sampled_from([0.0, 0.125, 0.25]),
    st.sampled_from([0.0, 0.03125, 0.25]),
)
metric_lists = st.lists(st.integers(1, 24).map(lambda eighths: eighths / 8), min_size=1, max_size=10)


def _named(settings: Settings) -> str:
    _, factor, patience, threshold, min_lr = settings
    return f"factor = {factor:g}, patience = {patience}, threshold = {threshold:g} and min_lr = {min_lr:g}"


@given(size=st.integers(1, 10), settings=some_settings)
@example(size=1, settings=PLAIN)
@example(size=2, settings=EAGER)
@example(size=5, settings=PLAIN)
@example(size=9, settings=CAREFUL)
def test_flat(plateau_schedule: StudentFunction, size: int, settings: Settings) -> None:
    """If the metric never changes, the rate is lowered in every (patience + 1)-th epoch after the first one.

    The first epoch is good. After it all are bad, and the count starts again at 0 with each lower rate.
    """
    lr, factor, patience, _, min_lr = settings
    expected = [max(lr * factor ** (epoch // (patience + 1)), min_lr) for epoch in range(size)]
    says = f"For a metric that stays at 3, with {_named(settings)}, the rates are not these."
    assert_close(plateau_schedule([3.0] * size, *settings), expected, scale=lr, says=says)


@given(size=st.integers(1, 8), settings=some_settings)
@example(size=4, settings=PLAIN)
@example(size=4, settings=EAGER)
def test_improving(plateau_schedule: StudentFunction, size: int, settings: Settings) -> None:
    """As long as each epoch halves the metric, the rate stays.

    No threshold here is more than a quarter, so all these epochs are good.
    """
    metrics = [2.0**-epoch for epoch in range(size)]
    says = f"Every epoch halves the metric, and with {_named(settings)} the rate does not stay at {settings[0]:g}."
    assert_close(plateau_schedule(metrics, *settings), [settings[0]] * size, scale=settings[0], says=says)


@given(metrics=metric_lists, settings=some_settings)
@example(metrics=[2.0, 4.0, 3.0], settings=PLAIN)
@example(metrics=[4.0, 4.0, 2.0, 2.0, 2.0], settings=PLAIN)
@example(metrics=[4.0, 3.0, 3.0], settings=(1.0, 0.5, 0, 0.25, 0.0))
@example(metrics=WAVES, settings=PLAIN)
@example(metrics=WAVES, settings=EAGER)
@example(metrics=TIES, settings=CAREFUL)
@example(metrics=CREEPING, settings=CAREFUL)
@example(metrics=JUST_IN_TIME, settings=PLAIN)
@example(metrics=JUST_IN_TIME, settings=CAREFUL)
def test_as_reduce_lr_on_plateau(plateau_schedule: StudentFunction, metrics: list[float], settings: Settings) -> None:
    """The rates are those of torch.optim.lr_scheduler.ReduceLROnPlateau, epoch by epoch."""
    says = f"For the metrics {metrics}, with {_named(settings)}, PyTorch has other rates."
    assert_close(plateau_schedule(metrics, *settings), _in_torch(metrics, *settings), scale=settings[0], says=says)


def _in_torch(
    metrics: list[float], lr: float, factor: float, patience: int, threshold: float, min_lr: float
) -> list[float]:
    """Return the rate of PyTorch after each epoch."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=factor, patience=patience, threshold=threshold, min_lr=min_lr
    )
    rates: list[float] = []
    for metric in metrics:
        scheduler.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


@given(metrics=metric_lists, settings=some_settings)
@example(metrics=FLAT, settings=EAGER)
@example(metrics=WAVES, settings=CAREFUL)
def test_only_down(plateau_schedule: StudentFunction, metrics: list[float], settings: Settings) -> None:
    """The rate never rises, and never falls below min_lr, however long the metric stays bad."""
    rates = [float(rate) for rate in plateau_schedule(metrics, *settings)]
    slack, min_lr = LOSS32 * settings[0], settings[-1]
    for epoch, (before, after) in enumerate(zip([settings[0], *rates], rates, strict=False)):
        assert_at_most(after, before, slack=slack, says=f"The rate rises in epoch {epoch}, for the metrics {metrics}.")
        says = f"In epoch {epoch} the rate is below min_lr = {min_lr:g}, for the metrics {metrics}."
        assert_at_most(min_lr, after, slack=slack, says=says)


@given(metrics=metric_lists, settings=some_settings)
@example(metrics=WAVES, settings=PLAIN)
@example(metrics=[2.0, 2.0, 4.0], settings=EAGER)
def test_looks_back_only(plateau_schedule: StudentFunction, metrics: list[float], settings: Settings) -> None:
    """The rate after an epoch depends on the metrics up to this epoch, and not on later ones.

    A schedule that looked ahead would be of no use: during training the later metrics do not exist.
    """
    rates = plateau_schedule(metrics, *settings)
    for size in range(1, len(metrics)):
        says = f"The first {size} metrics of {metrics} alone give other rates than the first {size} rates of all."
        assert_close(plateau_schedule(metrics[:size], *settings), rates[:size], scale=settings[0], says=says)


@given(metrics=metric_lists, settings=some_settings, scale=st.sampled_from([0.125, 2.0, 64.0]))
@example(metrics=[8.0, 7.0, 7.0], settings=(1.0, 0.5, 0, 0.25, 0.0), scale=0.125)
@example(metrics=TIES, settings=CAREFUL, scale=64.0)
def test_other_units(plateau_schedule: StudentFunction, metrics: list[float], settings: Settings, scale: float) -> None:
    """In other units of the metric the rates are the same: the threshold is a share, and not a difference.

    A loss in square metres or in square centimetres says the same about the training.
    """
    scaled = plateau_schedule([scale * metric for metric in metrics], *settings)
    says = f"With all metrics of {metrics} multiplied by {scale:g}, and {_named(settings)}, the rates differ."
    assert_close(scaled, plateau_schedule(metrics, *settings), scale=settings[0], says=says)


@predict(
    answer="After epoch 3",
    because="Epoch 0 sets the best value. Epochs 1, 2 and 3 are bad, and three are more than the patience of two.",
    otherwise={
        "After epoch 2": "By then there are two bad epochs, and the rate is lowered when there are more than that.",
        "After epoch 1": "The first bad epoch is forgiven, and the second one, too: that is the patience.",
        "Never: the metric does not get worse": "Not getting worse is not enough: an epoch is good only if it is better"
        " than the best one before.",
    },
)
def when_patience_ends(plateau_schedule: Callable[..., list[float]]) -> dict[str, list[float]]:
    """The patience is 2, and the validation loss is the same after every epoch. Epochs are counted from 0.

    After which epoch is the learning rate lowered for the first time?
    """
    rates = plateau_schedule([1.0] * 8, 0.1, 0.5, 2, 0.0, 0.0)
    assert rates[2] == 0.1
    assert rates[3] == 0.05
    return {"epoch": [float(epoch) for epoch in range(8)], "learning rate after it": rates}


@picture
def axes_of_plateau_schedule(axes: Axes, metrics: list[float], **_: object) -> None:
    """Draw the metrics behind the rates, on an axis of their own."""
    behind = axes.twinx()
    behind.plot(range(len(metrics)), metrics, "o:", color="C7", linewidth=1.2)
    behind.set_ylabel("metric, dotted")
    axes.set(xlabel="epoch", ylabel="learning rate after it")


# Right answers in other styles


@variant
def scheduler(
    metrics: list[float], lr: float, factor: float, patience: int, threshold: float, min_lr: float
) -> list[float]:
    """The scheduler of PyTorch itself."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, "min", factor, patience, threshold=threshold, min_lr=min_lr
    )
    rates: list[float] = []
    for metric in metrics:
        plateau.step(metric)
        rates += map(float, plateau.get_last_lr())
    return rates


@variant
def share_of_the_best(
    metrics: list[float], lr: float, factor: float, patience: int, threshold: float, min_lr: float
) -> list[float]:
    """The first epoch apart, the improvement as a share of the best value, and the bad epochs counted downwards."""
    best, left, rates = metrics[0], patience, [lr]
    for metric in metrics[1:]:
        if (best - metric) / best > threshold:
            best, left = metric, patience
        elif left > 0:
            left -= 1
        else:
            lr, left = max(lr * factor, min_lr), patience
        rates.append(lr)
    return rates


@variant
def float32(
    metrics: list[float], lr: float, factor: float, patience: int, threshold: float, min_lr: float
) -> torch.Tensor:
    """Tensors, float32 throughout."""
    values, rates = torch.tensor(metrics), torch.empty(len(metrics))
    rate, best, bad = torch.tensor(lr), torch.tensor(torch.inf), 0
    for epoch, value in enumerate(values):
        bad = 0 if value < best - threshold * best.clamp(max=1e9) else bad + 1
        best = value if bad == 0 else best
        if bad == patience + 1:
            rate, bad = (rate * factor).clamp(min=min_lr), 0
        rates[epoch] = rate
    return rates


@variant
def last_good_epoch(
    metrics: list[float], lr: float, factor: float, patience: int, threshold: float, min_lr: float
) -> list[float]:
    """The number of the epoch from which the bad ones are counted, in place of their number."""
    since, best, rates = 0, metrics[0], []
    for epoch, metric in enumerate(metrics):
        if metric < (1 - threshold) * best:
            since, best = epoch, metric
        if epoch - since > patience:
            since = epoch
            lr = sorted((min_lr, lr, lr * factor))[1]
        rates.append(lr)
    return rates
