"""sync_gradients must give every rank the mean gradient over all samples, by calls that all ranks make alike."""

from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from grader.authoring import (
    CheckFailed,
    StudentFunction,
    assert_close,
    driver,
    examples,
    largest,
    matrices,
    numbers,
    row,
    variant,
    vectors,
)

from .shared import Threads, plain_bounds

Grads = list[Tensor]
World = tuple[list[Grads], list[int]]
"""The gradients of every rank, and its number of samples."""

MET = "as described"
# The shards differ, no gradient is a multiple of another one, and no two entries are equal.
EQUAL: World = ([[row(1.0, 4.0)], [row(3.0, -2.0)]], [2, 2])
UNEVEN: World = ([[row(1.0, 4.0)], [row(5.0, -2.0)]], [3, 1])
TWO_TENSORS: World = (
    [
        [torch.tensor([[1.0, 2.0], [0.5, -3.0]]), row(4.0)],
        [torch.tensor([[5.0, -2.0], [1.5, 0.25]]), row(-1.0)],
        [torch.tensor([[-3.0, 1.0], [2.5, 2.0]]), row(0.5)],
    ],
    [4, 3, 1],
)
WITHOUT: World = ([[row(2.0, 4.0)], [row(0.0, 0.0)]], [3, 0])
FIRST_WITHOUT: World = ([[row(0.0)], [row(1.5)], [row(-4.0)]], [0, 3, 1])


@st.composite
def worlds(draw: st.DrawFn, fewest: int = 1) -> World:
    """Draw one to four ranks with up to two gradients each; rank 0 has samples."""
    ranks = draw(st.integers(1, 4))
    counts = [draw(st.integers(max(fewest, rank == 0), 5)) for rank in range(ranks)]
    shapes = draw(st.sampled_from([((2,),), ((2, 3), (3,)), ((1,), (2, 2))]))
    grads = []
    for count in counts:
        drawn = [draw(vectors(torch.Size(shape).numel(), torch.Size(shape).numel())).reshape(shape) for shape in shapes]
        grads.append([grad if count else torch.zeros(shape) for grad, shape in zip(drawn, shapes, strict=True)])
    return grads, counts


def _mean(world: World) -> list[Any]:
    """Return the expected gradients of every rank."""
    grads, counts = world
    total = sum(counts)
    mean = [
        sum(count * grad.double() for count, grad in zip(counts, parts, strict=True)) / total
        for parts in zip(*grads, strict=True)
    ]
    return [mean for _ in counts]


def _size(world: World) -> float:
    """Return the natural size of a gradient."""
    return 1.0 + max(largest(grad) for grads in world[0] for grad in grads)


def _on_ranks(sync_gradients: StudentFunction, world: World) -> Any:
    """Return the gradients that every rank gets; raises CheckFailed if the ranks never come together."""
    found = sync_gradients.drive("meeting", *world)
    if found != MET:
        mistake = "uneven_calls" if found.startswith(("Deadlock", "Mismatch")) else ""
        raise CheckFailed(f"{found} {_shown(world)}", mistake=mistake)
    return sync_gradients.drive("on_ranks", *world)


def _shown(world: World) -> str:
    """Say how to read the call in the report, which is that of several ranks."""
    return f"The call below shows `grads` and `n_local` of all {len(world[1])} ranks, from rank 0 on."


def _require_means(sync_gradients: StudentFunction, world: World) -> None:
    found, expected = _on_ranks(sync_gradients, world), _mean(world)
    for rank, grads in enumerate(found):
        says = f"Rank {rank} does not get the mean over all samples. {_shown(world)}"
        assert_close(grads, expected[rank], scale=_size(world), says=says)


@examples(8)
@given(world=worlds(fewest=1))
@example(world=EQUAL)
@example(world=UNEVEN)
@example(world=TWO_TENSORS)
def test_weighted_mean(sync_gradients: StudentFunction, world: World) -> None:
    """Every rank gets the mean over all samples: a rank with three times the samples counts three times as much.

    The expected values come from plain sums.
    """
    _require_means(sync_gradients, world)


@examples(8)
@given(world=worlds())
@example(world=WITHOUT)
@example(world=FIRST_WITHOUT)
def test_rank_without_samples(sync_gradients: StudentFunction, world: World) -> None:
    """A rank without samples joins all calls as well, and gets the same gradients as the others.

    A collective call waits for every rank. Where one leaves a call out, all others wait for ever.
    """
    _require_means(sync_gradients, world)


