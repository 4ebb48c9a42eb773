"""Speed of `grade watch`, and of what uses its warm processes, against the same without it; prints a Markdown table.

uv run python tests/benchmarks/watch.py [ROUNDS]
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
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
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
PANEL = [*PYTEST, f"lessons/{LESSON}/compute_grid.py::test_every_entry"]
ONE_SHOT = [GRADE, "1.4", "--fresh"]
IMPORT = [sys.executable, "-c", "import torch"]


def main() -> None:
    """Measure everything and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        roots = Path(folder) / "with", Path(folder) / "without"
        for root in roots:
            root.mkdir()
            shutil.copy(ROOT / "pyproject.toml", root)
            for name in (f"lessons/{LESSON}", "solutions", "exercises"):
                shutil.copytree(ROOT / name, root / name)
            shutil.copy(ROOT / "course.toml", root)
        rows = measure(*roots)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print("| what | measured | goal |")
    print("| --- | --- | --- |")
    for what, measured, wanted in rows:
        print(f"| {what} | {measured} | {wanted} |")


def measure(root: Path, other: Path) -> list[tuple[str, str, str]]:
    """Alternate what has the warm processes of a `grade watch` and what has not, so that both meet the same noise.

    The watch runs in the first folder; ``other`` is a copy without one.
    """
    solution = (ROOT / "solutions" / f"{LESSON}.py").read_text()
    wrong = solution.replace("mean(dim=-1)", "sum(dim=-1)")
    file = root / "exercises" / f"{LESSON}.py"
    (other / "exercises" / file.name).write_text(wrong)
    child = pexpect.spawn(
        GRADE,
        ["watch", "1.4"],
        cwd=str(root),
        encoding="utf-8",
        timeout=600,
        env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
        dimensions=(30, 100),
    )
    child.expect("0 of 8 points")
    child.expect(IS_DONE)
    times: dict[str, list[float]] = defaultdict(list)
    for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS):
        file.write_text(f"{solution}# {number}\n")
        saved = time.perf_counter()
        child.expect("passed fixed_bias_slice")
        times["required"].append(time.perf_counter() - saved)
        child.expect(IS_DONE)
        times["full"].append(time.perf_counter() - saved)
        file.write_text(f"{wrong}# {number}\n")
        saved = time.perf_counter()
        child.expect("Failed: ")
        times["first"].append(time.perf_counter() - saved)
        child.expect(IS_DONE)
        times["import"].append(run(IMPORT, root))
        times["shot"].append(run(ONE_SHOT, root))
        times["own shot"].append(run(ONE_SHOT, other))
        times["panel"].append(run(PANEL, root))
        times["own panel"].append(run(PANEL, other))
        times["cold"].append(run([*PYTEST, f"lessons/{LESSON}"], other))
    time.sleep(2)
    assert child.pid is not None
    family = [child.pid, *descendants(child.pid)]
    before = sum(map(processor_seconds, family))
    time.sleep(IDLE_SECONDS)
    idle = (sum(map(processor_seconds, family)) - before) / IDLE_SECONDS
    memory = sum(map(proportional_memory, family)) / 2**20
    child.send("q")
    child.expect(pexpect.EOF)
    run([GRADE, "1.4"], root)
    again = statistics.median(run([GRADE, "1.4"], root) for _ in range(5))

    def median(name: str, by: str = "") -> str:
        """Return a time and, unless ``by`` is empty, how many times the other one it is, round by round."""
        part = [time / base for time, base in zip(times[name], times[by], strict=True)] if by else []
        beside = f", {statistics.median(part):.2f} times `import torch`" if part else ""
        return f"{statistics.median(times[name]):.2f} s{beside}"

    def faster(name: str) -> str:
        parts = [slow / fast for slow, fast in zip(times["cold"], times[name], strict=True)]
        return f"{median(name)}, {statistics.median(parts):.0f} times faster"

    return [
        ("`import torch`", median("import"), ""),
        ("a cold `pytest lessons/m1_4_loss_landscape`", median("cold"), ""),
        ("save to the full verdict in `grade watch`", faster("full"), "at most 0.3 s"),
        ("save to the verdict on all that counts", median("required"), ""),
        ("save to the first failing line", faster("first"), "at most 0.1 s"),
        ("`grade 1.4` after an edit, beside `grade watch`", median("shot", "import"), "at most 0.8 s"),
        ("the same without a watch", median("own shot", "import"), "at most 1.5 times"),
        ("one check in pytest, beside `grade watch`", median("panel", "import"), "at most 1.5 s"),
        ("the same without a watch", median("own panel", "import"), ""),
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
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def run(command: list[str], folder: Path) -> float:
    """Run a program in a folder and return how long it takes."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
