"""`grade doctor`: check everything that the course needs, and name the fix for each problem."""

import locale
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.commands import Answer, Context
from grader.errors import UsageError
from grader.live.file_watcher import PATIENT_SECONDS, events_arrive
from grader.reports.text import MIN_WIDTH, Style

OK, SLOW, FAIL, NOTE = "ok", "slow", "FAIL", "note"
PYTHON = (3, 11)
SLOW_IMPORT_SECONDS = 6.0
IMPORT_TIMEOUT_SECONDS = 180.0
GIB = 2**30
ENOUGH_MEMORY = 2 * GIB
UNLIMITED = 2**60
INSTALL_UV = "https://docs.astral.sh/uv/getting-started/installation"
_COLOURS = {OK: "32", SLOW: "33", FAIL: "31", NOTE: "36"}
_IMPORT_TORCH = """
import torch
build = f"CUDA {torch.version.cuda}" if torch.version.cuda else "ROCm" if torch.version.hip else "CPU"
print(build, "with a usable GPU" if torch.cuda.is_available() else "", sep="\\t")
"""


@dataclass(frozen=True)
class Finding:
    """One result."""

    word: str
    """``ok``, ``slow``, ``FAIL`` or ``note``."""
    what: str
    """The facts, as a sentence or part of one."""
    mend: str = ""
    """The command or step that fixes it."""


def run(context: Context, words: Sequence[str]) -> Answer:
    """Check everything and show a line for each; exit 1 if the course cannot work."""
    if words:
        raise UsageError("grade doctor takes no arguments: it checks everything.")
    findings = examine(context)
    return Answer(render(findings, context.style), 1 if any(each.word == FAIL for each in findings) else 0)


def examine(context: Context) -> list[Finding]:
    """Return the findings, each after those that it depends on."""
    kept = context.course.root / ".grade"
    looks: tuple[Callable[[], Finding], ...] = (
        python,
        uv,
        torch,
        matplotlib,
        lambda: writable(context.submission, f"git checkout -- {context.submission.name}"),
        lambda: writable(kept, f"Make the folder writable: chmod u+rwx {kept}"),
        lambda: store(context),
        lambda: watcher(kept),
        isolation,
        encoding,
        lambda: terminal(context.style),
        processors,
        memory,
    )
    return [_for_folder(look(), context.course.root) for look in looks]


def _for_folder(finding: Finding, root: Path) -> Finding:
    """Return a finding whose step works in this folder, in one that `grade init` wrote too: uv does not sync that."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        is_managed = project["tool"]["uv"]["managed"]
    except (OSError, ValueError, KeyError, TypeError):
        return finding
    if is_managed is not False:
        return finding
    mend = finding.mend.replace("uv sync --python", "uv venv --clear --python")
    return replace(finding, mend=mend.replace("uv sync", "uv pip install -r pyproject.toml"))


def render(findings: Sequence[Finding], style: Style) -> str:
    """Return the findings as lines that begin with their word, and a summary line."""
    lines = []
    for finding in findings:
        text = f"{finding.what.rstrip('.')}. {finding.mend}" if finding.mend else finding.what
        # Do not break words: they may be commands or paths.
        rows = style.wrapped([text], " " * 6)
        lines.append(f"{style.paint(f'{finding.word:<4}', _COLOURS[finding.word])}  {rows[0].strip()}")
        lines += rows[1:]
    failed = sum(finding.word == FAIL for finding in findings)
    if failed:
        lines += ["", f"{failed} of these must be fixed before grade can work. Then run grade doctor again."]
    else:
        lines += ["", "Everything that grade needs is in place."]
    return "\n".join(lines)


def python() -> Finding:
    """Check the version of Python."""
    found = sys.version_info[:3]
    text = f"Python {'.'.join(map(str, found))}"
    if found < PYTHON:
        return Finding(FAIL, f"{text} is too old, {'.'.join(map(str, PYTHON))} is required", "uv sync --python 3.11")
    return Finding(OK, f"{text}, {sys.executable}")


def uv() -> Finding:
    """Look for uv."""
    found = shutil.which("uv")
    if found is None:
        return Finding(NOTE, "uv was not found; only installing and updating need it", f"Install it: {INSTALL_UV}")
    return Finding(OK, f"uv is installed, {found}")


def torch() -> Finding:
    """Check torch without importing it here, and time its import in a fresh process."""
    try:
        found = version("torch")
    except PackageNotFoundError:
        return Finding(FAIL, "torch is not installed", "uv sync")
    started = time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and program
            [sys.executable, "-I", "-c", _IMPORT_TORCH],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=IMPORT_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        text = f"torch {found} did not import within {IMPORT_TIMEOUT_SECONDS:g} seconds"
        return Finding(FAIL, text, "Move the course to a local disk, then: uv sync --reinstall-package torch")
    except OSError as error:
        return Finding(FAIL, f"{sys.executable} does not start: {error}", "uv sync --reinstall")
    seconds = time.monotonic() - started
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return Finding(FAIL, f"torch {found} does not import: {last}", "uv sync --reinstall-package torch")
    build, _, gpu = done.stdout.strip("\n").partition("\t")
    text = f"torch {found}, built for {build}{f' {gpu}' if gpu else ''}; a fresh process imports it in {seconds:.1f} s"
    if seconds > SLOW_IMPORT_SECONDS:
        return Finding(SLOW, text, "The first import reads it from disk. To see if it stays slow: grade doctor")
    return Finding(OK, text)


def matplotlib() -> Finding:
    """Check matplotlib and its font cache, which the first picture has to build."""
    try:
        from matplotlib import get_cachedir
    except ImportError as error:
        return Finding(FAIL, f"matplotlib does not import: {error}", "uv sync")
    found = version("matplotlib")
    if any(Path(get_cachedir()).glob("fontlist-*.json")):
        return Finding(OK, f"matplotlib {found}, with its font cache")
    text = f"matplotlib {found} has no font cache yet, so the first picture takes a few seconds longer"
    return Finding(NOTE, text, 'Build it now: uv run python -c "import matplotlib.font_manager"')


def writable(folder: Path, mend: str) -> Finding:
    """Check that a folder can be written to; ``mend`` is the fix if it does not exist."""
    if not folder.is_dir():
        return Finding(FAIL, f"{folder} is not a folder", mend)
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"?")
    except OSError as error:
        return Finding(FAIL, f"{folder} is not writable: {error.strerror or error}", f"chmod u+rwx {folder}")
    return Finding(OK, f"{folder} is writable")


def store(context: Context) -> Finding:
    """Write to the verdict store: one that opens may still be read-only."""
    if not context.store.complaint:
        context.store.note("doctor", "was here")
    if context.store.complaint:
        return Finding(FAIL, context.store.complaint, "Then run grade doctor again.")
    return Finding(OK, "verdicts are remembered, and every version that passed is kept")


def watcher(folder: Path) -> Finding:
    """Write a file and check whether the system reports it."""
    try:
        if events_arrive(folder):
            return Finding(OK, "grade watch notices a save at once")
    except OSError as error:
        return Finding(NOTE, f"cannot tell whether saves are noticed: {error.strerror or error}")
    return Finding(
        NOTE,
        f"no file events arrive here, so grade watch looks every {PATIENT_SECONDS:g} s instead",
        "To be faster, move the course to a local disk (WSL: below ~, not /mnt/c).",
    )


def isolation() -> Finding:
    """Check what isolates a student's code from the grader."""
    try:
        from grader.sandbox import confinement

        reason = confinement.missing()
    except ImportError as error:
        reason = f"{sys.platform} has no resource limits ({error})"
    if not reason:
        return Finding(OK, "isolation: confined. Your code runs behind Landlock and seccomp")
    if "libraries" in reason:
        mend = "uv sync, and the system's libseccomp (Debian, Ubuntu: sudo apt install libseccomp2)"
    elif "kernel" in reason:
        mend = "Confinement needs Linux 6.2 or newer with landlock listed in /sys/kernel/security/lsm."
    else:
        mend = "That is fine for your own code; grade other people's code on Linux."
    return Finding(NOTE, f"isolation: process. Your code runs as a plain process with limits, because {reason}", mend)