@examples(8)
@given(world=worlds())
@example(world=UNEVEN)
@example(world=TWO_TENSORS)
def test_all_ranks_alike(sync_gradients: StudentFunction, world: World) -> None:
    """All ranks get the same numbers, to the last bit.

    Each rank updates its own copy of the parameters. Only if all of them make the same step do the copies stay equal.
    """
    found = _on_ranks(sync_gradients, world)
    for rank in range(1, len(found)):
        says = (
            f"Rank {rank} does not get the same gradients as rank 0, so their parameters drift apart. {_shown(world)}"
        )
        assert_close(found[rank], found[0], tolerance=0, says=says)


@examples(8)
@given(X=matrices((2, 7), (1, 3), low=-2, high=2), ranks=st.integers(1, 4), slope=numbers(-2, 2))
@example(X=torch.tensor([[1.0, 2.0], [0.5, -1.0], [-1.5, 1.0]]), ranks=2, slope=0.5)
@example(X=torch.tensor([[1.0], [2.0], [-1.0], [0.5], [1.5]]), ranks=3, slope=-1.0)
def test_whole_batch(sync_gradients: StudentFunction, X: Tensor, ranks: int, slope: float) -> None:
    """With shards of a batch on the ranks, the result is the gradient of the whole batch on one.

    So many ranks make exactly the step that one would make, and no sample counts more because its shard is small. The
    loss is the mean squared error of `X @ w`.
    """
    y, w = X.sum(dim=1) - 1, torch.full((X.shape[1],), slope)
    bounds = plain_bounds(len(X), ranks)
    parts = [2 * X[start:stop].T @ (X[start:stop] @ w - y[start:stop]) / max(stop - start, 1) for start, stop in bounds]
    world = [[part] for part in parts], [stop - start for start, stop in bounds]
    whole = (2 * X.T @ (X @ w - y) / len(X)).double()
    for rank, grads in enumerate(_on_ranks(sync_gradients, world)):
        says = f"Rank {rank} does not get the gradient of the whole batch. {_shown(world)}"
        assert_close(grads, [whole], scale=_size(world), says=says)


@examples(8)
@given(grad=vectors(), n_local=st.integers(1, 9))
@example(grad=row(1.0, -2.0), n_local=3)
def test_one_rank(sync_gradients: StudentFunction, grad: Tensor, n_local: int) -> None:
    """With a single rank nothing changes: without a process group, and with a group of one.

    So a program that runs on many processes also runs on one.
    """
    size = 1.0 + largest(grad)
    says = "Without a process group, the result is not the gradient itself."
    assert_close(sync_gradients([grad], n_local), [grad.double()], scale=size, says=says)
    says = "In a process group of one rank, the result is not the gradient itself."
    assert_close(_on_ranks(sync_gradients, ([[grad]], [n_local])), [[grad.double()]], scale=size, says=says)


@examples(8)
@given(world=worlds())
@example(world=UNEVEN)
@example(world=TWO_TENSORS)
def test_grads_stay(sync_gradients: StudentFunction, world: World) -> None:
    """The tensors in `grads` stay as they are on every rank."""
    changed = sync_gradients.drive("ranks_with_changes", *world)
    if changed:
        says = f"After the call, `grads` has other numbers than before on the ranks {changed}. {_shown(world)}"
        raise CheckFailed(says, changed, [])


@driver
def meeting(sync_gradients: Callable[..., Any], grads_of_all: list[Grads], n_local_of_all: list[int]) -> Any:
    """Return in words what keeps the ranks from a result as described, or that nothing does."""
    results = _together(sync_gradients, grads_of_all, n_local_of_all)
    if isinstance(results, str):
        return results
    for rank, (result, grads) in enumerate(zip(results, grads_of_all, strict=True)):
        if result is None:
            return None
        if not isinstance(result, (list, tuple)):
            return f"On rank {rank} the result is of type {type(result).__name__}, and not a list."
        if len(result) != len(grads):
            return f"On rank {rank} the length of the result is {len(result)}, and that of `grads` is {len(grads)}."
        for number, (part, grad) in enumerate(zip(result, grads, strict=True)):
            if not isinstance(part, Tensor):
                return f"On rank {rank} entry {number} is of type {type(part).__name__}, and not a tensor."
            if part.shape != grad.shape:
                return f"On rank {rank} entry {number} has shape {tuple(part.shape)}, expected {tuple(grad.shape)}."
    return MET


