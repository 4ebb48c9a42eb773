"""Parsing in several threads, as the web workbook does."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grader import syntax

SOURCE = Path(syntax.__file__).with_name("authoring.py").read_text(encoding="utf-8")


def test_threads_that_parse_at_once_all_get_their_trees() -> None:
    with ThreadPoolExecutor(8) as threads:
        trees = list(threads.map(lambda _: syntax.parse(SOURCE), range(64)))

    assert len({len(tree.body) for tree in trees}) == 1
