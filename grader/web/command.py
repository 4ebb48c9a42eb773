"""`grade web`: the lessons, the editor and the verdicts in a browser, on this machine alone; Ctrl-C ends it."""

import argparse
import contextlib
import json
import os
import secrets
import socket
import sys
import urllib.request
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from grader.commands import Answer, Context, add_allow_unconfined, add_submission
from grader.errors import UsageError
from grader.progress.store import FOLDER
from grader.web.app import Workbook, application
from grader.web.guard import TOKEN

ADDRESS = "127.0.0.1"
FILE = "web.json"
"""Holds the token and the port, so that an open page goes on after a restart; only its owner can read it."""
GRACE_SECONDS = 1
_ASK_SECONDS = 2.0
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


@dataclass(frozen=True)
class Kept:
    """What stays the same when the server is started again."""

    token: str
    port: int = 0


class _Server(uvicorn.Server):
    """Ends the open streams first: without that, the end would wait for them."""

    def __init__(self, config: uvicorn.Config, workbook: Workbook) -> None:
        super().__init__(config)
        self._workbook = workbook

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End everything."""
        self._workbook.news.close()
        await super().shutdown(sockets)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_submission(parser)
    add_allow_unconfined(parser)
    parser.add_argument("--port", type=int, metavar="N", help="the port (default: the last one, or a free one)")
    parser.add_argument("--no-open", action="store_true", help="print the address, and open no browser")
    parser.add_argument("--unix-socket", metavar="FILE", help="listen on a socket file, for a proxy on this machine")
    parser.add_argument("--host", action="append", default=[], metavar="NAME", help="a proxy's host name to accept too")
    parser.add_argument("--frame", action="append", default=[], metavar="ORIGIN", help="a page that may embed this one")


def command(context: Context, options: argparse.Namespace) -> Answer:
    """Serve the page until Ctrl-C."""
    if len(options.words) > 1:
        raise UsageError("grade web takes at most one lesson: grade web 1.4")
    route = f"/{context.course.find(options.words[0]).id}" if options.words else ""
    kept = _kept(context.course.root)
    if options.unix_socket:
        door, hosts = _socket_file(Path(options.unix_socket)), None
        address = f"the socket {options.unix_socket}"
    else:
        port = options.port if options.port is not None else kept.port
        if options.port is None and _is_running(kept):
            return Answer(_opened(_address(kept.port, kept.token, route), options, "It runs already"))
        door = _listening(port, is_chosen=options.port is not None)
        port = door.getsockname()[1]
        _keep(context.course.root, Kept(kept.token, port))
        names = [ADDRESS, "localhost", "[::1]"]
        hosts = {f"{name}:{port}" for name in names} | {each.lower() for each in options.host}
        address = _address(port, kept.token, route)
    workbook = Workbook(context.course, context.submission)
    app = application(workbook, kept.token, hosts, options.frame)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with door:
        context.write(_opened(address, options, "The workbook is at") + "\nCtrl-C ends it; your files are saved.")
        try:
            _Server(config, workbook).run([door])
        except KeyboardInterrupt as error:
            if type(error) is not KeyboardInterrupt:
                raise  # SIGTERM
        finally:
            if options.unix_socket:
                Path(options.unix_socket).unlink(missing_ok=True)
    return Answer("")


def _address(port: int, token: str, route: str) -> str:
    # In the fragment, which no browser sends: no log, no proxy and no Referer holds it.
    return f"http://{ADDRESS}:{port}/#token={token}" + (f"&to={route}" if route else "")


def _opened(address: str, options: argparse.Namespace, said: str) -> str:
    """Open the address in a browser, where there is one, and return the line that tells it."""
    has_display = sys.platform != "linux" or any(os.environ.get(name) for name in _DISPLAYS)
    if not options.no_open and not options.unix_socket and has_display:
        with contextlib.suppress(webbrowser.Error, OSError):
            webbrowser.open(address)
    return f"{said}: {address}"


def _kept(root: Path) -> Kept:
    """Return the token and the port of the last time; a new token if there was none."""
    try:
        found: dict[str, Any] = json.loads((root / FOLDER / FILE).read_text(encoding="utf-8"))
        kept = Kept(str(found["token"]), int(found["port"]))
        if len(kept.token) >= 32 and kept.token.isalnum() and 0 <= kept.port < 1 << 16:
            return kept
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return Kept(secrets.token_hex(32))


def _keep(root: Path, kept: Kept) -> None:
    """Keep them for the next start; where that fails, the next start has new ones."""
    path = root / FOLDER / FILE
    beside = path.with_name(f"{FILE}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  a descriptor, not a path
            json.dump({"token": kept.token, "port": kept.port}, file)
        beside.replace(path)


def _is_running(kept: Kept) -> bool:
    """Whether the workbook of this folder runs already: what listens there knows the token."""
    if not kept.port:
        return False
    request = urllib.request.Request(f"http://{ADDRESS}:{kept.port}/api/course", headers={TOKEN: kept.token})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=_ASK_SECONDS) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def _listening(port: int, *, is_chosen: bool) -> socket.socket:
    """Return a socket that listens; on a free port if the last one is taken, unless it was chosen."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((ADDRESS, port))
    except (OSError, OverflowError) as error:
        if is_chosen:
            door.close()
            why = getattr(error, "strerror", None) or error
            raise UsageError(f"--port {port} cannot be used: {why}. Leave it out to get a free port.") from error
        door.bind((ADDRESS, 0))
    door.listen(128)
    return door


def _socket_file(path: Path) -> socket.socket:
    """Return a listening socket file that only its owner can reach."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    if path.is_socket():
        path.unlink()
    before = os.umask(0o177)
    try:
        door.bind(str(path))
    except OSError as error:
        door.close()
        raise UsageError(f"--unix-socket {path} cannot be used: {error.strerror or error}.") from error
    finally:
        os.umask(before)
    door.listen(128)
    return door