@driver
def on_ranks(sync_gradients: Callable[..., Any], grads_of_all: list[Grads], n_local_of_all: list[int]) -> Any:
    """Return the gradients that every rank gets, each in a thread of its own."""
    results = _together(sync_gradients, grads_of_all, n_local_of_all)
    return [[part.detach().clone() for part in result] for result in results]


@driver
def ranks_with_changes(sync_gradients: Callable[..., Any], grads_of_all: list[Grads], n_local_of_all: list[int]) -> Any:
    """Return the ranks whose `grads` the call has changed."""
    before = [[grad.clone() for grad in grads] for grads in grads_of_all]
    _together(sync_gradients, grads_of_all, n_local_of_all)
    pairs = enumerate(zip(before, grads_of_all, strict=True))
    return [rank for rank, (old, new) in pairs if not all(map(torch.equal, old, new))]


def _together(function: Callable[..., Any], grads: list[Grads], counts: list[int]) -> Any:
    """Return the function's result on every rank of a process group of threads, or why the ranks wait for ever."""
    backend: Any = dist.Backend
    if "threads" not in backend.backend_list:
        backend.register_backend("threads", lambda *given: Threads(given[2]), devices=["cpu", "cuda"])
    store: Any = torch.distributed.HashStore()  # type: ignore[attr-defined]
    dist.init_process_group("threads", store=store, rank=0, world_size=len(grads))
    group: Any = dist.group.WORLD
    try:
        return group.run_all(lambda rank: function(list(grads[rank]), counts[rank]))
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


# Right answers in other styles


@variant
def one_call(grads: list[Tensor], n_local: int) -> list[Tensor]:
    """One vector of everything, the count at its end: a single call."""
    if not dist.is_initialized():
        return [grad.clone() for grad in grads]
    flat = torch.cat([parameters_to_vector(grads) * n_local, torch.tensor([float(n_local)])])
    dist.all_reduce(flat)
    result = [torch.empty_like(grad) for grad in grads]
    vector_to_parameters(flat[:-1] / flat[-1], result)
    return result


@variant
def share_first(grads: list[Tensor], n_local: int) -> list[Tensor]:
    """The count first, and then every gradient with its share; calls that do not wait, in double precision."""
    if not dist.is_initialized():
        return [1.0 * grad for grad in grads]
    count = torch.tensor(n_local)
    dist.all_reduce(count, op=dist.ReduceOp.SUM)
    result = [grad.double() * (n_local / count.item()) for grad in grads]
    for work in [dist.all_reduce(part, async_op=True) for part in result]:
        work.wait()
    return [part.float() for part in result]


@variant
def gathered(grads: list[Tensor], n_local: int) -> list[Tensor]:
    """All gradients of all ranks on every rank, and a loop over them."""
    ranks = dist.get_world_size() if dist.is_initialized() else 1
    if ranks == 1:
        return [grad.clone() for grad in grads]
    counts = [torch.zeros(1) for _ in range(ranks)]
    dist.all_gather(counts, torch.tensor([float(n_local)]))
    result: list[Any] = []
    for grad in grads:
        parts = [torch.zeros_like(grad) for _ in range(ranks)]
        dist.all_gather(parts, grad)
        result.append(sum(count * part for count, part in zip(counts, parts, strict=True)) / sum(counts))
    return result


@variant
def by_objects(grads: list[Tensor], n_local: int) -> list[Tensor]:
    """Whole Python objects, which torch pickles and sends."""
    everything: list[Any] = [(grads, n_local)]
    if dist.is_initialized():
        everything = [None] * dist.get_world_size()
        dist.all_gather_object(everything, (grads, n_local))
    total = sum(n for _, n in everything)
    return [sum(n / total * theirs[number] for theirs, n in everything) for number in range(len(grads))]


@variant
def reduce_and_broadcast(grads: list[Tensor], n_local: int) -> list[Tensor]:
    """All sums on rank 0, which divides them and sends the result to the others."""
    if not dist.is_initialized():
        return list(torch.utils._pytree.tree_map(torch.clone, grads))
    total, result = torch.tensor([float(n_local)]), [n_local * grad for grad in grads]
    for part in (*result, total):
        dist.reduce(part, dst=0)
    for part in result:
        if dist.get_rank() == 0:
            part.div_(total)
        dist.broadcast(part, src=0)
    return result
