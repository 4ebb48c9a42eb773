"""Speed of `grade class` against one cold pytest for each submission, in the same run; prints a Markdown table.

uv run python tests/benchmarks/klass.py [students] [cold submissions] [otter]

The class is mixed: right, wrong, hanging and hostile, every file another one. Cold submissions are spread over the
class and are graded before and after it, as many at once as there are cores, so that both meet the same noise.
``otter`` is the command of otter-grader, in an environment of its own with torch, matplotlib and ipykernel: its local
run of the solution is measured too, as many at once. It gets the examples of the docstrings, and we run all checks.
"""

import ast
import doctest
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.classroom import LESSON, make_class  # noqa: E402  the script may be started from anywhere

GRADE = str(Path(sys.executable).with_name("grade"))
CORES = len(os.sched_getaffinity(0))
LOOK_SECONDS = 0.2
LINE, MORE = "\n", "\n... "
"""A line of an example that goes on, as doctest wants it."""


@dataclass(frozen=True)
class Cost:
    """What a program has cost."""

    wall: float
    processor: float
    """Seconds of all its processes together."""
    memory: list[int]
    """Bytes of all its processes, from moment to moment; what several share is divided between them."""


def main() -> None:
    """Measure everything and print the table."""
    students = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    sample = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    otter = sys.argv[3] if len(sys.argv) > 3 else ""
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), students, sample, otter)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {CORES} cores, Python {sys.version.split()[0]}, {students} submissions\n")
    print("| what | measured | goal |")
    print("| --- | --- | --- |")
    for what, measured, wanted in rows:
        print(f"| {what} | {measured} | {wanted} |")