def encoding() -> Finding:
    """Check the text encoding: reports are UTF-8."""
    found = {name: name.lower().replace("_", "-") for name in (locale.getencoding(), sys.stdout.encoding or "none")}
    other = [name for name, plain in found.items() if plain not in ("utf-8", "utf8")]
    if not other:
        return Finding(OK, "text is UTF-8")
    mend = "chcp 65001" if sys.platform == "win32" else "export LANG=C.UTF-8"
    return Finding(NOTE, f"the text encoding is {other[0]}, but reports are UTF-8: characters may look wrong", mend)


def terminal(style: Style) -> Finding:
    """Check where the reports appear."""
    columns = shutil.get_terminal_size().columns
    if not sys.stdout.isatty():
        return Finding(OK, "output goes to a pipe or a file: no colour")
    if style.colour:
        colour = "colour"
    elif "NO_COLOR" in os.environ:
        colour = "no colour, because NO_COLOR is set"
    elif os.environ.get("TERM") == "dumb":
        colour = "no colour, because TERM is dumb"
    else:
        colour = "no colour, because of --plain or --output"
    text = f"a terminal with {columns} columns, {colour}"
    if columns < MIN_WIDTH:
        return Finding(NOTE, text, f"Reports need {MIN_WIDTH} columns: make the window wider.")
    return Finding(OK, text)


def processors() -> Finding:
    """Count the processors available to this process."""
    number = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    if number == 1:
        return Finding(NOTE, "1 processor: grading imports torch twice, one import after the other")
    return Finding(OK, f"{number} processors")


def memory() -> Finding:
    """Check how much memory is free."""
    free = free_memory()
    if free is None:
        return Finding(NOTE, f"the free memory is unknown; grading takes about {ENOUGH_MEMORY // GIB} GB")
    text = f"{free / GIB:.1f} GB of memory is free"
    if free < ENOUGH_MEMORY:
        return Finding(SLOW, f"{text}, but grading takes up to {ENOUGH_MEMORY // GIB} GB", "Close other programs.")
    return Finding(OK, text)


def free_memory(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Return the bytes of free memory, in a container too, or None if the system does not say."""
    try:
        lines = (proc / "meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None
    try:
        allowed = (groups / "memory.max").read_text(encoding="ascii").strip()
        used = int((groups / "memory.current").read_text(encoding="ascii"))
        limit = UNLIMITED if allowed == "max" else int(allowed)
    except (OSError, ValueError):
        return free
    return max(0, min(free, limit - used))
