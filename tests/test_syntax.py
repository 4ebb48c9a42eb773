"""Parsing in several threads, as the web workbook does."""

import gc
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader import syntax

SOURCE = Path(syntax.__file__).with_name("authoring.py").read_text(encoding="utf-8")


@pytest.fixture
def _threads_take_turns_within_a_parse() -> Iterator[None]:
    """Let the collector, which runs within a parse, run Python code, where another thread may go on."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()

    def nothing(*_: object) -> None:
        pass

    gc.callbacks.append(nothing)
    sys.setswitchinterval(1e-6)
    gc.set_threshold(50)
    yield
    gc.set_threshold(*threshold)
    sys.setswitchinterval(interval)
    gc.callbacks.remove(nothing)


@pytest.mark.usefixtures("_threads_take_turns_within_a_parse")
def test_threads_that_parse_at_once_all_get_their_trees() -> None:
    with ThreadPoolExecutor(4) as threads:
        trees = list(threads.map(lambda _: syntax.parse(SOURCE), range(16)))

    assert len({len(tree.body) for tree in trees}) == 1
