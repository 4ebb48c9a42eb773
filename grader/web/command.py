"""`grade web`: the lessons, the editor and the verdicts in a browser, on this machine alone; Ctrl-C ends it."""

import argparse
import contextlib
import hmac
import json
import os
import re
import secrets
import socket
import sys
import urllib.request
import webbrowser
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uvicorn

from grader.commands import Answer, Context, add_allow_unconfined, add_submission
from grader.errors import UsageError
from grader.progress.store import FOLDER
from grader.web.app import Entry, Workbook, application
from grader.web.guard import LOOPBACK, TOKEN, host_name, proof
from grader.web.outside import Outside, outside
from grader.web.tickets import Tickets

ADDRESS = "127.0.0.1"
FILE = "web.json"
"""Holds the token and the port, so that an open page goes on after a restart; only its owner can read it."""
GRACE_SECONDS = 1
_ASK_SECONDS = 2.0
_MAX_ANSWER_BYTES = 500
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
_HUB = "https://YOUR-HUB"
"""Stands for the name of a hub that does not tell it."""
_FRAMER = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d{1,5})?", re.ASCII | re.IGNORECASE)


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
        self._workbook.end()
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
        raise UsageError("grade web takes at most one lesson: grade web LESSON")
    route = f"/{context.course.find(options.words[0]).id}" if options.words else ""
    framers = [_framer(each) for each in options.frame]
    names = [_host(each) for each in options.host]
    kept = _kept(context.course.root)
    tickets = Tickets()
    if options.unix_socket:
        door = _socket_file(Path(options.unix_socket))
        entry = Entry(kept.token, None, framers, is_with_page=True)
        said = f"The workbook is at the socket {options.unix_socket}"
    else:
        if options.port is None and (ticket := _running_ticket(kept)):
            place = Place(kept.port, outside(os.environ, kept.port), route)
            _open(place, ticket, options)
            return Answer(_said(place, kept.token, "It runs already"))
        door = _listening(kept.port if options.port is None else options.port, is_chosen=options.port is not None)
        port = door.getsockname()[1]
        if port != kept.port:
            # What listens at the port of the last time may have been told the token, by a page that is still open.
            kept = Kept(secrets.token_hex(32))
        _keep(context.course.root, Kept(kept.token, port))
        place = Place(port, outside(os.environ, port), route)
        entry = Entry(kept.token, _hosts(place.outside, names), framers)
        _open(place, tickets.issue(), options)
        said = _said(place, kept.token, "The workbook is at")
    workbook = Workbook(context.course, context.submission)
    config = uvicorn.Config(
        application(workbook, entry, tickets),
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    with door:
        context.write(said + "\nCtrl-C ends it; your files are saved.")
        try:
            _Server(config, workbook).run([door])
        except KeyboardInterrupt as error:
            if type(error) is not KeyboardInterrupt:
                raise  # SIGTERM
        finally:
            if options.unix_socket:
                Path(options.unix_socket).unlink(missing_ok=True)
    return Answer("")


@dataclass(frozen=True)
class Place:
    """Where the page is."""

    port: int
    outside: Outside | None
    route: str
    """What the page shows first, for example ``/1.4``."""

    def here(self, key: str) -> str:
        """Return the address on this machine; ``key`` is ``token=...`` or ``ticket=...``."""
        return self._with(f"http://{ADDRESS}:{self.port}/", key)

    def there(self, key: str) -> str:
        """Return the address for a browser on another machine; that on this one, where no other is known."""
        return self._with(self.outside.address, key) if self.outside is not None else self.here(key)

    def _with(self, address: str, key: str) -> str:
        # In the fragment, which no browser sends: no log, no proxy and no Referer holds it.
        return f"{address}#{key}" + (f"&to={self.route}" if self.route else "")


def _said(place: Place, token: str, begin: str) -> str:
    """Return the lines that tell where the page is."""
    key = f"token={token}"
    if place.outside is None:
        return f"{begin}: {place.here(key)}"
    hub = "" if place.outside.host else _HUB
    return f"{begin}: {hub}{place.there(key)}\nOn this machine: {place.here(key)}"


def _open(place: Place, ticket: str, options: argparse.Namespace) -> None:
    """Open the page in a browser, where there is one."""
    has_display = sys.platform != "linux" or any(os.environ.get(name) for name in _DISPLAYS)
    if options.no_open or not has_display or (place.outside is not None and not place.outside.host):
        return
    with contextlib.suppress(webbrowser.Error, OSError):
        # Every user can read the command line of the browser: it gets what opens the page once.
        webbrowser.open(place.there(f"ticket={ticket}"))


def _hosts(found: Outside | None, names: Iterable[str]) -> frozenset[str] | None:
    """Return the names that requests may have as their host.

    A hub that does not tell its name passes on what the browser sends, so any name will do, as for the hub's own
    servers (JupyterHub sets their ``allow_remote_access``).
    """
    known = set(names)
    if found is not None and not found.host and not known:
        return None
    return LOOPBACK | known | ({found.host} if found is not None and found.host else set())


def _host(text: str) -> str:
    name = host_name(text)
    if not name:
        raise UsageError(f"--host {text} is not a host name. Write it without a path, as in --host hub.example.org")
    return name


def _framer(text: str) -> str:
    if not _FRAMER.fullmatch(text):
        raise UsageError(f"--frame {text} is not an origin. Write it as in --frame https://learn.example.org")
    return text


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


def _running_ticket(kept: Kept) -> str:
    """Return a ticket of the workbook of this folder, if it runs already; an empty text if not."""
    if not kept.port:
        return ""
    challenge = secrets.token_bytes(32)
    try:
        # Another user's program may listen there by now: it must not get the token.
        if not hmac.compare_digest(_post(kept.port, "proof", challenge)["proof"], proof(kept.token, challenge)):
            return ""
        return str(_post(kept.port, "api/tickets", b"", {TOKEN: kept.token})["ticket"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return ""


def _post(port: int, path: str, content: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Return what a server of this machine answers, as plain data."""
    request = urllib.request.Request(f"http://{ADDRESS}:{port}/{path}", content, dict(headers), method="POST")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=_ASK_SECONDS) as answer:
        return json.loads(answer.read(_MAX_ANSWER_BYTES))


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
