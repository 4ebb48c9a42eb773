"""Grade on a Dask cluster: jobs travel as data, and every worker grades with a pool of its own.

A worker must have the same course, grader and libraries, and the same confinement as this machine: its cache keys must
equal those of the run. A worker that dies loses nothing: the scheduler gives its jobs to others.
"""

import contextlib
import importlib
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from grader.classes.cache_keys import exercise_keys
from grader.classes.run import Wish, Work
from grader.course.model import find_course
from grader.errors import Fault, GraderError, UsageError
from grader.pool.job import Finding, Job
from grader.pool.pool import Outcome, Pool
from grader.sandbox import confinement

CONNECT_SECONDS = 30
AHEAD = 3
"""Jobs in flight for each thread of the cluster: enough that no thread waits, few enough to fit in memory."""

_here = threading.local()
"""The pool of this thread of a worker."""


def on_cluster(address: str, wish: Wish) -> Work:
    """Return a function that runs jobs on the workers of a scheduler."""

    @contextlib.contextmanager
    def work(jobs: Iterable[Job]) -> Iterator[Iterator[Outcome]]:
        try:
            client = _dask().Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(f"There is no Dask scheduler at {address}: {error}") from error
        with contextlib.closing(client):
            yield _outcomes(client, jobs, wish)

    return work


def _dask() -> Any:
    """Return the library, an optional extra that is only partly typed."""
    try:
        return importlib.import_module("distributed")
    except ImportError:
        raise UsageError("--cluster needs Dask, which is not installed: uv sync --extra cluster") from None


def _outcomes(client: Any, jobs: Iterable[Job], wish: Wish) -> Iterator[Outcome]:
    """Yield each outcome as it comes; raises Fault if the scheduler is lost."""
    waiting = iter(jobs)
    at_work: dict[str, Job] = {}
    with client.as_current():
        completed = _dask().as_completed()
    keys: dict[str, dict[str, str]] = {}
    number = 0
    try:
        while True:
            room = AHEAD * max(1, sum(client.nthreads().values())) - len(at_work)
            for job in (job for _, job in zip(range(room), waiting, strict=False)):
                if job.lesson not in keys:
                    keys[job.lesson] = _keys(wish.course.root, job.lesson, job.options.seed)
                    _check_workers(client, job.lesson, job.options.seed, keys[job.lesson])
                number += 1
                future = client.submit(
                    grade_on_worker,
                    msgspec.json.encode(job),
                    keys[job.lesson],
                    key=f"grade-{job.label}-{number}",
                    pure=False,
                )
                at_work[future.key] = job
                completed.add(future)
            if not at_work:
                return
            future = next(completed)
            yield _outcome(at_work.pop(future.key), future)
    except (OSError, RuntimeError, StopIteration, TimeoutError) as error:
        raise Fault(
            f"The Dask scheduler is gone ({type(error).__name__}: {error}). Finished verdicts are kept: restart it and"
            " run the same command again."
        ) from error


def _outcome(job: Job, future: Any) -> Outcome:
    try:
        said = future.result()
    except _dask().KilledWorker:
        return Outcome(job, fault="The workers that graded this file died one after the other.")
    except _dask().CancelledError as error:
        raise RuntimeError("its jobs were cancelled") from error
    except Exception as error:  # noqa: BLE001  whatever a worker raises is a fault to report
        return Outcome(job, fault=f"A worker of the cluster failed: {error}")
    finally:
        future.release()
    finding = msgspec.json.decode(said, type=Finding)
    return Outcome(job, finding.lesson, None, finding.fault, finding.isolation, finding.behaviours, finding.searched)


def grade_on_worker(document: bytes, keys: dict[str, str]) -> bytes:
    """Do one job and return its outcome as JSON; runs in a thread of a worker."""
    job = msgspec.json.decode(document, type=Job)
    root = find_course(Path.cwd()).root
    if _keys(root, job.lesson, job.options.seed) != keys:
        raise Fault(DIFFERS)
    if not hasattr(_here, "pool"):
        _here.pool = Pool(root, 1, lessons=[job.lesson])
    (outcome,) = _here.pool.run([job])
    finding = Finding(outcome.lesson, outcome.isolation, outcome.behaviours, outcome.searched, fault=outcome.fault)
    return msgspec.json.encode(finding)


DIFFERS = (
    "This worker would reach other verdicts: its course, grader, Python or libraries differ, or it cannot confine"
    " code. Start it in the same version of the course."
)


def keys_on_worker(lesson: str, seed: int) -> dict[str, str]:
    """Return the keys of a worker's verdicts; empty if it does not have the lesson."""
    try:
        return _keys(find_course(Path.cwd()).root, lesson, seed)
    except GraderError:
        return {}


def _keys(root: Path, name: str, seed: int) -> dict[str, str]:
    lesson = next((lesson for lesson in find_course(root).lessons if lesson.name == name), None)
    isolation = "process" if confinement.missing() else "confined"
    return exercise_keys(lesson, seed, isolation) if lesson is not None else {}


def _check_workers(client: Any, lesson: str, seed: int, keys: dict[str, str]) -> None:
    """Refuse a cluster with a worker that would reach other verdicts, before any job is sent."""
    found = client.run(keys_on_worker, lesson, seed)
    if not found:
        raise UsageError("The Dask scheduler has no worker yet. Start some in the course's folder: dask worker ADDRESS")
    others = sorted(address for address, theirs in found.items() if theirs != keys)
    if others:
        raise UsageError(f"{', '.join(others)}: {DIFFERS}")
