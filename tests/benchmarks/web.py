"""Speed of `grade web` against `grade watch` of the same lesson, side by side; prints a Markdown table.

uv run python tests/benchmarks/web.py [ROUNDS]

The first page is measured in Chromium, where the machine has one.
"""

import http.client
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pexpect
from playwright.sync_api import Request, sync_playwright

ROOT = Path(__file__).parent.parent.parent
LESSON = "m1_4_loss_landscape"
GRADE = str(Path(sys.executable).with_name("grade"))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ROUNDS = 5
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/#token=(\w+)")
IS_DONE = r"\d\d:\d\d:\d\d  "
"""The time of the round, which the screen of `grade watch` shows once it is over."""
IMPORT = [sys.executable, "-c", "import torch"]
Times = dict[str, list[float]]


def main() -> None:
    """Measure everything and print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    times: Times = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        watched, served = Path(folder) / "watch", Path(folder) / "web"
        for root in (watched, served):
            root.mkdir()
            shutil.copy(ROOT / "pyproject.toml", root)
            for name in ("lessons", "solutions", "exercises"):
                shutil.copytree(ROOT / name, root / name)
            shutil.copy(ROOT / "course.toml", root)
        for _ in range(rounds):
            measure_start(served, times)
        measure_saves(watched, served, rounds, times)
        sizes = measure_page(served, rounds) if CHROMIUM is not None else []

    def median(name: str, by: str) -> str:
        parts = [one / other for one, other in zip(times[name], times[by], strict=True)]
        return f"{statistics.median(times[name]):.2f} s, {statistics.median(parts):.2f} times"

    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n")
    print("| what | measured | goal |")
    print("| --- | --- | --- |")
    print(f"| start to the address | {median('address', 'import')} `import torch` | |")
    print(f"| start to the course as data | {median('course', 'import')} `import torch` | before torch is loaded |")
    print(f"| save to the first failing line | {median('first', 'watch first')} `grade watch` | as fast |")
    print(f"| save to the full verdict | {median('full', 'watch full')} `grade watch` | as fast |")
    for what, paint, size in sizes:
        print(f"| {what}: first paint with its content | {statistics.median(paint):.2f} s | at most 1 s |")
        print(f"| {what}: what is sent | {statistics.median(size) / 1000:.0f} kB | at most 400 kB |")


def measure_start(root: Path, times: Times) -> None:
    """Measure from the command line to the first answer, and `import torch` beside it."""
    started = time.perf_counter()
    with serving(root) as (port, token):
        times["address"].append(time.perf_counter() - started)
        ask(port, token, "GET", "/api/course")
        times["course"].append(time.perf_counter() - started)
    started = time.perf_counter()
    subprocess.run(IMPORT, check=True)
    times["import"].append(time.perf_counter() - started)


def measure_saves(watched: Path, served: Path, rounds: int, times: Times) -> None:
    """Save a wrong file in turn in the folder of a `grade watch` and through the page of a `grade web`."""
    solution = (ROOT / "solutions" / f"{LESSON}.py").read_text()
    wrong = solution.replace("mean(dim=-1)", "sum(dim=-1)")
    file = watched / "exercises" / f"{LESSON}.py"
    terminal = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    child = pexpect.spawn(
        GRADE, ["watch", "1.4"], cwd=str(watched), encoding="utf-8", timeout=600, env=terminal, dimensions=(30, 100)
    )
    child.expect("0 of 8 points")
    child.expect(IS_DONE)
    lesson = f"/api/lessons/{LESSON}"
    with serving(served) as (port, token):
        ask(port, token, "POST", f"{lesson}/open")
        while (state := ask(port, token, "GET", f"{lesson}/round"))["loading"] or state["is_grading"]:
            time.sleep(0.1)
        stream = lines(port, token)
        for number in range(rounds):
            file.write_text(f"{solution}# {number}\n")
            child.expect("passed fixed_bias_slice")
            child.expect(IS_DONE)
            file.write_text(f"{wrong}# {number}\n")
            saved = time.perf_counter()
            child.expect("Failed: ")
            times["watch first"].append(time.perf_counter() - saved)
            child.expect(IS_DONE)
            times["watch full"].append(time.perf_counter() - saved)
            for text in (solution, wrong):
                base = ask(port, token, "GET", f"{lesson}/file")["digest"]
                saved = time.perf_counter()
                view = ask(port, token, "PUT", f"{lesson}/file", f"{text}# {number}\n", base)
                first = 0.0
                for state in stream:
                    is_new = state["digest"] == view["digest"]
                    if is_new and not first and (state["failing"] or not state["is_grading"]):
                        first = time.perf_counter() - saved
                    if is_new and not state["is_grading"]:
                        break
                full = time.perf_counter() - saved
            times["first"].append(first)
            times["full"].append(full)
    child.send("q")
    child.expect(pexpect.EOF)


def measure_page(root: Path, rounds: int) -> list[tuple[str, list[float], list[float]]]:
    """Open pages in a browser that has never seen them; return how long each took, and how much was sent."""
    found = []
    with serving(root) as (port, token), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for what, route, wanted in (("the course", "/", "h1"), ("lesson 1.4", "/1.4", ".katex")):
            paints, sizes = [], []
            for _ in range(rounds):
                with browser.new_context() as context:
                    page = context.new_page()
                    sent: list[int] = []
                    page.on("requestfinished", sizes_into(sent))
                    started = time.perf_counter()
                    page.goto(f"http://127.0.0.1:{port}/#token={token}&to={route}")
                    page.wait_for_selector(wanted)
                    paints.append(time.perf_counter() - started)
                    page.wait_for_timeout(1500)
                    sizes.append(float(sum(sent)))
            found.append((what, paints, sizes))
        browser.close()
    return found


def sizes_into(sent: list[int]) -> Callable[[Request], None]:
    """Return what notes the size of each answer, as it was sent."""

    def note(request: Request) -> None:
        sent.append(request.sizes()["responseBodySize"])

    return note


@contextmanager
def serving(root: Path) -> Iterator[tuple[int, str]]:
    """Start `grade web` in a folder, and end it."""
    command = [GRADE, "web", "--no-open"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = ADDRESS.search(process.stdout.readline())
        assert found is not None
        try:
            yield int(found[1]), found[2]
        finally:
            process.terminate()


def ask(port: int, token: str, method: str, path: str, *save: str) -> Any:
    """Return the answer to a request; ``save`` is a content and the digest of the version before."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"X-Grade-Token": token, **({"If-Match": f'"{save[1]}"'} if save else {})}
    connection.request(method, path, save[0].encode() if save else None, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def lines(port: int, token: str) -> Iterator[Any]:
    """Yield the states of the lesson that the stream tells."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", "/api/stream?after=0", headers={"X-Grade-Token": token})
    answer = connection.getresponse()
    while line := answer.readline():
        if line.strip() and (state := json.loads(line)["round"]) is not None and state["lesson"] == LESSON:
            yield state


if __name__ == "__main__":
    main()
