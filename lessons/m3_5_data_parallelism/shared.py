"""What several exercises of the lesson use."""

import threading
from collections.abc import Callable
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor
from torch._C import _distributed_c10d as c10d

Bounds = list[tuple[int, int]]


def plain_bounds(n: int, world_size: int) -> Bounds:
    """Return the expected bounds of the shards: deal the samples out one by one, as cards."""
    sizes = [len(range(rank, n, world_size)) for rank in range(world_size)]
    return [(sum(sizes[:rank]), sum(sizes[: rank + 1])) for rank in range(world_size)]


_ProcessGroup: Any = dist.ProcessGroup


class Alone(BaseException):
    """A rank waits for others that never come; not an Exception, so that the student's code does not catch it."""


class Threads(_ProcessGroup):  # type: ignore[misc]
    """A process group whose ranks are threads of one process, for torch.distributed's own functions.

    A call of a collective waits until all ranks have made one. As soon as one of them has ended before, or has made
    another call, the others can only wait for ever, so they stop and ``problem`` says why.
    """

    def __init__(self, world_size: int) -> None:
        super().__init__(0, world_size)
        self.ranks = world_size
        self.mine = threading.local()
        self.meeting = threading.Condition()
        self.here: dict[int, tuple[str, Any]] = {}
        self.calls = [0] * world_size
        self.ended: set[int] = set()
        self.problem = ""

    def rank(self) -> int:
        """Return the rank of the thread that asks."""
        return getattr(self.mine, "rank", 0)

    def size(self) -> int:
        """Return the number of ranks."""
        return self.ranks

    def getBackendName(self) -> str:  # noqa: N802  torch's name
        """Return what `dist.get_backend()` says."""
        return "threads"

    def run_all(self, function: Callable[[int], Any]) -> Any:
        """Return the function's result on every rank, or why the ranks wait for ever.

        Raises what the function raises on the first of the ranks on which it does.
        """
        results: list[Any] = [None] * self.ranks
        raised: dict[int, BaseException] = {}

        def run(rank: int) -> None:
            self.mine.rank = rank
            try:
                results[rank] = function(rank)
            except Alone:
                pass
            except BaseException as error:  # noqa: BLE001  raised again below
                raised[rank] = error
            with self.meeting:
                self.ended.add(rank)
                self._look()

        threads = [threading.Thread(target=run, args=(rank,), daemon=True) for rank in range(self.ranks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if raised:
            raise raised[min(raised)]
        return self.problem or results

    def _look(self) -> None:
        """Notice that some rank has ended without a call that others wait in."""
        if self.here and self.ended and not self.problem:
            waiting, gone = min(self.here), min(self.ended)
            made = self.calls[gone]
            self.problem = (
                f"Deadlock: rank {waiting} waits in its collective call number {self.calls[waiting]},"
                f" dist.{self.here[waiting][0].partition('(')[0]}, but rank {gone} has ended after {made} such"
                f" call{'s' * (made != 1)}. With real processes this would wait for ever."
            )
        if self.problem:
            self.meeting.notify_all()

    def _meet(self, kind: str, own: Any, act: Callable[[list[Any]], object]) -> Any:
        """Wait for all ranks; the last one to arrive acts on what all have brought."""
        with self.meeting:
            rank = self.rank()
            self.calls[rank] += 1
            turn = self.calls[rank]
            self.here[rank] = kind, own
            if len(self.here) == self.ranks and not self.problem:
                kinds = [self.here[other][0] for other in range(self.ranks)]
                if len(set(kinds)) > 1:
                    other = next(other for other in range(self.ranks) if kinds[other] != kinds[0])
                    self.problem = (
                        f"Mismatch: in call number {turn}, rank 0 calls dist.{kinds[0]}, and rank {other} calls"
                        f" dist.{kinds[other]}."
                    )
                else:
                    act([self.here[other][1] for other in range(self.ranks)])
                    self.here.clear()
                    self.meeting.notify_all()
            self._look()
            while not self.problem and self.here.get(rank, ("", None))[1] is own:
                self.meeting.wait()
            if self.problem:
                raise Alone
        done: torch.futures.Future[None] = torch.futures.Future()
        done.set_result(None)
        return c10d._create_work_from_future(done)

    def allreduce(self, tensors: Any, opts: Any = None) -> Any:
        """Reduce tensors over all ranks, in place."""
        tensors = _listed(tensors)
        return self._meet(_named("all_reduce", tensors, opts), tensors, lambda all_: _reduce(all_, all_, opts))

    allreduce_coalesced = allreduce

    def reduce(self, tensors: Any, opts: Any) -> Any:
        """Reduce tensors over all ranks, in place of one of them."""
        tensors = _listed(tensors)
        return self._meet(
            _named("reduce", tensors, opts), tensors, lambda all_: _reduce(all_, [all_[opts.rootRank]], opts)
        )

    def broadcast(self, tensors: Any, opts: Any) -> Any:
        """Copy the tensors of one rank to all."""
        tensors = _listed(tensors)
        return self._meet(
            _named("broadcast", tensors, opts), tensors, lambda all_: _copy(all_, [all_[opts.rootRank]] * len(all_))
        )

    def allgather(self, outputs: Any, inputs: Any, *_: Any) -> Any:
        """Copy the tensors of all ranks to each of them."""
        own = (outputs, inputs)

        def act(all_: list[Any]) -> None:
            for out, _ in all_:
                _copy([out[0]], [[given[0] for _, given in all_]])

        return self._meet(_named("all_gather", inputs, None), own, act)

    def _allgather_base(self, output: Tensor, given: Tensor, *_: Any) -> Any:
        """Join the tensors of all ranks to one on each of them."""
        own = (output, given)

        def act(all_: list[Any]) -> None:
            joined = torch.cat([each.reshape(-1) for _, each in all_])
            for out, _ in all_:
                out.copy_(joined.reshape(out.shape))

        return self._meet(_named("all_gather_into_tensor", [given], None), own, act)

    all_gather_single = _allgather_base

    def gather(self, outputs: Any, inputs: Any, opts: Any) -> Any:
        """Copy the tensors of all ranks to one of them."""
        own = (outputs, inputs)

        def act(all_: list[Any]) -> None:
            _copy([all_[opts.rootRank][0][0]], [[given[0] for _, given in all_]])

        return self._meet(_named("gather", inputs, opts), own, act)

    def scatter(self, outputs: Any, inputs: Any, opts: Any) -> Any:
        """Copy each of the tensors of one rank to another rank."""
        own = (outputs, inputs)

        def act(all_: list[Any]) -> None:
            for rank, (out, _) in enumerate(all_):
                out[0].copy_(all_[opts.rootRank][1][0][rank])

        return self._meet(_named("scatter", outputs, opts), own, act)

    def reduce_scatter(self, outputs: Any, inputs: Any, opts: Any = None) -> Any:
        """Reduce lists of tensors, and leave one result on each rank."""
        own = (outputs, inputs)

        def act(all_: list[Any]) -> None:
            for rank, (out, _) in enumerate(all_):
                _reduce([[given[0][rank]] for _, given in all_], [out], opts)

        return self._meet(_named("reduce_scatter", outputs, opts), own, act)

    def _reduce_scatter_base(self, output: Tensor, given: Tensor, opts: Any = None) -> Any:
        """Reduce tensors, and leave a piece of the result on each rank."""
        own = (output, given)

        def act(all_: list[Any]) -> None:
            for rank, (out, _) in enumerate(all_):
                _reduce([[each.reshape(self.ranks, *out.shape)[rank]] for _, each in all_], [[out]], opts)

        return self._meet(_named("reduce_scatter_tensor", [output], opts), own, act)

    reduce_scatter_single = _reduce_scatter_base

    def barrier(self, opts: Any = None) -> Any:
        """Wait for all ranks."""
        return self._meet("barrier", [opts], len)


def _listed(tensors: Any) -> list[Tensor]:
    """Return the tensors of a call as a new list, which no other call has."""
    return [tensors] if isinstance(tensors, Tensor) else list(tensors)


def _named(kind: str, tensors: Any, opts: Any) -> str:
    """Return a call as words; ranks whose words differ do not fit together."""
    shapes = ", ".join(f"{tuple(tensor.shape)} of {tensor.dtype}" for tensor in tensors)
    return f"{kind}({shapes}{_operation(opts)})"


def _operation(opts: Any) -> str:
    name = str(getattr(getattr(opts, "reduceOp", None), "op", "")).rpartition(".")[2]
    return "" if name in {"", "SUM"} else f", {name}"


@torch.no_grad()
def _copy(targets: list[Any], sources: list[Any]) -> None:
    for target, source in zip(targets, [[each.clone() for each in part] for part in sources], strict=True):
        for into, out in zip(target, source, strict=True):
            into.copy_(out)


OPERATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "SUM": lambda stacked: stacked.sum(dim=0, dtype=stacked.dtype),
    "AVG": lambda stacked: stacked.mean(dim=0),
    "PRODUCT": lambda stacked: stacked.prod(dim=0, dtype=stacked.dtype),
    "MIN": lambda stacked: stacked.amin(dim=0),
    "MAX": lambda stacked: stacked.amax(dim=0),
}


@torch.no_grad()
def _reduce(given: list[Any], targets: list[Any], opts: Any) -> None:
    """Reduce what all ranks have given, and write the result to the targets."""
    name = _operation(opts).removeprefix(", ") or "SUM"
    if name not in OPERATIONS:
        raise ValueError(f"this process group cannot reduce with {name}: use dist.ReduceOp.SUM")
    results = [OPERATIONS[name](torch.stack(parts)) for parts in zip(*given, strict=True)]
    for target in targets:
        _copy([target], [results])
