"""How the grader starts a helper process and speaks with it: a fresh interpreter, and JSON over a socket.

Only the grader's own processes speak here, which trust each other; what a student's code says comes over `wire`.
"""

import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from grader.errors import Fault

KEPT = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR")
"""What matplotlib needs to find its font cache; a zygote forgets it before the first fork."""
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    # One thread each: a fork of a process with threads is a fork of half a process.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_START = f"""
import importlib, sys
sys.path.append({str(Path(__file__).resolve().parents[2])!r})
importlib.import_module(sys.argv[1]).main(int(sys.argv[2]))
"""


def launch(module: str, theirs: socket.socket, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start ``module.main(descriptor)`` in a fresh interpreter that knows nothing of our environment.

    Raises Fault where no process starts; what it says on standard error goes to ``complaints``.
    """
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _START, module, str(theirs.fileno())],
            env=_ENVIRONMENT | {name: os.environ[name] for name in KEPT if name in os.environ},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
        )
    except OSError as error:
        raise Fault(f"The process that starts the students' workers does not start: {error}") from error


def send(channel: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
    """Send a message, and descriptors with it; raises OSError where nobody listens."""
    document = json.dumps(message).encode()
    head = struct.pack(">I", len(document))
    if descriptors:
        socket.send_fds(channel, [head], descriptors)
        channel.sendall(document)
    else:
        channel.sendall(head + document)


def receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Return a message and its descriptors, or None where the other end has closed, even in the middle of one."""
    head, descriptors, _, _ = socket.recv_fds(channel, 4, 2)
    head += _exactly(channel, 4 - len(head)) if head else b""
    if len(head) == 4:
        (size,) = struct.unpack(">I", head)
        document = _exactly(channel, size)
        if len(document) == size:
            return json.loads(document), descriptors
    for descriptor in descriptors:
        os.close(descriptor)
    return None


def _exactly(channel: socket.socket, size: int) -> bytes:
    """Return that many bytes, or fewer where the other end has closed."""
    content = b""
    while len(content) < size and (part := channel.recv(min(65536, size - len(content)))):
        content += part
    return content