def measure(root: Path, students: int, sample: int, otter: str) -> list[tuple[str, str, str]]:
    """Grade a class and some of its submissions one by one."""
    make_class(root / "class", students, seed=5)
    few = max(1, students // 4)
    for home in sorted((root / "class").iterdir())[:few]:
        shutil.copytree(home, root / "few" / home.name)
    homes = sorted((root / "class").iterdir())[:: max(1, students // sample)][:sample]
    cold = [cold_runs(homes[: sample // 2])]
    whole = class_run(root / "class", root / "out")
    again = class_run(root / "class", root / "out")
    part = class_run(root / "few", root / "few-out")
    cold.append(cold_runs(homes[sample // 2 :]))
    cold_wall = sum(cost.wall for cost in cold) / sample
    cold_processor = sum(cost.processor for cost in cold) / sample
    wall, processor = whole.wall / students, whole.processor / students
    # What starts the run is paid once: the part that grows with the class is the slope between two classes.
    slope = (whole.processor - part.processor) / max(1, students - few)
    rows = []
    if otter:
        other = otter_runs(otter, root / "otter", 2 * CORES)
        rows.append(
            (
                "`otter run` for each submission, with the examples of the docstrings",
                f"{other.wall:.2f} s, {other.processor:.2f} s of the processor",
                "",
            )
        )
        rows.append(("times the throughput of it", f"{other.wall / wall:.1f}", "at least 20"))
    return [
        ("a cold pytest for each submission", f"{cold_wall:.2f} s, {cold_processor:.2f} s of the processor", ""),
        ("`grade class`, for each submission", f"{wall:.2f} s, {processor:.2f} s of the processor", ""),
        ("times the throughput", f"{cold_wall / wall:.1f}", "at least 15"),
        ("times less of the processor", f"{cold_processor / processor:.1f}", ""),
        (
            "second run, nothing changed",
            f"{again.wall:.2f} s, {whole.wall / again.wall:.0f} times faster",
            "100 times",
        ),
        (
            f"processor for each submission, of {few} and of {students}",
            f"{part.processor / few:.2f} s and {processor:.2f} s; each one more costs {slope:.2f} s",
            "flat",
        ),
        (
            "memory of all processes, in the second and in the last quarter of the run",
            f"{quarter(whole.memory, 1) / 2**20:.0f} MiB and {quarter(whole.memory, 3) / 2**20:.0f} MiB",
            "flat",
        ),
        (
            f"the most at one moment, with {few} and with {students}; a hostile submission takes its GiB",
            f"{max(part.memory) / 2**20:.0f} MiB and {max(whole.memory) / 2**20:.0f} MiB",
            "",
        ),
        *rows,
    ]


def quarter(memory: list[int], number: int) -> float:
    """Return what was in use half of the time in a quarter of a run, the first of which is 0."""
    length = max(1, len(memory) // 4)
    return median(memory[number * length :][:length])


def otter_runs(otter: str, root: Path, runs: int) -> Cost:
    """Let otter-grader run the examples of the docstrings on the solution, and return what one run costs."""
    root.mkdir()
    solution = (ROOT / "solutions" / f"{LESSON}.py").read_text(encoding="utf-8")
    (root / "submission.py").write_text(solution.partition("\nif __name__")[0], encoding="utf-8")
    tests = root / "tests"
    tests.mkdir()
    functions = [node for node in ast.parse(solution).body if isinstance(node, ast.FunctionDef)]
    for function in functions:
        examples = doctest.DocTestParser().get_examples(ast.get_docstring(function) or "")
        if examples:
            code = "".join(f">>> {each.source.rstrip().replace(LINE, MORE)}\n{each.want}" for each in examples)
            cases = [{"code": code.rstrip(), "hidden": False, "locked": False}]
            suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": function.name, "points": 1, "suites": [suite]}
            (tests / f"{function.name}.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n", encoding="utf-8")
    changes = {"PATH": f"{Path(otter).parent}:{os.environ['PATH']}", "MPLBACKEND": "Agg"}
    made = [otter, "generate", "-t", str(tests), "-o", str(root / "autograder.zip"), "--no-environment"]
    subprocess.run(made, cwd=root, check=True, capture_output=True, env=os.environ | changes)

    def one(number: int) -> float:
        out = root / str(number)
        out.mkdir()
        command = [otter, "run", "submission.py", "-a", "autograder.zip", "-o", str(out)]
        return cost_of(command, root, changes).processor

    started = time.perf_counter()
    with ThreadPoolExecutor(CORES) as threads:
        processor = sum(threads.map(one, range(runs)))
    return Cost((time.perf_counter() - started) / runs, processor / runs, [])


def cold_runs(homes: list[Path]) -> Cost:
    """Grade submissions as a shell loop would, one pytest each, as many at once as there are cores."""

    def one(home: Path) -> float:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"lessons/{LESSON}"]
        return cost_of([*command, "--submission", str(home)]).processor

    started = time.perf_counter()
    with ThreadPoolExecutor(CORES) as threads:
        processor = sum(threads.map(one, homes))
    return Cost(time.perf_counter() - started, processor, [])


def class_run(folder: Path, out: Path) -> Cost:
    """Grade a class."""
    return cost_of([GRADE, "class", str(folder), "--out", str(out)])


def cost_of(command: list[str], folder: Path = ROOT, changes: dict[str, str] | None = None) -> Cost:
    """Run a program in a folder, with changes of its environment, and look at all of its processes meanwhile."""
    quiet = subprocess.DEVNULL
    environment = os.environ | (changes or {})
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet, env=environment)
    memory: list[int] = []
    processor, looks = 0.0, 0
    while process.poll() is None:
        family = [process.pid, *descendants(process.pid)]
        processor = max(processor, sum(map(processor_seconds, family)))
        if looks % 5 == 0:  # it takes a while to look at
            memory.append(sum(map(proportional_memory, family)))
        looks += 1
        time.sleep(LOOK_SECONDS)
    return Cost(time.perf_counter() - started, processor, memory)


def descendants(pid: int) -> list[int]:
    """Return the processes below a process."""
    try:
        children = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [below for child in children for below in descendants(child)]


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and of those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def proportional_memory(pid: int) -> int:
    """Return the bytes of a process; what several share is divided between them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
