"""Lesson 3.5: Data parallelism and hardware.

Shards of the samples, the ring all-reduce, and one gradient from the gradients of all ranks. The file also runs on
several processes at once: `torchrun --nproc-per-node 2` and its path start two of them.
"""

import os
from itertools import pairwise

import matplotlib.pyplot as plt
import torch
import torch.distributed as dist
from torch import Tensor


def shard_bounds(n: int, world_size: int) -> list[tuple[int, int]]:
    """Return where the shard of every rank starts and stops, as a pair for each of `world_size` ranks.

    The samples 0 to `n` - 1 are divided in order: rank 0 gets the first ones. A shard goes from `start` up to and
    without `stop`, as a slice does. The sizes differ by at most 1, and larger shards come first. If there are more
    ranks than samples, the last ranks get the empty shard (n, n).

    >>> shard_bounds(10, 4)
    [(0, 3), (3, 6), (6, 8), (8, 10)]
    """
    size, rest = divmod(n, world_size)
    edges = [rank * size + min(rank, rest) for rank in range(world_size + 1)]
    return list(pairwise(edges))


def ring_all_reduce(vectors: list[Tensor]) -> list[list[Tensor]]:
    """Return the vectors of all ranks at the start of a ring all-reduce and after each of its rounds.

    `vectors` has a tensor of shape (n,) for each of P ranks. Every rank cuts its own into P chunks at the bounds of
    `shard_bounds(n, P)`. There are 2 (P - 1) rounds, and in each of them all ranks send at the same time. In round
    s = 0, 1, 2, ..., rank r sends its chunk number (r - s) mod P to rank (r + 1) mod P. In the first P - 1 rounds the
    receiver adds what it gets to its own chunk of this number: that is the reduce-scatter. In the last P - 1 rounds it
    replaces its own chunk: that is the all-gather. At the end every rank has the sum of all vectors.

    The result has 2 (P - 1) + 1 entries, the first of them the vectors as given; each is a list of P tensors.

    >>> ring_all_reduce([torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0])])[1]
    [tensor([ 1., 22.]), tensor([11., 20.])]
    """
    ranks = len(vectors)
    bounds = shard_bounds(len(vectors[0]), ranks)
    history = [[vector.clone() for vector in vectors]]
    for s in range(2 * (ranks - 1)):
        before = history[-1]
        after = [vector.clone() for vector in before]
        for rank in range(ranks):
            start, stop = bounds[(rank - s) % ranks]
            receiver = (rank + 1) % ranks
            if s < ranks - 1:
                after[receiver][start:stop] += before[rank][start:stop]
            else:
                after[receiver][start:stop] = before[rank][start:stop]
        history.append(after)
    return history


def sync_gradients(grads: list[Tensor], n_local: int) -> list[Tensor]:
    """Return the gradients of the mean loss over the samples of all ranks.

    All ranks call this function at the same time, each with its own arguments: `grads` are the gradients of the mean
    loss over its own `n_local` samples, one tensor of any shape for each parameter. Every rank gets the same result,
    the mean over all samples, in which every sample counts alike. A rank without samples has gradients of zeros; there
    is at least one sample in total. `grads` stay as they are.

    The ranks exchange tensors by the functions of torch.distributed, such as `dist.all_reduce`. Without a process group
    (`dist.is_initialized()` is False) there is only this one rank.

    >>> sync_gradients([torch.tensor([1.0, 2.0])], 4)
    [tensor([1., 2.])]
    """
    total = torch.tensor(float(n_local), device=grads[0].device)
    sums = [grad * n_local for grad in grads]
    if dist.is_initialized():
        for tensor in [total, *sums]:
            dist.all_reduce(tensor)
    return [each / total for each in sums]


def _train(X: Tensor, y: Tensor, w: Tensor, steps: int, *, together: bool) -> Tensor:
    """Return w after gradient descent on the mean squared error of `X @ w`; together with the other ranks, or alone."""
    for _ in range(steps):
        grad = 2 * X.T @ (X @ w - y) / max(len(X), 1)
        if together:
            (grad,) = sync_gradients([grad], len(X))
        w = w - 0.1 * grad
    return w


if __name__ == "__main__":
    if dist.is_torchelastic_launched():  # torchrun has started several processes, and this is one of them
        on_gpus = torch.cuda.device_count() >= int(os.environ["LOCAL_WORLD_SIZE"])
        if on_gpus:
            torch.set_default_device(f"cuda:{os.environ['LOCAL_RANK']}")
        dist.init_process_group("nccl" if on_gpus else "gloo")
        rank, ranks = dist.get_rank(), dist.get_world_size()
        X = torch.linspace(-2, 2, 15).reshape(5, 3).sin()
        y = X @ torch.tensor([1.0, -2.0, 0.5]) + 1
        start, stop = shard_bounds(len(X), ranks)[rank]
        w = _train(X[start:stop], y[start:stop], torch.zeros(3), 50, together=True)
        alone = _train(X, y, torch.zeros(3), 50, together=False)
        same = torch.allclose(w, alone, atol=1e-5)
        print(f"rank {rank} of {ranks}: {stop - start} of 5 samples; the same w as one process: {same}\n", end="")
        dist.destroy_process_group()
        raise SystemExit
    drawn = []
    figure, axes = plt.subplots(1, 7, figsize=(12, 2.4), layout="constrained")
    try:
        for number, vectors in enumerate(ring_all_reduce([torch.ones(8) for _ in range(4)])):
            axes[number].imshow(torch.stack(vectors), cmap="viridis", vmin=1, vmax=4)
            axes[number].set(xlabel="number", yticks=range(4), title=f"round {number}" if number else "start")
        axes[0].set(ylabel="rank")
        drawn.append("the rounds of your ring")
    except (NotImplementedError, AttributeError, TypeError):
        pass
    if not drawn:
        raise SystemExit("Nothing to draw yet: write shard_bounds and ring_all_reduce, then run this file again.")
    figure.savefig("my_ring.png")
    print("Drawn: my_ring.png, with", " and ".join(drawn))
    plt.show()
