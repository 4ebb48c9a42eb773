"""Speed of `grade watch` and of a second `grade`, against a cold pytest in the same run; prints a Markdown table.

uv run python tests/benchmarks/watch.py
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pexpect

ROOT = Path(__file__).parent.parent.parent
LESSON = "m1_4_loss_landscape"
GRADE = str(Path(sys.executable).with_name("grade"))
ROUNDS = 5
IDLE_SECONDS = 10.0
IS_DONE = r"\d\d:\d\d:\d\d  "
"""The time of the round, which the screen shows once it is over."""


def main() -> None:
    """Measure everything and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(ROOT / "pyproject.toml", root)
        for name in (f"lessons/{LESSON}", "solutions", "exercises"):
            shutil.copytree(ROOT / name, root / name)
        rows = measure(root)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print("| what | measured | goal |")
    print("| --- | --- | --- |")
    for what, measured, wanted in rows:
        print(f"| {what} | {measured} | {wanted} |")


def measure(root: Path) -> list[tuple[str, str, str]]:
    """Alternate a cold pytest and saves in `grade watch`, so that both meet the same noise."""
    solution = (ROOT / "solutions" / f"{LESSON}.py").read_text()
    wrong = solution.replace("mean(dim=-1)", "sum(dim=-1)")
    file = root / "exercises" / f"{LESSON}.py"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"lessons/{LESSON}"]
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    child = pexpect.spawn(
        GRADE,
        ["watch", "1.4"],
        cwd=str(root),
        encoding="utf-8",
        timeout=120,
        env=environment,
        dimensions=(30, 100),
    )
    child.expect("0 of 8 points")
    child.expect(IS_DONE)
    cold, first, required, full = [], [], [], []
    for number in range(ROUNDS):
        file.write_text(f"{solution}# {number}\n")
        saved = time.perf_counter()
        child.expect("passed fixed_bias_slice")
        required.append(time.perf_counter() - saved)
        child.expect(IS_DONE)
        full.append(time.perf_counter() - saved)
        cold.append(seconds(lambda: subprocess.run(command, cwd=root, check=False, capture_output=True)))
        file.write_text(f"{wrong}# {number}\n")
        saved = time.perf_counter()
        child.expect("Failed: ")
        first.append(time.perf_counter() - saved)
        child.expect(IS_DONE)
    time.sleep(2)
    assert child.pid is not None
    family = [child.pid, *descendants(child.pid)]
    before = sum(map(processor_seconds, family))
    time.sleep(IDLE_SECONDS)
    idle = (sum(map(processor_seconds, family)) - before) / IDLE_SECONDS
    memory = sum(map(proportional_memory, family)) / 2**20
    child.send("q")
    child.expect(pexpect.EOF)
    subprocess.run([GRADE, "1.4"], cwd=root, check=False, capture_output=True)
    again = statistics.median(
        seconds(lambda: subprocess.run([GRADE, "1.4"], cwd=root, check=False, capture_output=True)) for _ in range(5)
    )

    def ratio(times: list[float]) -> float:
        return statistics.median(slow / fast for slow, fast in zip(cold, times, strict=True))

    return [
        ("a cold `pytest lessons/m1_4_loss_landscape`", f"{statistics.median(cold):.2f} s", ""),
        (
            "save to the full verdict in `grade watch`",
            f"{statistics.median(full):.2f} s, {ratio(full):.1f} times faster",
            "at most 1 s, 8 times",
        ),
        ("save to the verdict on all that counts", f"{statistics.median(required):.2f} s", ""),
        (
            "save to the first failing line",
            f"{statistics.median(first):.2f} s, {ratio(first):.0f} times faster",
            "25 times",
        ),
        ("`grade 1.4` with nothing changed", f"{again:.2f} s", "at most 0.5 s"),
        ("processor time of an idle `grade watch`", f"{100 * idle:.1f} %", "none"),
        ("memory of all its processes together", f"{memory:.0f} MiB", ""),
    ]


def descendants(pid: int) -> list[int]:
    """Return the processes below a process."""
    children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return children + [below for child in children for below in descendants(child)]


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def proportional_memory(pid: int) -> int:
    """Return the bytes of a process; what several share is divided between them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
