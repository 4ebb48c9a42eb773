"""The door of the server: every request passes here first, whatever it is.

The server runs a student's code and edits their files, and any page that is open in the same browser can send it
requests. So a request must name this server as its host, which a page elsewhere cannot (its name, rebound to this
address, is another host), and whatever tells or changes something must carry the token, which only the address that
`grade web` prints holds.
"""

import hmac
import re
import secrets
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

TOKEN = "x-grade-token"  # noqa: S105  the name of a header
GUARDED = "/api/"
"""What needs the token; everything else is the same for every student of this course."""
MAX_BODY_BYTES = 4 << 20
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""The names of this machine. A forwarded port may have another number at the browser's end, so ports do not count."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?", re.ASCII)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}


def policy(nonce: str, framers: Iterable[str] = ()) -> str:
    """Return the content security policy of a page: its own files alone, and styles of this nonce."""
    parts = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "'self' blob: data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": " ".join(framers) or "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def host_name(text: str) -> str:
    """Return the name in the value of a header ``Host``, without its port; an empty text if it has no such form."""
    found = _HOST.fullmatch(text.lower())
    return found[1] if found is not None else ""


def proof(token: str, challenge: bytes) -> str:
    """Return what only a holder of the token can answer to a challenge; it does not tell the token."""
    return hmac.new(token.encode(), challenge, "sha256").hexdigest()


class Guard:
    """The ASGI application that refuses what must not reach the other one."""

    def __init__(self, app: "ASGIApp", token: str, hosts: Collection[str] | None) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts
        """The names that the header ``Host`` may have; None where no browser reaches the server by itself."""

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # There are no websockets: closed before it is accepted, one is refused as forbidden.
            await send({"type": "websocket.close", "code": 1008})
            return
        status, why = self._refusal(scope)
        if why:
            response = PlainTextResponse(f"{why}\n", status, headers=_HEADERS)
            await response(scope, receive, send)
            return

        async def answer(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                # Should a browser take data for a page, nothing of it may be loaded or run.
                headers.setdefault("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
            await send(message)

        await self._app(scope, receive, answer)

    def _refusal(self, scope: "Scope") -> tuple[int, str]:
        """Return the status of a refusal, and why; an empty text for a request that may pass."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if self._hosts is not None and (len(hosts) != 1 or host_name(hosts[0]) not in self._hosts):
            what_to_do = (
                "Open the address that `grade web` printed. Behind a proxy, start it with: grade web --host NAME"
            )
            return 403, f"This host name is not the workbook's. {what_to_do}"
        if scope["path"].startswith(GUARDED):
            given = headers.getlist(TOKEN)
            if len(given) != 1 or not secrets.compare_digest(given[0].encode(), self._token.encode()):
                return 401, "The token is missing or wrong. Open the address that `grade web` printed."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            return 413, f"A request may have {MAX_BODY_BYTES:,} bytes."
        if "transfer-encoding" in headers:
            return 411, "A request must tell its length."
        return 200, ""
