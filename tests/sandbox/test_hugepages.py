"""Huge pages change how fast a process forks, and nothing that it holds."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import hugepages

PROGRAM = """
import os, re
from pathlib import Path
from grader.sandbox import hugepages

held = bytearray(os.urandom(16 * 2**20))
before = bytes(held)

def entries():
    "Return how much of the memory is in huge pages, in KiB."
    return int(re.search(r"AnonHugePages: +([0-9]+) kB", Path("/proc/self/smaps_rollup").read_text())[1])

small = entries()
hugepages.merge()
assert held == before
print(entries() - small)
"""
MAPS = """\
55e0a0000000-55e0a0021000 rw-p 00000000 00:00 0                          [heap]
7f00a0000000-7f00a0200000 rw-p 00000000 00:00 0
7f00a0200000-7f00a0300000 ---p 00000000 00:00 0
7f00a0300000-7f00a0400000 r--p 00000000 fe:00 1234                       /usr/lib/a name.so
7f00a0400000-7f00a0500000 rw-p 00100000 fe:00 1234                       /usr/lib/a name.so
7f00a0500000-7f00a0600000 rw-s 00000000 00:01 5                          /dev/zero (deleted)
7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]
"""


def test_the_heap_and_nameless_memory_are_private_and_writable() -> None:
    assert list(hugepages._private_areas(MAPS)) == [
        (0x55E0A0000000, 0x55E0A0021000),
        (0x7F00A0000000, 0x7F00A0200000),
    ]


@given(st.lists(st.sampled_from(MAPS.splitlines())))
def test_areas_are_found_in_any_order(lines: list[str]) -> None:
    found = list(hugepages._private_areas("\n".join(lines)))

    assert len(found) == sum(line.startswith(("55e0", "7f00a0000000")) for line in lines)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="asks Linux how the memory is held")
def test_what_a_process_holds_stays_as_it_is() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 0
