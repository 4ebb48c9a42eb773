"""`grade doctor`: look at everything the workbook needs; each line that is not well ends with what mends it."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader import confine, files
from grader.commands import Answer, Context, wrapped
from grader.errors import UsageError

SLOW_SECONDS = 15.0
IMPORT_SECONDS = 120
OLDEST_PYTHON = (3, 11)
LOW_MEMORY = 2.0
"""GiB."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    word: str
    """``ok``, ``note`` or ``FAIL``."""
    what: str
    mend: str = ""


def run(context: Context, words: Sequence[str]) -> Answer:
    """Look at Python, torch, the disk, the watcher, the isolation and the terminal."""
    if words:
        raise UsageError("grade doctor takes no words.")
    lines = []
    findings = list(_findings(context))
    for finding in findings:
        code = {"ok": "32", "note": "33"}.get(finding.word, "31")
        first, *rest = wrapped([finding.what], " " * 6)
        lines += [f"{context.style.paint(f'{finding.word:<4}', code)}  {first.strip()}", *rest]
        if finding.mend:
            lines += wrapped([finding.mend], " " * 6)
    has_failed = any(finding.word == "FAIL" for finding in findings)
    lines += ["", "Something stands in the way." if has_failed else "Everything that is needed is there."]
    return Answer("\n".join(lines), int(has_failed))


def _findings(context: Context) -> Iterator[Finding]:
    yield python()
    yield torch()
    yield writable(context.submission)
    yield store(context)
    yield watcher(context.course.root)
    yield isolation()
    yield terminal()
    yield machine()


def python() -> Finding:
    """Look at the version of Python."""
    now = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Finding("FAIL", f"Python {now} is too old.", "Mend it: uv python install 3.12 && uv sync")
    return Finding("ok", f"Python {now}")


def torch() -> Finding:
    """Look at torch: whether it is there, and how long it takes to import."""
    if importlib.util.find_spec("torch") is None:
        return Finding("FAIL", "torch is not installed in this environment.", "Mend it: uv sync")
    started = time.monotonic()
    try:
        run = subprocess.run(
            [sys.executable, "-I", "-c", "import torch"],
            capture_output=True,
            text=True,
            check=False,
            timeout=IMPORT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Finding("FAIL", f"torch is not imported within {IMPORT_SECONDS} s.", "Mend it: uv sync --reinstall")
    seconds = time.monotonic() - started
    if run.returncode != 0:
        last = (run.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        return Finding("FAIL", f"torch does not import: {last}", "Mend it: uv sync --reinstall-package torch")
    what = f"torch {_version('torch')}, imported in {seconds:.1f} s"
    if seconds > SLOW_SECONDS:
        mend = "A first import on a slow disk may take that long. If it stays: uv sync --compile-bytecode"
        return Finding("note", what, mend)
    return Finding("ok", what)


def writable(folder: Path) -> Finding:
    """Look whether the student's folder can be written."""
    probe = folder / f".probe-{os.getpid()}"
    try:
        probe.write_text("probe", encoding="utf-8")
        probe.unlink()
    except OSError as error:
        mend = f"grade reset cannot work. Mend it: chmod u+w {folder}"
        return Finding("FAIL", f"{folder} cannot be written ({error.strerror}).", mend)
    return Finding("ok", f"{folder.name}/ can be written")


def store(context: Context) -> Finding:
    """Look at the verdict store."""
    complaint = context.store.complaint
    return Finding("note", complaint) if complaint else Finding("ok", "progress is kept in .grade/verdicts.sqlite3")


def watcher(root: Path) -> Finding:
    """Write a file and look whether the system tells of it."""
    try:
        arrive = files.events_arrive(root / ".grade")
    except OSError as error:
        return Finding("note", f"Whether file events arrive cannot be tried here ({error.strerror}).")
    if arrive:
        return Finding("ok", "the system tells when a file is saved")
    return Finding(
        "note",
        "The system does not tell when a file is saved, as on network drives and on /mnt/c under WSL.",
        f"grade watch looks every {files.PATIENT_SECONDS} s instead. It is faster in your home folder.",
    )


def isolation() -> Finding:
    """Look how far a student's code is shut in."""
    reason = confine.missing()
    if not reason:
        return Finding("ok", "isolation: confined (Landlock and seccomp)")
    return Finding(
        "note",
        f"isolation: process, because {reason}.",
        "That is fine for your own code. To grade code of others, use Linux 6.2 or newer.",
    )


def terminal() -> Finding:
    """Look at the terminal: encoding, colour, width."""
    encoding = (sys.stdout.encoding or "none").lower().replace("-", "")
    colour = "no colour (NO_COLOR)" if "NO_COLOR" in os.environ else "colour" if sys.stdout.isatty() else "no colour"
    what = f"terminal: {encoding}, {colour}, {shutil.get_terminal_size().columns} columns"
    if encoding != "utf8":
        return Finding("note", what, "For names that are not English: export PYTHONUTF8=1")
    return Finding("ok", what)


def machine() -> Finding:
    """Look at processors and memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES") / 2**30
    except (ValueError, OSError):
        return Finding("ok", f"{cores} processors")
    what = f"{cores} processors, {memory:.1f} GiB of memory are free"
    if memory < LOW_MEMORY:
        return Finding("note", what, "torch needs about 1 GiB: close a browser or two.")
    return Finding("ok", what)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of an unknown version"
