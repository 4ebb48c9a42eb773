"""`grade web` as a process of its own on a small course, and requests to it as a browser makes them."""

import http.client
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.patience import PATIENCE, comes_true

OPEN = "--open"
"""For `started`: open the browser that the environment names."""
ELSEWHERE = ("CODESPACE", "VSCODE_PROXY_URI", "JUPYTERHUB_")
"""How variables begin by which a machine says that its ports are reached from outside."""
NOTHING: Mapping[str, str] = MappingProxyType({})
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/#token=(\w+)")


@dataclass(frozen=True)
class Reply:
    """What a server answers."""

    status: int
    headers: Mapping[str, str]
    """With names in lower case."""
    content: bytes

    @property
    def json(self) -> Any:
        """The content as plain data."""
        return json.loads(self.content)


@dataclass(frozen=True)
class Served:
    """A running server."""

    process: "subprocess.Popen[str]"
    port: int
    token: str

    @property
    def address(self) -> str:
        """What a student opens."""
        return f"http://127.0.0.1:{self.port}/#token={self.token}"

    def ask(
        self, method: str, path: str, body: str | bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send a request with the token; ``headers`` may replace what a browser would send."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            content = body.encode() if isinstance(body, str) else body
            connection.request(method, path, content, {"X-Grade-Token": self.token, **(headers or {})})
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        """Return the plain data of an address that must answer."""
        reply = self.ask("GET", path)
        assert reply.status == 200, reply.content
        return reply.json

    def post(self, path: str, **body: Any) -> Any:
        """Send plain data to an address that must answer."""
        reply = self.ask("POST", path, json.dumps(body))
        assert reply.status == 200, reply.content
        return reply.json

    def until(self, path: str, holds: Callable[[Any], object]) -> Any:
        """Ask until an answer is as it must become."""
        assert comes_true(lambda: holds(self.get(path))), self.get(path)
        return self.get(path)


@contextmanager
def serving(root: Path, *options: str, environment: Mapping[str, str] = NOTHING) -> Iterator[Served]:
    """Start the server of a course, and end it as Ctrl-C does."""
    with started(root, *options, environment=environment) as process:
        assert process.stdout is not None
        found = ADDRESS.search(process.stdout.readline())
        assert found is not None
        yield Served(process, int(found[1]), found[2])


@contextmanager
def started(root: Path, *options: str, environment: Mapping[str, str] = NOTHING) -> Iterator["subprocess.Popen[str]"]:
    """Start `grade web` in a course, on a machine like any other unless the environment says more."""
    command = ["grade", "web", *([] if OPEN in options else ["--no-open"]), *(each for each in options if each != OPEN)]
    here = {key: value for key, value in os.environ.items() if not key.startswith(("UV", *ELSEWHERE))}
    with subprocess.Popen(
        command,
        cwd=root,
        env={**here, **environment},
        stdout=subprocess.PIPE,
        text=True,
        # Where the tests run in the background, SIGINT may be ignored, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  it only sets a signal
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()  # leaving the block waits for it, whatever has happened
